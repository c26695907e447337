"""Signing in, second factor, passkeys, lockout, devices and invitations in a real browser."""

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.security import lockout
from accounts.tests.conftest import PASSWORD, authenticator_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("MIRAGE_TEST_SHOTS")  # a folder for pictures of what the tests see


@pytest.fixture
def device(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """A separate device with an empty browser: `device()`. Errors of the browser fail the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(width: int = 1200, height: int = 900, **options: Any) -> Page:
        base = live_server.url.replace("127.0.0.1", "localhost")  # passkeys need a name
        context = browser.new_context(
            base_url=base, viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert [said for said in complaints if "status of 4" not in said] == []  # forms that were not valid


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def sign_in(page: Page, name: str = "mia", password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def confirm(page: Page) -> None:
    expect(page.get_by_text("Confirm your password")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def test_an_authenticator_app_from_setup_to_recovery(device: Callable[..., Page], member: User) -> None:
    page = device()
    sign_in(page)
    page.goto("/accounts/")
    shoot(page, "account")
    page.get_by_role("link", name="Set up").click()
    shoot(page, "confirm")
    confirm(page)
    secret = page.locator("#totp-secret").inner_text()
    shoot(page, "totp")
    page.get_by_label("Code").fill("123456")
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("alert")).to_contain_text("Incorrect code")
    secret = page.locator("#totp-secret").inner_text()
    page.get_by_label("Code").fill(authenticator_code(secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes li").first.inner_text()
    shoot(page, "recovery")

    for code in (authenticator_code(secret), recovery):
        other = device(390, 844)
        sign_in(other)
        shoot(other, "code-phone")
        other.get_by_label("Code of your authenticator").fill(code)
        other.get_by_role("button", name="Go on").click()
        expect(other.get_by_role("heading", name="Photos", exact=True)).to_be_visible()


def authenticator(page: Page) -> Any:
    """A virtual authenticator in this page's browser that accepts every fingerprint."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def test_a_passkey_signs_in_without_a_password(device: Callable[..., Page], member: User) -> None:
    page = device()
    session, key = authenticator(page)
    sign_in(page)
    page.goto("/accounts/two-factor/passkeys/add/")
    confirm(page)
    page.get_by_label("Its name").fill("My laptop")
    shoot(page, "passkey-add")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/accounts/two-factor/recovery/")
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1
    page.goto("/accounts/")
    expect(page.get_by_text("My laptop")).to_be_visible()
    shoot(page, "account-passkey")
    page.get_by_role("button", name="Account of").click()
    page.locator("#account-menu").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")
    shoot(page, "login")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Photos", exact=True)).to_be_visible()

    # beside the password it is the second factor
    page.context.clear_cookies()
    sign_in(page)
    expect(page.get_by_role("button", name="Use your passkey")).to_be_visible()
    shoot(page, "passkey-second")
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", name="Photos", exact=True)).to_be_visible()

    # and without it nobody comes in
    stranger = device()
    authenticator(stranger)
    stranger.goto("/accounts/login/")
    stranger.get_by_role("button", name="Sign in with a passkey").click()
    expect(stranger.get_by_role("alert").filter(has_text=re.compile("no passkey|did not work"))).to_be_visible()


def test_guessing_is_locked_out(device: Callable[..., Page], member: User) -> None:
    page = device(390, 844)
    for _ in range(lockout.FREE_FAILURES):
        sign_in(page, password="guess")
        expect(page.get_by_role("alert")).to_contain_text("do not match")
    sign_in(page)
    expect(page.get_by_role("alert")).to_contain_text("Too many wrong attempts. Please wait")
    shoot(page, "locked-out-phone")


def test_a_device_is_signed_out_from_another(device: Callable[..., Page], member: User) -> None:
    laptop = device()
    phone = device(390, 844, user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile Safari/604.1")
    sign_in(laptop)
    sign_in(phone)
    expect(phone.get_by_role("heading", name="Photos", exact=True)).to_be_visible()
    phone.goto("/accounts/")
    shoot(phone, "account-phone")
    laptop.goto("/accounts/")
    row = laptop.get_by_role("listitem").filter(has_text="Safari on iPhone").filter(has=laptop.get_by_role("button"))
    row.get_by_role("button", name="Sign out").click()
    expect(laptop.get_by_text("Safari on iPhone is signed out.")).to_be_visible()
    phone.goto("/")
    expect(phone.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_an_invitation_from_address_to_library(device: Callable[..., Page], administrator: User) -> None:
    ada = device(color_scheme="dark")
    sign_in(ada, "ada")
    ada.goto("/accounts/users/")
    ada.get_by_label("Mail (optional)").fill("nan@example.org")
    ada.get_by_role("button", name="Invite").click()
    address = ada.locator("#address").input_value()
    ada.reload()
    expect(ada.locator("#address")).to_have_value(address)
    shoot(ada, "users-dark")
    ada.goto(f"/accounts/users/{administrator.pk}/")
    shoot(ada, "user-dark")

    nan = device(390, 844)
    nan.goto(address)
    shoot(nan, "join-phone")
    nan.get_by_label("Name").fill("nan")
    nan.get_by_label("Password").fill("12345678")
    nan.get_by_role("button", name="Create my account").click()
    expect(nan.get_by_role("alert").first).to_be_visible()
    nan.get_by_label("Password").fill("grandmother likes tulips")
    nan.get_by_role("button", name="Create my account").click()
    expect(nan.get_by_role("heading", name="Photos", exact=True)).to_be_visible()
    nan.goto(address)
    expect(nan.get_by_text("This invitation cannot be used")).to_be_visible()
    ada.goto("/accounts/log/")
    expect(ada.get_by_text("accepted an invitation")).to_be_visible()
    ada.get_by_label("What", exact=True).select_option("Signing in")
    expect(ada.get_by_text("accepted an invitation")).to_have_count(0)
    shoot(ada, "log-dark")


def test_a_token_and_the_page_of_the_api(device: Callable[..., Page], member: User) -> None:
    page = device()
    sign_in(page)
    page.goto("/accounts/tokens/new/")
    confirm(page)
    page.get_by_label("What is it for?").fill("laptop")
    shoot(page, "token")
    page.get_by_role("button", name="Create token").click()
    expect(page.locator("#secret")).to_contain_text("mirage_")
    shoot(page, "token-made")
    page.goto("/api/v1/docs")
    expect(page.get_by_text("/api/v1/photos", exact=True).first).to_be_visible()
    shoot(page, "api-docs")
