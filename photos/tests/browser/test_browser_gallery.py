"""The gallery in a real browser: rows, scrolling, jumps, the viewer, selection, undo."""

import itertools
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from photos.models import Photo
from photos.storage import paths

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TRASHED = datetime(2024, 6, 1, tzinfo=UTC)


def delay(page: Page, address: str, *, fail: bool = False) -> list[str]:
    """Let requests to this address take their time; or fail. The addresses that were asked for, as they come."""
    asked = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        time.sleep(0.3)
        if fail:
            route.abort()
        else:
            route.continue_()

    page.route(address, answer)
    return asked


def keep_few_elements(page: Page) -> None:
    """Let far pages of the grid leave the document when it is still small."""

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("ELEMENTS_KEPT = 2600", "ELEMENTS_KEPT = 300"))

    page.route("**/photos/grid/pages.js", answer)


def days(make: Callable[..., Photo], count: int, a_day: int = 5) -> list[Photo]:
    """That many photos, newest first, `a_day` a day."""
    noon = datetime(2024, 5, 30, 12)
    return [make(taken=noon - timedelta(days=number // a_day, minutes=number % a_day)) for number in range(count)]


def tile(page: Page, photo: Photo) -> Locator:
    return page.locator(f"#p-{photo.key}")


def top_of(page: Page, photo: Photo) -> float:
    return page.evaluate("id => document.getElementById(id).getBoundingClientRect().top", f"p-{photo.key}")


def test_rows_are_justified_and_nothing_moves_when_pictures_arrive(visit, make_shown):
    days(make_shown, 40, a_day=40)
    boxes = """() => [...document.querySelectorAll('.tile')].map(t => {
        const b = t.getBoundingClientRect(); return [b.left, b.top, b.right, b.height].map(Math.round) })"""
    page = visit("about:blank")
    page.route("**/*.webp", lambda route: route.abort())
    page.goto("/")
    page.wait_for_load_state("networkidle")
    before = page.evaluate(boxes)
    page.unroute("**/*.webp")
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(boxes) == before
    rows: dict[int, list[list[int]]] = {}
    for box in before:
        rows.setdefault(box[1], []).append(box)
    full = list(rows.values())[:-1]
    assert len(full) > 2
    for row in full:
        assert max(box[3] for box in row) - min(box[3] for box in row) <= 1
        assert abs(row[-1][2] - full[0][-1][2]) <= 1
        assert all(abs(after[0] - one[2] - 4) <= 1 for one, after in itertools.pairwise(row))


def test_small_days_share_a_row(visit, make_shown):
    made = days(make_shown, 3, a_day=1)
    page = visit("/")
    tops = {top_of(page, photo) for photo in made}
    assert len(tops) == 1
    assert page.locator(".day").count() == 3


def test_scrolling_loads_pages_and_reload_returns_to_the_place(visit, make_shown, monkeypatch):
    monkeypatch.setattr("photos.gallery.timeline.PAGE_SIZE", 10)
    made = days(make_shown, 130)
    page = visit("about:blank", height=500)
    keep_few_elements(page)
    page.goto("/")
    for _ in range(30):
        page.mouse.wheel(0, 900)
        page.wait_for_timeout(60)
    expect(tile(page, made[-1])).to_be_visible(timeout=10_000)
    keys = page.eval_on_selector_all(".tile", "tiles => tiles.map(tile => tile.dataset.key)")
    assert keys == [photo.key for photo in made][-len(keys) :]  # in order, without gaps or repetition
    assert len(keys) < len(made)  # far pages are dropped
    page.wait_for_timeout(400)
    assert "at=2024-05" in page.evaluate("location.search")
    in_view = "() => [...document.querySelectorAll('.tile')].find(t => t.getBoundingClientRect().top > 100).dataset.key"
    seen = Photo.objects.get(key=page.evaluate(in_view))
    before = top_of(page, seen)
    page.reload()
    expect(tile(page, seen)).to_be_attached()
    page.wait_for_timeout(300)
    assert abs(top_of(page, seen) - before) < 3
    for _ in range(40):
        page.mouse.wheel(0, -900)
        page.wait_for_timeout(60)
    expect(tile(page, made[0])).to_be_visible(timeout=10_000)


def test_a_page_put_above_does_not_move_what_is_seen(visit, make_shown, monkeypatch):
    monkeypatch.setattr("photos.gallery.timeline.PAGE_SIZE", 20)
    made = days(make_shown, 60)
    page = visit(f"/?photo={made[40].key}", height=500)
    expect(tile(page, made[30])).to_be_attached(timeout=10_000)
    page.wait_for_timeout(300)
    assert 0 < top_of(page, made[40]) < 500


def test_the_scrubber_jumps_to_a_month(visit, make_shown, monkeypatch):
    monkeypatch.setattr("photos.gallery.timeline.PAGE_SIZE", 20)
    for month in range(1, 13):
        for minute in range(10):
            made = make_shown(taken=datetime(2023, month, 5, 12, minute))
            if (month, minute) == (3, 9):
                march = made
    page = visit("/")
    scrubber = page.locator("#scrubber")
    expect(scrubber).to_have_attribute("aria-valuetext", "Dec 2023, 10 photos")
    box = scrubber.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] * 9.5 / 12)  # the middle of March
    expect(page.locator(".scrubber-hint")).to_have_text("Mar 2023 10")
    page.mouse.down()
    page.mouse.up()
    expect(tile(page, march)).to_be_in_viewport()
    expect(page.locator('.month[data-month="2023-04"]')).to_be_attached()  # put above what is seen
    expect(scrubber).to_have_attribute("aria-valuetext", "Mar 2023, 10 photos")
    scrubber.press("End")
    expect(scrubber).to_have_attribute("aria-valuetext", "Jan 2023, 10 photos")


def test_the_viewer_opens_turns_and_returns_to_the_tile(visit, make_shown):
    made = days(make_shown, 6)
    page = visit("/")
    tile(page, made[1]).click()
    viewer = page.locator("#viewer")
    expect(viewer).to_have_attribute("data-key", made[1].key)
    assert page.evaluate("location.pathname") == f"/photo/{made[1].key}/"
    page.keyboard.press("ArrowRight")
    expect(viewer).to_have_attribute("data-key", made[2].key)
    page.keyboard.press("ArrowLeft")
    expect(viewer).to_have_attribute("data-key", made[1].key)
    page.keyboard.press("ArrowLeft")
    expect(viewer).to_have_attribute("data-key", made[0].key)
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(tile(page, made[0]).locator(".tile-link")).to_be_focused()
    assert page.evaluate("location.pathname") == "/"
    page.go_forward()
    expect(viewer).to_have_attribute("data-key", made[0].key)
    page.go_back()
    expect(viewer).to_have_count(0)


def test_a_photo_has_an_address_of_its_own(visit, make_shown):
    made = days(make_shown, 3)
    page = visit(f"/photo/{made[1].key}/")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#viewer")).to_have_attribute("data-key", made[2].key)
    page.reload()
    expect(page.locator("#viewer")).to_have_attribute("data-key", made[2].key)
    page.keyboard.press("i")
    expect(page.locator("#info")).to_be_visible()
    expect(page.locator("#info")).to_contain_text(made[2].original_name)
    page.keyboard.press("Escape")
    expect(tile(page, made[2]).locator(".tile-link")).to_be_focused()


def test_zooming_shows_the_original(visit, make_shown):
    photo = make_shown(width=3000, height=2000)
    Image.effect_noise((3000, 2000), 50).convert("RGB").save(paths.original_path(photo))
    page = visit(f"/photo/{photo.key}/")
    media = page.locator(".viewer-media")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("z")
    expect(media).to_have_attribute("src", re.compile(f"/media/{photo.key}/original$"))
    assert "scale(2.5)" in media.get_attribute("style")
    page.mouse.move(600, 400)
    page.mouse.wheel(0, 3000)
    expect(page.locator(".viewer-stage.zoomed")).to_have_count(0)


def test_trash_in_the_viewer_goes_on_to_the_next_and_undo_brings_it_back(visit, make_shown):
    made = days(make_shown, 3)
    page = visit("/")
    tile(page, made[1]).click()
    expect(page.locator("#viewer")).to_have_attribute("data-key", made[1].key)
    page.keyboard.press("Delete")
    expect(page.locator("#viewer")).to_have_attribute("data-key", made[2].key)
    expect(page.locator(".toast")).to_contain_text("Photo moved to the trash")
    expect(page.locator(".viewer-newer")).to_have_attribute("data-key", made[0].key)
    assert Photo.objects.trashed().get() == made[1]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".viewer-newer")).to_have_attribute("data-key", made[1].key)
    assert not Photo.objects.trashed().exists()
    page.keyboard.press("Escape")
    expect(tile(page, made[1])).to_be_visible()


