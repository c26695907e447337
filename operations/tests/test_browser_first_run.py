"""The way from an empty installation to the first steps, in a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

from accounts import first_account
from accounts.models import User
from photos import pipeline
from photos.ingest import in_use
from photos.models import Photo, WatchedFolder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(browser: "Browser", live_server: "LiveServer", library: Path) -> "Iterator[Page]":
    """A browser at this machine that nobody is signed in to. Its errors fail the test."""
    complaints: list[str] = []
    context = browser.new_context(base_url=live_server.url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert complaints == []


def read_next() -> None:
    """What the process for folders and the workers do."""
    folder = in_use.take()
    assert folder is not None
    in_use.read(folder)
    for name in ("metadata", "thumbnails"):
        while pipeline.perform_next(pipeline.STAGES[name]):
            pass


def test_from_nothing_to_the_first_steps(
    page: "Page", settings: Settings, tmp_path: Path, make_picture: Callable[..., Path]
) -> None:
    from playwright.sync_api import expect

    for number in range(3):
        make_picture(f"{number}.jpg", folder="shelf/Summer holiday")
    settings.MIRAGE_FOLDERS = [tmp_path / "shelf"]

    page.goto(f"/accounts/first/?code={first_account.code()}")
    page.get_by_label("Name").fill("grandma")
    page.get_by_label("Password").fill("a quite long one")
    page.get_by_role("button", name="Create my account").click()

    expect(page.get_by_role("heading", name="Where are your photos?")).to_be_visible()
    page.get_by_role("link", name="Choose a folder").click()
    page.get_by_role("link", name=str(tmp_path / "shelf")).click()
    page.get_by_role("link", name="Summer holiday").click()
    expect(page.locator(".chosen")).to_contain_text("Photos and videos: 3")
    page.get_by_role("button", name="Use this folder").click()

    expect(page.get_by_text("Starting within seconds")).to_be_visible()
    read_next()
    expect(page.get_by_text("3 of 3 photos")).to_be_visible()  # the page asks again by itself
    for title in ("Name your people", "Look at duplicates", "Invite someone"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_role("button", name="Not now: Look at duplicates").click()
    expect(page.get_by_role("heading", name="Look at duplicates")).to_have_count(0)
    page.get_by_role("link", name="your page").click()
    expect(page.locator(".tile")).to_have_count(3)
    assert Photo.objects.filter(owner=User.objects.get(username="grandma"), displayable=True).count() == 3


def test_a_folder_is_watched_and_no_longer_used(
    page: "Page", settings: Settings, tmp_path: Path, make_picture: Callable[..., Path]
) -> None:
    from playwright.sync_api import expect

    page.goto(f"/accounts/first/?code={first_account.code()}")
    page.get_by_label("Name").fill("grandma")
    page.get_by_label("Password").fill("a quite long one")
    page.get_by_role("button", name="Create my account").click()
    make_picture(folder="shelf")
    in_use.use(User.objects.get(), tmp_path / "shelf", WatchedFolder.Kind.COPIED, watched=True, confined=False)
    page.goto("/administration/folders/")
    expect(page.get_by_text("Is read within seconds")).to_be_visible()
    stop = page.locator("summary", has_text="Stop using")
    stop.click()
    read_next()
    expect(page.get_by_text("1 photo · last read")).to_be_visible()
    expect(page.get_by_text("Its photos stay in the library.")).to_be_visible()  # it stayed open meanwhile
    page.get_by_role("button", name="Stop using it").click()
    expect(page.get_by_text("No folder is in use")).to_be_visible()
    assert Photo.objects.count() == 1
