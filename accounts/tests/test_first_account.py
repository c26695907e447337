"""The first account is made by somebody at this machine, or with the code, and once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client, RequestFactory
from pytest_django import Settings

from accounts import first_account
from accounts.models import SecurityEvent, User
from accounts.security.origin import is_at_this_machine

FIRST = "/accounts/first/"
PASSWORD = "a quite long one"


@pytest.fixture
def code(db: None, library: Path) -> str:
    return first_account.code()


@pytest.fixture
def here() -> Client:
    return Client(headers={"Host": "localhost"}, REMOTE_ADDR="127.0.0.1")


@pytest.fixture
def elsewhere() -> Client:
    return Client(REMOTE_ADDR="192.168.1.7")


def test_the_first_visitor_is_led_to_it(code: str, here: Client) -> None:
    assert here.get("/accounts/login/").headers["Location"] == FIRST
    page = here.get(FIRST).content.decode()
    assert "Welcome to Mirage" in page
    assert "Code" not in page


def test_at_this_machine_no_code_is_asked_for(code: str, here: Client) -> None:
    response = here.post(FIRST, {"username": "anna", "password": PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    user = User.objects.get()
    assert (user.username, user.is_superuser, user.is_staff) == ("anna", True, True)
    assert here.get("/administration/").status_code == 200
    assert SecurityEvent.objects.filter(verb="made an account", actor=user).exists()
    assert not first_account.is_pending()


def test_elsewhere_the_code_is_needed(code: str, elsewhere: Client) -> None:
    given = {"username": "anna", "password": PASSWORD}
    assert elsewhere.post(FIRST, given).status_code == 422
    assert elsewhere.post(FIRST, {**given, "code": "wrong"}).status_code == 422
    assert not User.objects.exists()
    assert elsewhere.post(FIRST, {**given, "code": f" {code.upper()} "}).status_code == 302
    assert User.objects.get().is_superuser


def test_guessing_the_code_is_slowed_down(code: str, elsewhere: Client) -> None:
    given = {"username": "anna", "password": PASSWORD}
    for _ in range(5):
        elsewhere.post(FIRST, {**given, "code": "wrong"})
    page = elsewhere.post(FIRST, {**given, "code": code}).content.decode()
    assert "Too many wrong attempts" in page
    assert not User.objects.exists()


def test_it_is_gone_when_there_is_an_account(code: str, here: Client) -> None:
    User.objects.create_user("somebody")
    assert here.get(FIRST).status_code == 404
    assert here.post(FIRST, {"username": "mallory", "password": PASSWORD}).status_code == 404
    assert here.get("/accounts/login/").status_code == 200
    assert User.objects.count() == 1


def test_without_a_code_nobody_was_told_of_it(db: None, library: Path, here: Client) -> None:
    assert here.get(FIRST).status_code == 404


def test_it_is_pending_until_the_account_is_there(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pending: list[bool] = []
    monkeypatch.setattr(User, "save", lambda self: pending.append(first_account.is_pending()))
    first_account.make(User(username="anna"), PASSWORD)
    assert pending == [True]
    assert not first_account.is_pending()


def test_a_weak_password_is_refused(code: str, here: Client) -> None:
    assert here.post(FIRST, {"username": "anna", "password": "short"}).status_code == 422
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("address", "host", "header"),
    [
        ("192.168.1.7", "localhost", {}),
        ("127.0.0.1", "family.example.org", {}),
        ("127.0.0.1", "localhost", {"X-Forwarded-For": "203.0.113.9"}),
        ("127.0.0.1", "localhost", {"Forwarded": "for=203.0.113.9"}),
        ("", "localhost", {}),
    ],
)
def test_who_is_not_at_this_machine(settings: Settings, address: str, host: str, header: dict[str, str]) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    request = RequestFactory(REMOTE_ADDR=address).get("/", headers={"Host": host, **header})
    assert not is_at_this_machine(request)


@pytest.mark.parametrize(("address", "host"), [("127.0.0.1", "localhost:8000"), ("::1", "[::1]:8000")])
def test_who_is(settings: Settings, address: str, host: str) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert is_at_this_machine(RequestFactory(REMOTE_ADDR=address).get("/", headers={"Host": host}))


def test_behind_https_the_code_is_always_needed(settings: Settings) -> None:
    settings.MIRAGE_HTTPS = True
    request = RequestFactory(REMOTE_ADDR="127.0.0.1").get("/", headers={"Host": "localhost"})
    assert not first_account.may_make(request)


def test_the_code_is_for_its_owner_alone(code: str, library: Path) -> None:
    assert (library / "setup_code").stat().st_mode & 0o777 == 0o600
    assert first_account.code() == code


@pytest.mark.django_db(transaction=True)
def test_of_two_visitors_one_is_too_late(library: Path) -> None:
    first_account.code()

    def make(name: str) -> bool:
        try:
            first_account.make(User(username=name), PASSWORD)
        except first_account.TooLate:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(make, ["anna", "mallory"])) == [False, True]
    assert User.objects.count() == 1
