"""The installed app in a real Chromium: it installs, tells when it is offline, sends what was shared, forgets."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from mirage.testing.browser import PATIENCE
from photos.models import Photo
from photos.tests.conftest import make_shown

__all__ = ["make_shown"]
pytestmark = [pytest.mark.browser, pytest.mark.shows_messages, pytest.mark.django_db(transaction=True)]

CONTROLLED = "() => navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
KEPT = """async () => (await Promise.all(["mirage-seen", "mirage-large"].map(async (name) =>
    (await caches.has(name)) ? (await (await caches.open(name)).keys()).length : 0))).reduce((a, b) => a + b)"""
WAITING = """async () => { await import("/static/js/offline/shared.js"); return self.mirageShared.count() }"""
# What a share sheet does: it sends a form as a navigation. `colours` are one picture each.
SHARE = """async (colours) => {
    const form = Object.assign(document.createElement("form"),
        { method: "post", action: "/share/", enctype: "multipart/form-data" });
    const input = Object.assign(document.createElement("input"), { type: "file", name: "files", multiple: true });
    const chosen = new DataTransfer();
    for (const colour of colours) {
        const canvas = Object.assign(document.createElement("canvas"), { width: 60, height: 40 });
        const context = canvas.getContext("2d");
        context.fillStyle = colour;
        context.fillRect(0, 0, 60, 40);
        const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
        chosen.items.add(new File([blob], `${colour}.jpg`, { type: "image/jpeg" }));
    }
    input.files = chosen.files;
    form.append(input);
    document.body.append(form);
    form.submit();
}"""
IPHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}


def until(page: Page, script: str, ready: Callable[[int], bool]) -> None:
    """Wait for a script's number: `wait_for_function` takes the promise of one for an answer."""
    end = time.monotonic() + PATIENCE / 1000
    while not ready(found := page.evaluate(script)):
        assert time.monotonic() < end, found
        page.wait_for_timeout(100)


@pytest.fixture
def app(visit: Callable[..., Page], make_shown: Callable[..., Photo]) -> Page:
    """The timeline of three photos, loaded with the service worker in charge and its thumbnails kept."""
    for _ in range(3):
        make_shown()
    page = visit("/", service_workers="allow", **IPHONE)
    until(page, CONTROLLED, bool)
    until(page, "() => caches.has('mirage-user').then(Number)", bool)
    until(page, KEPT, lambda count: count >= 3)
    return page


def names(owner: User) -> list[str]:
    return sorted(Photo.objects.filter(owner=owner).exclude(original_name="").values_list("original_name", flat=True))


