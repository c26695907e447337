"""Uploading with a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from photos import pipeline
from photos.ingest import uploads
from photos.ingest.forms import moment
from photos.ingest.uploads import Announcement
from photos.models import Photo, PhotoFile, Upload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Maker = Callable[..., Path]
XMP = b"""<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title><rdf:Alt>
<rdf:li xml:lang='x-default'>By the sea</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"""


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, owner: User) -> Iterator[Page]:
    """The upload page, for the owner. An error of its scripts fails the test; answers that fail are wanted here."""
    client = Client()
    client.force_login(owner)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    errors: list[str] = []
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1200, "height": 800})
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/upload/")
    yield page
    context.close()
    assert errors == []


def choose(page: Page, *files: Path) -> None:
    page.set_input_files("input[type=file] >> nth=0", list(files))


def drop(page: Page, *paths: Path) -> None:
    """Drop files or folders on the middle of the page, as from the desktop."""
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 600, "y": 400, "data": data})


def title(page: Page, words: str) -> None:
    expect(page.locator("[data-part=title]")).to_have_text(words, timeout=20_000)


def test_files_become_tiles_and_known_ones_are_not_sent(page: Page, make_picture: Maker, tmp_path: Path) -> None:
    pictures = [make_picture() for _ in range(5)]
    notes = tmp_path / "notes.txt"
    notes.write_text("no photo")
    choose(page, *pictures, notes)
    title(page, "5 files done")
    expect(page.locator(".upload-skipped summary")).to_have_text("1 file skipped")
    assert Photo.objects.count() == 5
    pipeline.drain()
    expect(page.locator(".upload-tile img:not([hidden])")).to_have_count(5, timeout=15_000)

    page.goto("/upload/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "/upload/files/" in request.url else None)
    choose(page, *pictures)
    title(page, "5 files done")
    expect(page.locator("[data-part=tiles-note]")).to_contain_text("5 files already there")
    expect(page.locator("[data-part=numbers]")).to_have_text("5 of 5")
    last = Photo.objects.get(original_name="IMG_0005.jpg")
    expect(page.locator(".upload-tile").first).to_have_attribute("href", last.get_absolute_url())
    assert sent == []


@pytest.mark.parametrize("width", [360, 768, 1200])
def test_words_keep_their_room_beside_files(page: Page, make_picture: Maker, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    choose(page, make_picture())
    title(page, "1 file done")
    box = page.locator(".drop-words strong:visible").bounding_box()
    assert box
    assert box["height"] < 60, "two lines at most"


def test_closed_tab_goes_on_where_it_stopped(page: Page, owner: User, make_picture: Maker) -> None:
    picture = make_picture("sea.jpg", size=(800, 600))
    status = picture.stat()
    begun = uploads.create(owner, Announcement("sea.jpg", status.st_size, "", moment(status.st_mtime_ns // 1_000_000)))
    uploads.append(begun, 0, [picture.read_bytes()[:1000]])
    page.reload()
    expect(page.locator("[data-begun]")).to_contain_text("sea.jpg")
    offsets: list[str] = []
    page.on("request", lambda request: offsets.append(request.headers.get("upload-offset", request.method)))
    choose(page, picture)
    title(page, "1 file done")
    assert "1000" in offsets
    assert Photo.objects.get().original_name == "sea.jpg"
    assert not Upload.objects.exists()
    expect(page.locator("[data-begun]")).to_have_count(0)


def test_unfinished_upload_is_discarded(page: Page, owner: User) -> None:
    uploads.create(owner, Announcement("sea.jpg", 10))
    page.reload()
    page.get_by_label("Discard sea.jpg").click()
    expect(page.locator("#unfinished")).to_be_hidden()
    assert not Upload.objects.exists()


def test_network_that_comes_and_goes(page: Page, make_picture: Maker) -> None:
    failures = 2

    def unreliable(route: Route) -> None:
        nonlocal failures
        failures -= 1
        route.abort() if failures >= 0 else route.continue_()

    page.route("**/upload/files/", unreliable)
    choose(page, make_picture())
    expect(page.locator(".upload-words")).to_contain_text("Waiting for Mirage to answer")
    title(page, "1 file done")
    assert Photo.objects.count() == 1


def test_pause_and_resume_and_cancel(page: Page, make_picture: Maker) -> None:
    page.route("**/upload/files/", lambda route: None)  # answers never
    choose(page, *[make_picture() for _ in range(4)])
    expect(page.locator(".list-row")).to_have_count(4)
    page.locator("[data-action=pause-all]").click()
    title(page, "Paused")
    page.locator(".list-row [data-do=cancel]").first.click()
    expect(page.locator(".list-row[data-state=paused]")).to_have_count(3)
    page.unroute("**/upload/files/")
    page.locator("[data-action=resume-all]").click()
    title(page, "3 files done")
    assert Photo.objects.count() == 3


def test_refusal_is_told_in_words(page: Page, make_picture: Maker, owner: User) -> None:
    owner.quota_bytes = 10
    owner.save()
    choose(page, make_picture())
    expect(page.locator(".list-row[data-state=failed]")).to_contain_text("larger than what is left of your quota")
    owner.quota_bytes = None
    owner.save()
    page.locator("[data-action=retry-all]").click()
    title(page, "1 file done")


def test_folder_dropped_on_another_page(page: Page, make_picture: Maker) -> None:
    picture = make_picture("sea.jpg", folder="holiday/beach")
    picture.with_name("sea.xmp").write_bytes(XMP)
    picture.with_name("alone.xmp").write_bytes(XMP)
    make_picture("hill.jpg", folder="holiday")
    page.goto("/favourites/")
    drop(page, picture.parent.parent)
    title(page, "2 files done")
    assert page.url.endswith("/upload/")
    expect(page.locator(".upload-skipped summary")).to_have_text("1 file skipped")
    assert PhotoFile.objects.get().photo.original_name == "sea.jpg"
    pipeline.drain()
    assert Photo.objects.get(original_name="sea.jpg").title == "By the sea"