def test_a_favourite_is_marked_in_viewer_and_grid(visit, make_shown):
    photo = make_shown()
    page = visit("/")
    tile(page, photo).click()
    heart = page.get_by_role("button", name="Favourite")
    expect(heart).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("f")
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".toast")).to_contain_text("added to favourites")
    assert Photo.objects.get().favourite
    page.keyboard.press("f")
    expect(page.locator(".toast").last).to_contain_text("removed from favourites")
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_have_count(0)
    expect(tile(page, photo)).not_to_contain_class("favourite")


def test_ranges_days_and_all_are_selected_and_trashed_with_undo(visit, make_shown):
    made = days(make_shown, 12, a_day=4)
    page = visit("/")
    count = page.locator(".selection-count")
    tile(page, made[1]).hover()
    tile(page, made[1]).locator(".tile-check").click()
    expect(count).to_have_text("1 selected")
    tile(page, made[6]).click(modifiers=["Shift"])
    expect(count).to_have_text("6 selected")
    page.locator(".day").nth(2).hover()
    page.locator(".day-check").nth(2).click()
    expect(count).to_have_text("10 selected")
    page.keyboard.press("Escape")
    expect(page.locator("#selection")).not_to_be_visible()
    page.keyboard.press("Control+a")
    expect(count).to_have_text("12 selected")
    tile(page, made[0]).click()
    expect(count).to_have_text("11 selected")
    page.locator("#selection [data-action=trash]").click()
    expect(page.locator(".tile:visible")).to_have_count(1)
    expect(page.locator(".day:visible")).to_have_count(1)
    expect(page.locator(".toast")).to_contain_text("11 photos moved to the trash")
    assert Photo.objects.trashed().count() == 11
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".tile:visible")).to_have_count(12)
    expect(page.locator(".toast")).to_contain_text("Undone")
    assert not Photo.objects.trashed().exists()


