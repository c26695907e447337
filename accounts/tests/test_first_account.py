"""The first account is made with the code, and once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client
from pytest_django import Settings

from accounts import first_account
from accounts.models import SecurityEvent, User

FIRST = "/accounts/first/"
PASSWORD = "a quite long one"


@pytest.fixture
def code(db: None, library: Path) -> str:
    return first_account.code()


def test_the_first_visitor_is_led_to_it(code: str, client: Client) -> None:
    assert client.get("/accounts/login/").headers["Location"] == FIRST
    page = client.get(FIRST).content.decode()
    assert "Welcome to Mirage" in page
    assert code not in page


def test_the_address_that_is_printed_holds_the_code(code: str, client: Client) -> None:
    page = client.get(FIRST, {"code": code}).content.decode()
    assert f'value="{code}"' in page
    assert page.index("autofocus") > page.index('name="username"')  # what is left to be typed
    page = client.get(FIRST).content.decode()
    assert page.count("autofocus") == 1
    assert page.index("autofocus") < page.index('name="username"')


@pytest.mark.parametrize("headers", [{}, {"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8000"}])
def test_the_code_is_needed(code: str, settings: Settings, headers: dict[str, str]) -> None:
    """Behind a plain proxy, requests from everywhere look like one from this machine."""
    settings.ALLOWED_HOSTS = ["*"]
    client = Client(headers=headers, REMOTE_ADDR="127.0.0.1")
    given = {"username": "anna", "password": PASSWORD}
    assert client.post(FIRST, given).status_code == 422
    assert client.post(FIRST, {**given, "code": "wrong"}).status_code == 422
    assert not User.objects.exists()
    response = client.post(FIRST, {**given, "code": f" {code.upper()} "})
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    user = User.objects.get()
    assert (user.username, user.is_superuser, user.is_staff) == ("anna", True, True)
    assert client.get("/administration/").status_code == 200
    assert SecurityEvent.objects.filter(verb="made an account", actor=user).exists()
    assert not first_account.is_pending()


def test_guessing_the_code_is_slowed_down(code: str, client: Client) -> None:
    given = {"username": "anna", "password": PASSWORD}
    for _ in range(5):
        client.post(FIRST, {**given, "code": "wrong"})
    page = client.post(FIRST, {**given, "code": code}).content.decode()
    assert "Too many wrong attempts" in page
    assert not User.objects.exists()


def test_it_is_gone_when_there_is_an_account(code: str, client: Client) -> None:
    User.objects.create_user("somebody")
    assert client.get(FIRST).status_code == 404
    assert client.post(FIRST, {"username": "mallory", "password": PASSWORD}).status_code == 404
    assert client.get("/accounts/login/").status_code == 200
    assert User.objects.count() == 1


def test_without_a_code_nobody_was_told_of_it(db: None, library: Path, client: Client) -> None:
    assert client.get(FIRST).status_code == 404


def test_it_is_pending_until_the_account_is_there(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pending: list[bool] = []
    monkeypatch.setattr(User, "save", lambda self: pending.append(first_account.is_pending()))
    first_account.make(User(username="anna"), PASSWORD)
    assert pending == [True]
    assert not first_account.is_pending()


def test_a_weak_password_is_refused(code: str, client: Client) -> None:
    assert client.post(FIRST, {"username": "anna", "password": "short", "code": code}).status_code == 422
    assert not User.objects.exists()


def test_a_save_that_fails_leaves_the_code(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(user: User) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(User, "save", fail)
        with pytest.raises(OSError, match="full"):
            first_account.make(User(username="anna"), PASSWORD)
    assert first_account.is_right(code)
    first_account.make(User(username="anna"), PASSWORD)
    assert User.objects.get().is_superuser


def test_guessing_while_another_makes_it_makes_no_new_code(code: str, library: Path) -> None:
    first_account.file().rename(first_account.taken())
    assert not first_account.is_right(code)
    assert not first_account.file().exists()


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
