"""Every key that the sheet of shortcuts shows does what it says, in the grid and in an open photo."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from mirage.testing.browser import shortcuts
from mirage.testing.pictures import write_picture, write_thumbnails
from photos.gallery.stacking import stacks
from photos.models import Photo
from photos.pipeline import objects, rendering
from photos.storage import paths
from vision.tests.test_objects import seen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PRESSED = re.compile(r"\bfavourite\b")
Visit = Callable[..., Page]


@pytest.fixture
def make_shown(make_photo: Callable[..., Photo]) -> Callable[..., Photo]:
    """Photos with their thumbnails, each a minute older than the one before."""
    count = 0

    def make(**fields: Any) -> Photo:
        nonlocal count
        count += 1
        photo = make_photo(**{"width": 600, "height": 400, "taken": datetime(2024, 5, 1, 12, 60 - count), **fields})
        write_thumbnails(paths.derived_folder(photo.sha256), (600, 400), (count * 37 % 256, 90, 120))
        write_picture(paths.original_path(photo), (600, 400))
        return photo

    return make


def test_in_the_grid(visit: Visit, make_shown: Callable[..., Photo]) -> None:
    for _ in range(8):
        make_shown()
    page = visit("/")
    assert shortcuts(page, "In the grid") == {"← → ↑ ↓", "Enter", "x", "Shift x", "Ctrl a", "Esc", "+ -"}
    links, count = page.locator(".tile-link"), page.locator(".selection-count")
    for key, focused in (("ArrowRight", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1)):
        page.keyboard.press(key)
        expect(links.nth(focused)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).not_to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(count).to_have_text("1 selected")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+x")
    expect(count).to_have_text("3 selected")
    page.keyboard.press("Control+a")
    expect(count).to_have_text("8 selected")
    page.keyboard.press("Escape")
    expect(page.locator("#selection")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("#viewer")).to_be_visible()


def test_with_photos_selected_or_one_open(visit: Visit, make_shown: Callable[..., Photo]) -> None:
    first, second, third = (make_shown() for _ in range(3))
    page = visit("/")
    assert shortcuts(page, "With photos selected, or one open") == {"f", "a", "Del", "d", "l"}
    page.keyboard.press("ArrowRight")
    page.keyboard.press("f")
    expect(page.locator(f"#p-{first.key}")).to_have_class(PRESSED)
    with page.expect_download():
        page.keyboard.press("d")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator(f"#p-{first.key}")).to_be_hidden()
    page.keyboard.press("Delete")
    expect(page.locator(f"#p-{second.key}")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("#viewer")).to_have_attribute("data-key", third.key)
    page.keyboard.press("f")
    expect(page.locator('#viewer [data-shortcut="f"]')).to_have_attribute("aria-pressed", "true")
    with page.expect_download():
        page.keyboard.press("d")
    page.keyboard.press("a")
    expect(page.get_by_text("Photo archived")).to_be_visible()
    page.goto(f"/photo/{third.key}/?in=archive")
    page.keyboard.press("Delete")
    expect(page.get_by_text("Photo moved to the trash")).to_be_visible()


def opened(page: Page, photo: Photo) -> Locator:
    """The viewer, with this photo of the grid in it."""
    page.locator(f"#p-{photo.key} .tile-link").click()
    viewer = page.locator("#viewer")
    expect(viewer).to_be_visible()
    return viewer


def test_an_open_photo_is_rotated(visit: Visit, make_shown: Callable[..., Photo]) -> None:
    photo = make_shown()
    page = visit(f"/photo/{photo.key}/")
    for key, turn in (("r", 6), ("Shift+r", 1), ("Shift+r", 8)):
        page.keyboard.press(key)
        turned = page.locator(".viewer-media[src*='turn=']")
        expect(turned).to_have_count(0 if turn == 1 else 1)
        photo.refresh_from_db()
        assert photo.turn == turn


def test_each_of_quick_presses_rotates(visit: Visit, make_shown: Callable[..., Photo]) -> None:
    photo = make_shown()
    page = visit(f"/photo/{photo.key}/")
    page.wait_for_load_state("networkidle")
    for _ in range(3):
        page.keyboard.press("r")
    expect(page.locator(".viewer-media[src*='turn=8']")).to_have_count(1)
    photo.refresh_from_db()
    assert photo.turn == 8


def test_rotating_keeps_what_is_being_typed(visit: Visit, make_shown: Callable[..., Photo]) -> None:
    photo = make_shown()
    page = visit(f"/photo/{photo.key}/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("e")
    page.keyboard.type("Half a ti")
    page.evaluate("document.querySelector('[name=way][value=right]').form.requestSubmit()")
    expect(page.locator(".viewer-media[src*='turn=']")).to_have_count(1)
    expect(page.locator(".info .info-edit [name=value]").first).to_have_value("Half a ti")


def test_in_an_open_photo(visit: Visit, make_shown: Callable[..., Photo]) -> None:
    before, shown, member, after = (make_shown() for _ in range(4))
    stacks.make([shown, member], shown)
    objects.record({shown.pk: [seen("dog")]})
    rendering.motion_path(shown).write_bytes(b"no video")
    page = visit("/")
    keys = {"z", "m", "p", "o", "s", "i", "e", "r", "Shift r", "Shift e"}
    assert shortcuts(page, "In an open photo") == {"← →", "↑ ↓", "Space", "Esc", "1 – 5", *keys}
    viewer = opened(page, shown)
    for key, photo in (
        *(("ArrowRight", after), ("ArrowLeft", shown), ("ArrowLeft", before), ("ArrowRight", shown)),
        *(("ArrowDown", member), ("ArrowUp", shown)),
    ):
        page.keyboard.press(key)
        expect(viewer).to_have_attribute("data-key", photo.key)
    page.keyboard.press("z")
    expect(page.locator(".viewer-stage")).to_have_class(re.compile(r"\bzoomed\b"))
    page.keyboard.press("m")
    expect(page.get_by_text("The moment cannot be played.")).to_be_visible()  # it was asked for
    page.keyboard.press("p")
    expect(page.locator("#photo-faces")).to_be_attached()
    page.keyboard.press("o")
    expect(page.locator("#photo-boxes .box")).to_have_count(1)
    page.keyboard.press("i")
    expect(viewer).to_have_class(re.compile(r"\bwith-info\b"))
    page.keyboard.press("4")
    expect(page.get_by_role("button", name="4 stars")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("l")
    expect(page.get_by_role("heading", name="1 photo in albums")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_role("textbox", name="Title")).to_be_focused()
    page.locator(".viewer-stage").click()
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    shown.refresh_from_db()
    assert shown.rating == 4
    opened(page, shown)
    page.keyboard.press("s")
    expect(page).to_have_url(re.compile(f"/photo/{shown.key}/similar/"))


def test_a_video_plays_and_pauses(visit: Visit, make_shown: Callable[..., Photo]) -> None:
    video = make_shown(kind="video", media_type="video/mp4")
    page = visit("about:blank")
    page.add_init_script(
        """const media = HTMLMediaElement.prototype;
        media.play = function () { this.dataset.did = "played"; return Promise.resolve(); };
        media.pause = function () { this.dataset.did = "paused"; };
        Object.defineProperty(media, "paused", { get() { return this.dataset.did !== "played" } });"""
    )
    page.goto(f"/photo/{video.key}/")
    for did in ("played", "paused"):
        page.keyboard.press("Space")
        expect(page.locator("#viewer video")).to_have_attribute("data-did", did)


def test_everywhere(visit: Visit, owner: object) -> None:
    page = visit("/albums/")
    assert shortcuts(page, "Everywhere") == {"Ctrl K", "/", "?", "← → ↑ ↓"}
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#search-input")).to_be_focused()


def test_the_sheet_has_no_places_but_those_that_are_tested(visit: Visit, owner: object) -> None:
    """Those of other apps are tested beside them."""
    page = visit("/")
    assert set(page.locator("#shortcuts h3").all_text_contents()) == {
        "In the grid",
        "With photos selected, or one open",
        "In an open photo",
        "While a picture is edited",
        "While a video is edited",
        "While photos play",
        "Among duplicates",
        "In the review of people and of tags",
        "Everywhere",
    }