def test_a_day_is_selected_whole_though_only_a_part_is_loaded(visit, make_shown, monkeypatch):
    monkeypatch.setattr("photos.gallery.timeline.PAGE_SIZE", 10)
    days(make_shown, 35, a_day=35)
    page = visit("/", width=390, height=300)
    page.route("**/?before=*", lambda route: route.fulfill(status=204))
    page.locator(".day").first.hover()
    page.locator(".day-check").first.check()
    expect(page.locator(".selection-count")).to_have_text("35 selected")


def test_the_grid_by_keyboard(visit, make_shown):
    made = days(make_shown, 20, a_day=20)
    page = visit("/")
    page.keyboard.press("ArrowRight")
    expect(tile(page, made[0]).locator(".tile-link")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    expect(page.locator(".selection-count")).to_have_text("1 selected")
    page.keyboard.press("ArrowDown")
    below = page.evaluate("document.activeElement.closest('.tile').getBoundingClientRect().top")
    assert below > top_of(page, made[1])
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#viewer")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_be_visible()  # only the sheet went


def test_a_refused_change_is_taken_back(visit, make_shown):
    photo = make_shown()
    page = visit("/")
    page.route("**/selection/**", lambda route: route.abort())
    tile(page, photo).hover()
    tile(page, photo).locator(".tile-check").click()
    page.locator("#selection [data-action=trash]").click()
    expect(page.locator(".toast.error")).to_contain_text("Nothing was changed")
    expect(tile(page, photo)).to_be_visible()


def test_deleting_for_good_asks(visit, make_shown):
    keep, gone = make_shown(trashed_at=TRASHED), make_shown(trashed_at=TRASHED)
    page = visit("/trash/")
    tile(page, gone).hover()
    tile(page, gone).locator(".tile-check").click()
    page.locator("#selection [data-action=delete]").click()
    dialog = page.locator("#confirm")
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.locator(".selection-count")).to_have_text("1 selected")
    page.locator("#selection [data-action=delete]").click()
    dialog.get_by_role("button", name="Delete for good").click()
    expect(page.locator(".toast")).to_contain_text("Photo deleted for good")
    assert list(Photo.objects.all()) == [keep]
    page.get_by_role("button", name="Empty").click()
    dialog.get_by_role("button", name="Empty the trash").click()
    expect(page.get_by_role("heading", name="The trash is empty")).to_be_visible()
    assert not Photo.objects.exists()