def test_chromium_finds_nothing_that_keeps_it_from_being_installed(app: Page) -> None:
    devtools = app.context.new_cdp_session(app)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("/manifest.webmanifest")
    problems = {error["errorId"] for error in devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert problems - {"in-incognito"} == set()  # contexts of tests are private windows


def test_offline_it_says_so_and_shows_what_was_seen_but_no_old_page(app: Page) -> None:
    app.locator(".tile-link").first.click()
    expect(app.locator("#viewer")).to_be_visible()
    until(app, KEPT, lambda count: count >= 4)
    app.keyboard.press("Escape")
    app.context.set_offline(True)
    for address in ("/", "/albums/"):
        answer = app.goto(address)
        assert answer is not None
        assert answer.status == 503
        expect(app.get_by_role("heading", name="You are offline")).to_be_visible()
        expect(app.locator(".tile")).to_have_count(0)
    tiles = app.locator(".offline-tiles img")
    expect(tiles).to_have_count(3)
    app.wait_for_function(
        "() => [...document.querySelectorAll('.offline-tiles img')].every((image) => image.naturalWidth)"
    )
    app.locator(".offline-tiles button").first.click()
    expect(app.locator("dialog.offline-photo")).to_be_visible()
    app.keyboard.press("Escape")
    app.context.set_offline(False)
    expect(
        app.get_by_role("heading", name="Albums", exact=True)
    ).to_be_visible()  # by itself, the page that was asked for


def test_signing_out_leaves_nothing_on_the_device(app: Page) -> None:
    app.locator(".avatar").first.click()
    app.get_by_role("button", name="Sign out").click()
    expect(app).to_have_url(re.compile("/accounts/login/"))
    assert app.evaluate(KEPT) == 0
    assert app.evaluate(WAITING) == 0
    assert app.evaluate("() => caches.has('mirage-user')") is False
    until(app, CONTROLLED, bool)  # the page to sign in starts it again
    app.context.set_offline(True)
    app.goto("/")
    expect(app.get_by_role("heading", name="You are offline")).to_be_visible()
    expect(app.locator("[data-seen]")).to_be_hidden()


def test_another_user_finds_nothing_of_the_one_before(app: Page, live_server: LiveServer, stranger: User) -> None:
    from django.test import Client

    assert app.evaluate(KEPT) >= 3
    client = Client()
    client.force_login(stranger)  # without signing out: the session of the first one ran out
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    app.context.add_cookies([cookie])  # type: ignore[list-item]
    left_open = app.context.new_page()
    left_open.goto("/albums/")
    until(left_open, KEPT, lambda count: count == 0)
    app.goto("/people/")  # the page of the first one goes, and tells what it shows
    app.wait_for_timeout(500)
    assert app.evaluate(KEPT) == 0


def test_shared_pictures_are_uploaded_with_progress(app: Page, owner: User) -> None:
    app.evaluate(SHARE, ["red", "green", "red"])
    expect(app).to_have_url(re.compile(r"/upload/\?shared=3"))
    expect(app.locator('[data-part="title"]')).to_contain_text("2 files done")
    assert names(owner)[-2:] == ["green.jpg", "red.jpg"]
    until(app, WAITING, lambda count: count == 0)
    count = Photo.objects.filter(owner=owner).count()
    app.evaluate(SHARE, ["green"])  # once more
    expect(app.locator('[data-part="tiles"]')).to_contain_text("green")
    until(app, WAITING, lambda count: count == 0)
    assert Photo.objects.filter(owner=owner).count() == count


def test_what_is_shared_offline_waits_and_is_sent_once(app: Page, owner: User) -> None:
    before = Photo.objects.filter(owner=owner).count()
    app.context.set_offline(True)
    for colours in (["red", "blue"], ["blue"]):
        app.evaluate(SHARE, colours)
        expect(app.get_by_role("heading", name="You are offline")).to_be_visible()
    expect(app.locator("[data-waiting]")).to_have_text(
        "2 shared files are kept here. They are sent when you are online again."
    )
    assert Photo.objects.filter(owner=owner).count() == before
    app.context.set_offline(False)
    app.goto("/albums/")  # any page
    until(app, WAITING, lambda count: count == 0)
    assert Photo.objects.filter(owner=owner).count() == before + 2
    assert {"blue.jpg", "red.jpg"} <= set(names(owner))


def test_it_is_offered_once_and_quietly(visit: Callable[..., Page]) -> None:
    page = visit("/")
    ask = """() => { const event = new Event("beforeinstallprompt", { cancelable: true });
        event.prompt = () => { window.prompted = true };
        return dispatchEvent(event) }"""
    assert page.evaluate(ask) is False  # the browser shows no banner of its own
    offer = page.locator(".toast", has_text="home screen")
    expect(offer).to_be_visible()
    offer.get_by_role("button", name="Not now").click()
    expect(offer).to_have_count(0)
    page.reload()
    page.evaluate(ask)
    page.wait_for_load_state("networkidle")
    expect(offer).to_have_count(0)
    page.locator(".avatar").first.click()
    page.get_by_role("button", name="Install as an app").click()  # still there for who wants it
    assert page.evaluate("() => window.prompted") is True


def test_a_message_opens_what_it_is_about(app: Page) -> None:
    """Chromium's own tools deliver a message as the push service does."""
    app.context.grant_permissions(["notifications"])
    devtools = app.context.new_cdp_session(app)
    workers: list[dict[str, str]] = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda told: workers.extend(told["registrations"]))
    devtools.send("ServiceWorker.enable")
    app.wait_for_timeout(200)
    message = '{"title": "Mirage", "body": "Marta shares “Lisboa” with you.", "url": "/albums/", "tag": "notice-1"}'
    where = {"origin": workers[0]["scopeURL"].rstrip("/"), "registrationId": workers[0]["registrationId"]}
    devtools.send("ServiceWorker.deliverPushMessage", {**where, "data": message})
    shown = """() => navigator.serviceWorker.ready.then((registration) => registration.getNotifications())
        .then((all) => all.map((one) => [one.title, one.body, one.tag, one.data.url]))"""
    until(app, f"async () => (await ({shown})()).length", bool)
    assert app.evaluate(shown) == [["Mirage", "Marta shares “Lisboa” with you.", "notice-1", "/albums/"]]


def test_messages_are_off_until_they_are_switched_on(app: Page) -> None:
    """Subscribing itself needs a push service, which private windows do not have."""
    app.context.grant_permissions(["notifications"])
    app.goto("/notices/wishes/")
    expect(app.get_by_role("button", name="Show messages on this device")).to_be_visible()
    expect(app.locator("[data-push-state]:visible")).to_have_count(1)
