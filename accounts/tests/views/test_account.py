"""Your account: password, devices, tokens; and nobody else's."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.forms import ProfileForm
from accounts.models import BrowserSession, SecurityEvent, Token, User
from accounts.security import sessions, tokens
from accounts.tests.conftest import PASSWORD
from mirage.testing.html import folded

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def test_the_page_shows_devices_tokens_and_what_happened(member: User, enter: Any) -> None:
    browser = enter(member)
    browser.get("/", headers={"User-Agent": FIREFOX})
    tokens.issue(member, "Backup of the phone", ["upload"])
    page = browser.get("/accounts/").content.decode()
    assert "Backup of the phone" in page
    assert "This device" in page
    assert "Signed in" in page


def test_the_profile_can_be_typed_where_it_is_shown(member: User, enter: Any) -> None:
    User.objects.filter(pk=member.pk).update(first_name="Mia", email="m@example.org")
    page = folded(enter(member).get("/accounts/"))
    form = page[page.index('action="/accounts/profile/"') :]
    form = form[: form.index("</form>")]
    assert set(re.findall(r'<(?:input|select)[^>]* name="(\w+)"', form)) >= set(ProfileForm().fields)
    assert 'value="Mia"' in form
    assert 'value="m@example.org"' in form


def test_the_profile_is_kept(member: User, enter: Any) -> None:
    browser = enter(member)
    form = {"first_name": "Mia", "last_name": "M", "email": "m@example.org", "home_zone": "Europe/Lisbon"}
    assert browser.post("/accounts/profile/", form).url == "/accounts/"
    member.refresh_from_db()
    assert (member.first_name, member.home_zone) == ("Mia", "Europe/Lisbon")
    assert browser.post("/accounts/profile/", {**form, "home_zone": "Moon/Crater"}).status_code == 422
    assert browser.post("/accounts/profile/", {**form, "is_superuser": "on"}).status_code == 302
    member.refresh_from_db()
    assert not member.is_superuser


def test_a_changed_password_signs_the_other_devices_out(member: User, enter: Any) -> None:
    here, there = enter(member), enter(member)
    wrong = here.post("/accounts/password/", {"current": "no", "password": "another long one"})
    assert wrong.status_code == 422
    assert here.post("/accounts/password/", {"current": PASSWORD, "password": "another long one"}).url == "/accounts/"
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert SecurityEvent.objects.filter(verb="set a password").count() == 1


def test_devices_are_signed_out_one_by_one_or_all(member: User, enter: Any) -> None:
    here, there, elsewhere = enter(member), enter(member), enter(member)
    row = BrowserSession.objects.get(session_key=there.session.session_key)
    here.post(f"/accounts/sessions/{row.pk}/end/")
    assert there.get("/").status_code == 302
    assert elsewhere.get("/").status_code == 200
    here.post("/accounts/sessions/end/")
    assert elsewhere.get("/").status_code == 302
    assert here.get("/").status_code == 200
    assert [row.session_key for row in sessions.of(member)] == [here.session.session_key]


def test_signing_out_forgets_the_device(member: User, enter: Any) -> None:
    browser = enter(member)
    browser.post("/accounts/logout/")
    assert not BrowserSession.objects.exists()


def test_devices_and_tokens_of_others_are_not_found(member: User, guest: User, enter: Any) -> None:
    browser, other = enter(member), enter(guest)
    token, _ = tokens.issue(member, "mine", ["read"])
    row = BrowserSession.objects.get(user=member)
    assert other.post(f"/accounts/sessions/{row.pk}/end/").status_code == 404
    assert other.post(f"/accounts/tokens/{token.pk}/revoke/").status_code == 404
    other.post("/accounts/tokens/revoke/")
    assert browser.get("/").status_code == 200
    assert Token.objects.count() == 1


def test_a_token_is_made_shown_once_and_revoked(member: User, enter: Any) -> None:
    browser = enter(member)
    form = {"name": "laptop", "kind": "bearer", "scopes": ["read", "upload"], "days": "90"}
    page = browser.post("/accounts/tokens/new/", form).content.decode()
    secret = page.split('id="secret">')[1].split("<")[0]
    assert tokens.find(secret, Token.Kind.BEARER) is not None
    assert secret not in browser.get("/accounts/").content.decode()
    browser.post(f"/accounts/tokens/{Token.objects.get().pk}/revoke/")
    assert tokens.find(secret, Token.Kind.BEARER) is None


@pytest.mark.parametrize(
    "change", [{"scopes": []}, {"scopes": ["admin"]}, {"scopes": ["x"]}, {"name": ""}, {"days": "9999"}]
)
def test_invalid_tokens_are_not_made(member: User, enter: Any, change: dict[str, Any]) -> None:
    form = {"name": "laptop", "kind": "bearer", "scopes": ["read"], "days": "90", **change}
    assert enter(member).post("/accounts/tokens/new/", form).status_code == 422
    assert not Token.objects.exists()


def test_making_a_token_asks_for_confirmation(member: User) -> None:
    browser: Any = Client()
    browser.post("/accounts/login/", {"username": "mia", "password": PASSWORD})
    response = browser.get("/accounts/tokens/new/")
    assert response.url.startswith("/accounts/two-factor/confirm/?next=")
    assert b"Confirm your password" in browser.get(response.url).content
    assert browser.post(response.url, {"password": "no", "next": "/accounts/tokens/new/"}).status_code == 200
    confirmed = browser.post(response.url, {"password": PASSWORD, "next": "/accounts/tokens/new/"})
    assert confirmed.url == "/accounts/tokens/new/"
    assert browser.get("/accounts/tokens/new/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari on iPhone"),
        ("mirage-cli/0.1.0 (laptop)", "mirage-cli (laptop)"),
        ("", "Unknown device"),
    ],
)  # fmt: skip
def test_devices_in_words(agent: str, words: str) -> None:
    assert sessions.device(agent) == words