def test_a_selection_is_downloaded_as_a_zip(visit, make_shown):
    made = days(make_shown, 3)
    page = visit("/")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+a")
    with page.expect_download() as download:
        page.locator("#selection [data-action=download]").click()
    assert download.value.suggested_filename.endswith(".zip")
    assert len(made) == 3


def test_touch_long_press_selects_and_the_bar_fits_a_phone(visit, make_shown):
    made = days(make_shown, 6)
    page = visit("/", width=390, height=844, has_touch=True, is_mobile=True)
    box = tile(page, made[1]).bounding_box()
    assert box
    session = page.context.new_cdp_session(page)
    point = {"x": box["x"] + 30, "y": box["y"] + 30}
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    page.wait_for_timeout(700)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator(".selection-count")).to_have_text("1 selected")
    expect(page.locator("#viewer")).to_have_count(0)
    tile(page, made[3]).tap()
    expect(page.locator(".selection-count")).to_have_text("2 selected")
    for button in page.locator("#selection button:visible").all():
        spot = button.bounding_box()
        assert spot["x"] >= 0
        assert spot["x"] + spot["width"] <= 390
        assert spot["height"] >= 40
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_appearance_changes_at_once_and_stays(visit, make_shown, owner):
    make_shown()
    page, background = visit("/", color_scheme="light"), "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(background)
    page.get_by_role("button", name="Account of").click()
    for theme in ("light", "dark"):
        page.locator("#account-menu [data-theme-form] button").click()
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        expect(page.locator(".toast").last).to_contain_text(theme)
    assert page.evaluate(background) != light
    owner.refresh_from_db()
    assert owner.theme == "dark"


def test_without_javascript_one_can_browse_and_select(visit, make_shown, monkeypatch):
    monkeypatch.setattr("photos.gallery.timeline.PAGE_SIZE", 10)
    made = days(make_shown, 25)
    page = visit("/", java_script_enabled=False)
    page.get_by_role("link", name="Older").click()
    expect(tile(page, made[12])).to_be_visible()
    page.get_by_role("link", name="Newer").click()
    tile(page, made[0]).locator(".tile-check").check()
    page.locator("#selection [data-action=favourite]").click()
    expect(page.locator(".toast")).to_contain_text("Photo added to favourites")
    assert Photo.objects.get(favourite=True) == made[0]
    page.get_by_role("button", name="Undo").click()
    assert not Photo.objects.filter(favourite=True).exists()
    tile(page, made[0]).locator(".tile-link").click()
    page.get_by_role("link", name="Next photo").click()
    assert made[1].key in page.url
    page.get_by_role("link", name="Information").first.click()
    expect(page.locator("#info")).to_be_visible()


def test_arrows_faster_than_the_photos_lose_none(visit, make_shown):
    photos = [make_shown() for _ in range(4)]
    page = visit(f"/photo/{photos[3].key}/")
    delay(page, "**/photo/**")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#viewer")).to_have_attribute("data-key", photos[0].key)
