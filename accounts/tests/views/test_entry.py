"""Signing in: the password, lockout, invitations, forgotten passwords."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import activity, invitations
from accounts.models import Invitation, Lockout, Role, SecurityEvent, User
from accounts.security import lockout
from accounts.tests.conftest import PASSWORD
from accounts.views.entry import reset_path


def sign_in(client: Any, name: str, password: str, **more: Any) -> Any:
    return client.post("/accounts/login/", {"username": name, "password": password}, **more)


def verbs() -> list[str]:
    return list(SecurityEvent.objects.order_by("id").values_list("verb", flat=True))


def test_the_password_opens_and_is_recorded(client: Any, member: User) -> None:
    assert client.get("/").url == "/accounts/login/?next=/"
    response = client.post("/accounts/login/", {"username": "mia", "password": PASSWORD, "next": "/videos/"})
    assert response.url == "/videos/"
    assert client.get("/").status_code == 200
    assert verbs() == ["signed in"]


def test_the_next_page_is_on_this_site(client: Any, member: User) -> None:
    wanted = {"username": "mia", "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post("/accounts/login/", wanted).url == "/"


def test_a_disabled_account_stays_out(client: Any, member: User) -> None:
    User.objects.update(is_active=False)
    assert b"do not match" in sign_in(client, "mia", PASSWORD).content
    assert verbs() == ["failed to sign in"]


def test_a_lockout_refuses_the_right_password_too(client: Any, member: User) -> None:
    for _ in range(lockout.FREE_FAILURES):
        sign_in(client, "mia", "guess")
    page = sign_in(client, "mia", PASSWORD)
    assert b"Too many wrong attempts" in page.content
    assert verbs()[-1] == "locked out"
    assert client.get("/").status_code == 302
    elsewhere = sign_in(client, "mia", PASSWORD, REMOTE_ADDR="192.0.2.9")
    assert elsewhere.status_code == 302  # whoever guesses locks himself out, not her
    Lockout.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert sign_in(client, "mia", PASSWORD).status_code == 302


def test_each_lockout_is_longer(rf: Any, db: None) -> None:
    request = rf.post("/")
    ends = [lockout.fail("sign-in", "mia", request) for _ in range(lockout.FREE_FAILURES + 12)]
    waits = [(end - timezone.now()).total_seconds() for end in ends if end]
    assert waits == sorted(waits)
    assert waits[0] < 31
    assert waits[-1] == pytest.approx(3600, abs=5)


def test_an_address_that_tries_many_names_is_locked_out(client: Any, member: User) -> None:
    for number in range(lockout.FREE_FAILURES_OF_ADDRESS):
        sign_in(client, f"name{number}", "guess")
    assert b"Too many wrong attempts" in sign_in(client, "mia", PASSWORD).content


def test_an_address_that_a_client_forges_is_ignored(client: Any, member: User, settings: Settings) -> None:
    sign_in(client, "mia", "guess", headers={"X-Forwarded-For": "1.1.1.1"})
    assert SecurityEvent.objects.get().address == "127.0.0.1"
    settings.MIRAGE_PROXIES = 1
    sign_in(client, "mia", "guess", headers={"X-Forwarded-For": "1.1.1.1, 192.0.2.4"})
    assert SecurityEvent.objects.latest("id").address == "192.0.2.4"


def test_the_administration_has_no_sign_in_of_its_own(client: Any) -> None:
    assert client.get("/admin/login/?next=/admin/").url == "/accounts/login/?next=/admin/"


# --- invitations ------------------------------------------------------------------------------------------------------


def test_an_invitation_makes_one_account(client: Any, administrator: User) -> None:
    _, secret = invitations.invite(administrator, Role.GUEST, "nan@example.org", 5_000)
    address = f"/accounts/join/{secret}/"
    assert b"ada invites you" in client.get(address).content
    assert client.post(address, {"username": "nan", "password": "short"}).status_code == 422
    assert client.post(address, {"username": "ADA", "password": PASSWORD}).status_code == 422
    assert client.post(address, {"username": "nan", "password": PASSWORD}).url == "/"
    nan = User.objects.get(username="nan")
    assert (nan.role, nan.email, nan.quota_bytes) == (Role.GUEST, "nan@example.org", 5_000)
    assert client.get("/").status_code == 200
    assert Client().get(address).status_code == 404
    assert Client().post(address, {"username": "two", "password": PASSWORD}).status_code == 404
    assert User.objects.count() == 2


@pytest.mark.parametrize("twin", ["ZOË", "zoë", "Zoe\u0308"])
def test_similar_names_are_taken(client: Any, administrator: User, twin: str) -> None:
    User.objects.create(username="Zoë")
    _, secret = invitations.invite(administrator, Role.MEMBER)
    response = client.post(f"/accounts/join/{secret}/", {"username": twin, "password": PASSWORD})
    assert response.status_code == 422
    assert b"Somebody has this name already." in response.content


def test_an_invitation_ends(client: Any, administrator: User) -> None:
    _, secret = invitations.invite(administrator, Role.MEMBER)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(f"/accounts/join/{secret}/").status_code == 404


def test_two_who_accept_at_once_make_one_account(administrator: User) -> None:
    invitation, _ = invitations.invite(administrator, Role.MEMBER)
    invitations.accept(invitation, User(username="one"), PASSWORD)
    with pytest.raises(invitations.Unusable):
        invitations.accept(invitation, User(username="two"), PASSWORD)
    assert not User.objects.filter(username="two").exists()


# --- forgotten passwords ----------------------------------------------------------------------------------------------


def test_a_reset_ends_all_sessions_and_works_once(client: Any, member: User, enter: Any) -> None:
    signed_in = enter(member)
    member.refresh_from_db()
    address = reset_path(member)
    assert client.get(address).status_code == 200
    assert client.post(address, {"password": "12345678"}).status_code == 422
    assert client.post(address, {"password": "another long one"}).url == "/accounts/login/"
    assert signed_in.get("/").status_code == 302
    assert client.get(address).status_code == 404
    assert sign_in(client, "mia", "another long one").status_code == 302


@pytest.mark.parametrize(
    "address",
    ["/accounts/reset/x/y/", "/accounts/reset/MQ/bad-token/", "/accounts/reset/OTk5OTk5OTk5OTk5OTk5OTk5OTk/a-b/"],
)
def test_made_up_resets_are_refused(client: Any, member: User, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_reset_by_mail_does_not_tell_who_has_an_account(client: Any, member: User, settings: Settings) -> None:
    assert client.get("/accounts/forgot/").status_code == 404  # no mail is set up
    settings.EMAIL_HOST = "mail.example.org"
    known = client.post("/accounts/forgot/", {"email": "MIA@example.org"})
    unknown = client.post("/accounts/forgot/", {"email": "nobody@example.org"})
    assert (
        known.content.split(b"<main")[1].split(b"</main>")[0] == unknown.content.split(b"<main")[1].split(b"</main>")[0]
    )
    (message,) = mail.outbox
    assert message.to == ["mia@example.org"]
    address = next(word for word in message.body.split() if word.startswith("http://testserver/accounts/reset/"))
    assert client.get(address.removeprefix("http://testserver")).status_code == 200
    for _ in range(lockout.FREE_FAILURES):
        last = client.post("/accounts/forgot/", {"email": "mia@example.org"})
    assert last.status_code == 429


def test_an_address_is_found_in_any_case(client: Any, member: User, settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    User.objects.filter(pk=member.pk).update(email="zoë@example.org")
    client.post("/accounts/forgot/", {"email": "ZOË@Example.org"})
    assert [message.to for message in mail.outbox] == [["zoë@example.org"]]


def test_the_log_takes_only_its_own_verbs(db: None) -> None:
    with pytest.raises(ValueError, match="VERBS"):
        activity.record("did something")


def test_signing_out_lets_the_browser_forget_what_it_kept(client, owner):
    client.force_login(owner)
    assert client.get("/accounts/logout/").status_code == 405
    answer = client.post("/accounts/logout/")
    assert answer.headers["Location"] == "/accounts/login/"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/").status_code == 302
