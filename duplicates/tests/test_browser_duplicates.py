"""Duplicates in a real browser: compared in three views, decided by keys, undone; a stack opened in the viewer."""

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from accounts.models import User
from duplicates.models import DuplicateGroup, DuplicateMember
from mirage.testing.browser import shortcuts
from photos.gallery.stacking import stacks
from photos.models import Photo
from photos.storage import paths

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def make_shown(make_photo: Callable[..., Photo]) -> Callable[..., Photo]:
    """Photos with a picture of so many pixels."""
    count = itertools.count()

    def make(pixels: tuple[int, int] = (800, 600), **fields: Any) -> Photo:
        photo = make_photo(width=pixels[0], height=pixels[1], **fields)
        picture = Image.new("RGB", pixels, (next(count) * 37 % 256, 90, 120))
        ImageDraw.Draw(picture).ellipse((pixels[0] / 4, pixels[1] / 4, pixels[0] / 2, pixels[1] / 2), fill="white")
        folder = paths.derived_folder(photo.sha256)
        folder.mkdir(parents=True)
        for name in ("small", "medium", "large"):
            picture.save(folder / f"{name}.webp")
        original = paths.original_path(photo)
        original.parent.mkdir(parents=True, exist_ok=True)
        picture.save(original)
        return photo

    return make


@pytest.fixture
def make_group(owner: User, make_shown: Callable[..., Photo]) -> Callable[..., tuple[DuplicateGroup, list[Photo]]]:
    def make(saving: int, placement: list[float] | None = None) -> tuple[DuplicateGroup, list[Photo]]:
        photos = [make_shown(size=9000), make_shown((400, 300), size=1000)]
        group = DuplicateGroup.objects.create(owner=owner, tier="same", saving=saving)
        evidence = {"placement": placement} if placement else {}
        DuplicateMember.objects.create(group=group, photo=photos[0], role="best", similarity=1.0)
        DuplicateMember.objects.create(group=group, photo=photos[1], role="copy", similarity=1.0, evidence=evidence)
        return group, photos

    return make


def test_decided_and_undone_by_keys(visit, make_group):
    _, (_, copy) = make_group(2000)
    other, _ = make_group(1000)
    page = visit("/duplicates/")
    expect(page.locator("[data-resolve]")).to_have_text("Keep one, trash 1")
    page.keyboard.press("2")
    expect(page.locator("[data-resolve]")).to_have_text("Keep all ticked")
    page.keyboard.press("2")
    expect(page.locator("[data-resolve]")).to_have_text("Keep one, trash 1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Photo moved to the trash")).to_be_visible()
    expect(page).to_have_url(f"{page.url.split('/duplicates')[0]}/duplicates/group/{other.key}/")
    assert list(Photo.objects.trashed()) == [copy]
    page.keyboard.press("u")
    expect(page.get_by_text("Undone.")).to_be_visible()
    assert not Photo.objects.trashed().exists()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".duplicates-turn")).to_contain_text("2 of 2")


def test_both_pictures_share_one_zoom_in_three_views(visit, make_group):
    make_group(2000, placement=[0.5, 0.0, 0.25, 0.0, 0.5, 0.25])  # the copy shows the middle of the best
    page = visit("/duplicates/")
    places = """() => [...document.querySelectorAll('.compare-pane img')].map(image => {
        const pane = image.parentElement.getBoundingClientRect(), box = image.getBoundingClientRect();
        return [box.left - pane.left, box.top - pane.top, box.width, box.height].map(Math.round) })"""

    def lies_in_the_middle() -> bool:
        (left, top, width, height), (x, y, w, h) = page.evaluate(places)
        wanted = (left + width / 4, top + height / 4, width / 2, height / 2)
        return all(abs(one - other) <= 2 for one, other in zip((x, y, w, h), wanted, strict=True))

    expect(page.locator(".compare-pane img")).to_have_count(2)
    assert lies_in_the_middle()
    before = page.evaluate(places)[0][2]
    page.keyboard.press("+")
    assert page.evaluate(places)[0][2] == pytest.approx(1.25 * before, abs=3)
    assert lies_in_the_middle()
    stage = page.locator("[data-stage]")
    page.keyboard.press("v")
    expect(stage).to_have_attribute("data-mode", "slider")
    assert lies_in_the_middle()
    page.keyboard.press("v")
    expect(stage).to_have_attribute("data-mode", "difference")
    assert lies_in_the_middle()


