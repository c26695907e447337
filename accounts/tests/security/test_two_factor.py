"""The second factor: setting it up, being asked for it, recovery codes, and programs that sign in."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from accounts.models import SecurityEvent, User
from accounts.security import lockout
from accounts.tests.conftest import PASSWORD, authenticator_code


@pytest.fixture
def secret(member: User, enter: Any, django_capture_on_commit_callbacks: Any) -> str:
    """The secret of an authenticator app that the member has set up."""
    browser = enter(member)
    page = browser.get("/accounts/two-factor/app/").content.decode()
    found = page.split('id="totp-secret">')[1].split("<")[0]
    assert browser.post("/accounts/two-factor/app/", {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.exists()
    page = browser.get("/accounts/two-factor/app/").content.decode()
    found = page.split('id="totp-secret">')[1].split("<")[0]
    with django_capture_on_commit_callbacks(execute=True):
        done = browser.post("/accounts/two-factor/app/", {"code": authenticator_code(found)})
    assert done.url == "/accounts/two-factor/recovery/"
    return found


def sign_in() -> Any:
    client: Any = Client()
    assert (
        client.post("/accounts/login/", {"username": "mia", "password": PASSWORD}).url == "/accounts/two-factor/code/"
    )
    return client


def test_the_password_alone_no_longer_opens(secret: str) -> None:
    client = sign_in()
    assert client.get("/").status_code == 302
    assert client.get("/accounts/two-factor/code/").status_code == 200
    assert b"Incorrect" in client.post("/accounts/two-factor/code/", {"code": "000000"}).content
    assert client.get("/").status_code == 302
    assert client.post("/accounts/two-factor/code/", {"code": authenticator_code(secret)}).status_code == 302
    assert client.get("/").status_code == 200
    verbs = list(SecurityEvent.objects.values_list("verb", flat=True))
    assert "added a second factor" in verbs
    assert "failed to sign in" in verbs


def test_without_the_password_the_code_is_not_asked_for(secret: str) -> None:
    stranger: Any = Client()
    assert stranger.get("/accounts/two-factor/code/").url == "/accounts/two-factor/sign-in/"


def test_a_recovery_code_works_once(member: User, enter: Any, secret: str) -> None:
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    assert all(re.fullmatch(r"\d{10}", one) for one in codes)
    client = sign_in()
    assert client.post("/accounts/two-factor/code/", {"code": codes[0]}).status_code == 302
    assert client.get("/").status_code == 200
    again = sign_in()
    cache.clear()
    again.post("/accounts/two-factor/code/", {"code": codes[0]})
    assert again.get("/").status_code == 302
    assert SecurityEvent.objects.filter(verb="used a recovery code").count() == 1


def test_guessing_codes_is_stopped(secret: str) -> None:
    client = sign_in()
    for _ in range(12):
        page = client.post("/accounts/two-factor/code/", {"code": "000000"})
    assert b"Too many" in page.content
    assert client.get("/").status_code == 302


def test_turning_it_off(secret: str, django_capture_on_commit_callbacks: Any) -> None:
    client = sign_in()
    client.post("/accounts/two-factor/code/", {"code": authenticator_code(secret)})
    page = client.get("/accounts/two-factor/app/remove/")
    assert page.url.startswith("/accounts/two-factor/confirm/")
    client.post(page.url, {"password": PASSWORD, "next": "/accounts/two-factor/app/remove/"})
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/two-factor/app/remove/")
    assert not Authenticator.objects.exists()
    assert SecurityEvent.objects.filter(verb="removed a second factor").exists()


def test_programs_are_asked_too(member: User, secret: str) -> None:
    wanted = {"username": "mia", "password": PASSWORD}

    def ask(**more: str) -> Any:
        return Client().post("/api/v1/tokens", {**wanted, **more}, content_type="application/json")

    assert "code" in ask().json()["detail"]
    assert ask(code="000000").status_code == 401
    assert ask(code=authenticator_code(secret)).status_code == 200
    for _ in range(lockout.FREE_FAILURES):
        ask(code="000000")
    assert ask(code=authenticator_code(secret)).status_code == 429


def test_an_administrator_takes_a_lost_factor_off(administrator: User, member: User, secret: str, enter: Any) -> None:
    enter(administrator).post(f"/accounts/users/{member.pk}/reset/", {"factors": "on"})
    assert not Authenticator.objects.filter(user=member).exists()


def test_a_passkey_dialog_is_offered(member: User, enter: Any) -> None:
    browser = enter(member)
    page = browser.get("/accounts/two-factor/passkeys/add/").content.decode()
    assert '"creation_options"' in page
    options = Client().get(
        "/accounts/two-factor/passkey/", headers={"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}
    )
    assert "challenge" in options.json()["request_options"]["publicKey"]
    refused = Client().post("/accounts/two-factor/passkey/", {"credential": "{}"})
    assert refused.status_code == 302
    assert browser.post("/accounts/two-factor/passkeys/add/", {"credential": "[1]", "name": "x"}).status_code == 200
    assert not Authenticator.objects.exists()
