"""Signing in by OpenID Connect, with a real provider running beside the test."""

import importlib
from collections.abc import Iterator
from typing import Any

import httpx
import oidc_provider_mock
import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import clear_url_caches

import mirage.urls
from accounts import urls
from accounts.models import SecurityEvent, User
from accounts.security import two_factor_urls

LOGIN = "/accounts/oidc/oidc/login/"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib"),
    pytest.mark.filterwarnings("ignore::authlib.deprecate.AuthlibDeprecationWarning"),
]


def read_addresses_again() -> None:
    """The URLconf has the addresses of OpenID Connect only if it is set up."""
    for module in (two_factor_urls, urls, mirage.urls):
        importlib.reload(module)
    clear_url_caches()


@pytest.fixture
def provider(settings: LazySettings) -> Iterator[str]:
    """The address of the provider that Mirage uses."""
    with oidc_provider_mock.run_server_in_thread(require_nonce=False) as server:
        address = f"http://localhost:{server.server_port}"
        app: dict[str, Any] = {"provider_id": "oidc", "name": "Family", "client_id": "mirage", "secret": "hush"}
        app["settings"] = {"server_url": address}
        settings.MIRAGE_OIDC_URL, settings.MIRAGE_OIDC_NAME, settings.MIRAGE_OIDC_CREATE = address, "Family", False
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        read_addresses_again()
        yield address
    settings.MIRAGE_OIDC_URL = ""
    read_addresses_again()


def go_through(browser: Client, subject: str, *, deny: bool = False, process: str = "login") -> Any:
    """Press the button, sign in at the provider as `subject`, and return the page that follows."""
    there = browser.post(f"{LOGIN}?process={process}")
    assert there.status_code == 302, there.content
    asked = httpx.URL(there.headers["Location"])
    assert "code_challenge" in asked.params
    back = httpx.post(asked, data={"action": "deny"} if deny else {"sub": subject})
    assert back.status_code in (302, 303), back.text
    return browser.get(back.headers["location"].removeprefix("http://testserver"), follow=True)


def signed_in(browser: Client) -> str:
    """The name of the signed-in user; empty for nobody."""
    key = browser.session.get("_auth_user_id")
    return User.objects.get(pk=key).username if key else ""


def test_an_account_is_connected_and_then_opened_by_the_provider(provider: str, member: User) -> None:
    browser = Client()
    assert "Family" in browser.get("/accounts/login/").content.decode()
    page = go_through(browser, "mia-at-home")  # nobody has connected it yet
    assert signed_in(browser) == ""
    assert "connected" in page.content.decode()
    browser.force_login(member)
    go_through(browser, "mia-at-home", process="connect")
    other = Client()
    go_through(other, "mia-at-home")
    assert signed_in(other) == "mia"
    assert SecurityEvent.objects.filter(verb="signed in", actor=member).exists()
    third = Client()
    go_through(third, "somebody-else")
    assert signed_in(third) == ""
    assert User.objects.count() == 1


def test_a_new_account_is_made_if_the_setting_allows_it(provider: str, settings: LazySettings, db: None) -> None:
    settings.MIRAGE_OIDC_CREATE = True
    claims = {"preferred_username": "nora", "email": "nora@example.org"}
    httpx.put(f"{provider}/users/nora-id", json=claims)
    browser = Client()
    go_through(browser, "nora-id")
    made = User.objects.get()
    assert (made.username, made.is_staff, made.has_usable_password()) == ("nora", False, False)
    assert signed_in(browser) == "nora"


def test_somebody_the_provider_refuses_stays_out(provider: str, member: User) -> None:
    browser = Client()
    page = go_through(browser, "mia-at-home", deny=True)
    assert signed_in(browser) == ""
    assert "did not work" in page.content.decode()


def test_a_disabled_account_stays_out(provider: str, member: User) -> None:
    browser = Client()
    browser.force_login(member)
    go_through(browser, "mia-at-home", process="connect")
    User.objects.update(is_active=False)
    other = Client()
    go_through(other, "mia-at-home")
    assert signed_in(other) == ""


def test_a_forged_answer_is_refused(provider: str, member: User) -> None:
    browser = Client()
    page = browser.get(f"{LOGIN}callback/?code=made-up&state=made-up", follow=True)
    assert "did not work" in page.content.decode()
    assert signed_in(browser) == ""


def test_an_unreachable_provider_is_reported(provider: str, settings: LazySettings, db: None) -> None:
    away = {"provider_id": "oidc", "name": "Family", "client_id": "x", "settings": {"server_url": "http://localhost:9"}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [away]}}
    page = Client().post(LOGIN, follow=True)
    assert "did not work" in page.content.decode()