def test_many_are_resolved_at_once_and_undone(visit, make_group):
    groups = [make_group(2000), make_group(1000)]
    page = visit("/duplicates/many/?tier=same")
    expect(page.locator(".many-goes")).to_have_count(2)
    page.get_by_role("button", name="Move them to the trash").click()
    expect(page.get_by_role("heading")).to_contain_text(["2 photos moved to the trash"])
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.get_by_role("heading")).to_contain_text(["Undone"])
    assert not Photo.objects.filter(pk__in=[photos[1].pk for _, photos in groups]).exclude(trashed_at=None).exists()


def test_the_page_fits_a_phone(visit, make_group):
    make_group(2000)
    page = visit("/duplicates/", width=390)
    expect(page.locator("[data-resolve]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_stack_opens_and_the_viewer_returns_to_its_tile(visit, make_shown):
    first, second, third = (make_shown() for _ in range(3))
    stacks.make([first, second], first)
    page = visit("/")
    expect(page.locator(".tile")).to_have_count(2)
    expect(page.locator(f"#p-{first.key} .tile-stack")).to_have_text("2")
    page.locator(f"#p-{first.key} .tile-link").click()
    expect(page.locator(".viewer-member")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#viewer")).to_have_attribute("data-key", second.key)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#viewer")).to_have_attribute("data-key", third.key)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#viewer")).to_have_attribute("data-key", first.key)
    page.locator(".viewer-member").nth(1).click()
    expect(page.locator("#viewer")).to_have_attribute("data-key", second.key)
    page.keyboard.press("Escape")
    expect(page.locator(f"#p-{first.key} .tile-link")).to_be_focused()


def test_stacked_from_the_selection_and_unstacked(visit, make_shown):
    first, second = make_shown(), make_shown()
    page = visit("/")
    for photo in (first, second):
        page.locator(f"#p-{photo.key}").hover()
        page.locator(f"#p-{photo.key} .tile-check").click()
    page.locator("#selection").get_by_role("button", name="More").click()
    page.get_by_role("button", name="Stack").click()
    expect(page.locator(".tile")).to_have_count(1)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".tile")).to_have_count(2)


def test_every_key_that_the_sheet_shows_works(visit, make_group, make_shown):
    group, _ = make_group(9000)
    DuplicateMember.objects.create(group=group, photo=make_shown((200, 150)), role="copy", similarity=1.0)
    for saving in (8000, 7000, 6000):
        make_group(saving)
    page = visit("/duplicates/")
    keys = {"Enter", "1 – 9", "a s", "m", "u", "← →", "v c", "+ - 0"}
    assert shortcuts(page, "Among duplicates") == keys
    place, note = page.locator(".duplicates-turn"), page.locator(".duplicates-bar [role=status]")
    for key, told in (("ArrowRight", "2 of 4"), ("ArrowLeft", "1 of 4")):
        page.keyboard.press(key)
        expect(place).to_contain_text(told)
    page.keyboard.press("3")
    expect(page.locator("[name=keep]").nth(2)).to_be_checked()
    page.keyboard.press("m")
    expect(page.locator("[name=merge]")).not_to_be_checked()
    page.keyboard.press("v")
    expect(page.locator("[data-stage]")).to_have_attribute("data-mode", "slider")
    page.keyboard.press("c")
    expect(page.locator(".version").nth(2)).to_have_class(re.compile(r"\bshown\b"))
    zoom = page.locator("[data-zoom]")
    whole = zoom.text_content() or ""
    for key, is_whole in (("+", False), ("-", True), ("+", False), ("0", True)):
        page.keyboard.press(key)
        (expect(zoom).to_have_text if is_whole else expect(zoom).not_to_have_text)(whole)
    for key, told in (
        *(("a", "All kept."), ("u", "Undone."), ("s", "Stacked"), ("u", "Undone.")),
        *(("Enter", "moved to the trash"), ("u", "Undone.")),
    ):
        page.keyboard.press(key)
        expect(note).to_contain_text(told)
