"""How the photos are looked at, in a real browser: three sizes, the calendar, the day in view, pages far away."""

import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from photos.models import Photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WATCH = """window.moved = 0;
    new PerformanceObserver(list => { for (const entry of list.getEntries()) window.moved += entry.value })
        .observe({type: "layout-shift", buffered: true})"""
KEPT = 300  # elements of the document, so that few photos are many
FIRST = "() => [...document.querySelectorAll('.tile')].find(t => t.getBoundingClientRect().top > 100).dataset.key"
SHOWN = "tiles => tiles.filter(tile => !tile.hidden).map(tile => tile.dataset.key)"


def days(make: Callable[..., Photo], count: int, a_day: int = 5) -> list[Photo]:
    """That many photos, newest first, `a_day` a day."""
    noon = datetime(2024, 5, 30, 12)
    return [make(taken=noon - timedelta(days=number // a_day, minutes=number % a_day)) for number in range(count)]


@pytest.fixture
def long_list(visit, make_shown, monkeypatch):
    """A timeline of many pages in a browser that keeps few elements, and its photos."""
    monkeypatch.setattr("photos.gallery.timeline.PAGE_SIZE", 10)
    made = days(make_shown, 130)
    page = visit("about:blank", height=500)
    page.add_init_script(WATCH)

    def fewer(route):
        response = route.fetch()
        route.fulfill(
            response=response, body=response.text().replace("ELEMENTS_KEPT = 2600", f"ELEMENTS_KEPT = {KEPT}")
        )

    page.route("**/photos/grid/pages.js", fewer)
    page.goto("/")
    return page, made


def scroll(page: Page, steps: int, by: int) -> None:
    for _ in range(steps):
        page.mouse.wheel(0, by)
        page.wait_for_timeout(60)


def tops(page: Page) -> dict[str, float]:
    """How far down the document each tile is."""
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(".tile")].map(
            tile => [tile.dataset.key, tile.getBoundingClientRect().top + scrollY]))"""
    )


def test_pages_far_away_leave_the_document_and_come_back_in_their_place(long_list):
    page, made = long_list
    first = tops(page)
    scroll(page, 30, 900)
    expect(page.locator(f"#p-{made[-1].key}")).to_be_visible(timeout=10_000)
    height = page.evaluate("document.documentElement.scrollHeight")
    assert page.locator(f"#p-{made[0].key}").count() == 0
    assert page.locator(".grid-page.away").count() > 3
    assert page.locator(".tile").count() < len(made) / 2
    scroll(page, 40, -900)
    expect(page.locator(f"#p-{made[0].key}")).to_be_visible(timeout=10_000)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollHeight") == height
    again = tops(page)
    assert {key: top for key, top in again.items() if key in first} == {
        key: first[key] for key in again if key in first
    }
    assert page.eval_on_selector_all(".tile", SHOWN) == [photo.key for photo in made][: page.locator(".tile").count()]
    assert page.evaluate("window.moved") <= 0.02


def test_focus_and_selection_outlive_pages_that_leave(long_list):
    page, made = long_list
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    scroll(page, 30, 900)
    expect(page.locator(f"#p-{made[-1].key}")).to_be_visible(timeout=10_000)
    focused = "document.activeElement.closest('.tile').dataset.key"
    assert page.evaluate(focused) == made[0].key  # the page with the focus stays
    page.locator(f"#p-{made[-1].key} .tile-link").click(modifiers=["Shift"])
    expect(page.locator(".selection-count")).to_have_text("130 selected")  # with those that are away
    scroll(page, 40, -900)
    expect(page.locator(f"#p-{made[12].key}")).to_have_class(re.compile(r"\bselected\b"))


def test_the_size_is_chosen_in_the_menu_and_remembered(visit, make_shown):
    days(make_shown, 30)
    page = visit("/")
    height = "document.querySelector('.tile').offsetHeight"
    medium = page.evaluate(height)
    page.get_by_role("button", name="View").click()
    page.get_by_role("radio", name="Small").check()
    small = page.evaluate(height)
    assert small < 0.8 * medium
    page.reload()
    assert page.evaluate(height) == small
    page.get_by_role("button", name="View").click()
    expect(page.get_by_role("radio", name="Small")).to_be_checked()


def test_keys_and_the_wheel_with_ctrl_change_the_size_and_keep_the_photo_in_place(visit, make_shown):
    days(make_shown, 80)
    page = visit("/", height=500)
    size = page.locator("#grid")
    page.mouse.wheel(0, 900)
    page.wait_for_timeout(200)
    key = page.evaluate(FIRST)
    top = f"document.getElementById('p-{key}').getBoundingClientRect().top"
    page.locator(f"#p-{key}").hover()
    before = page.evaluate(top)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(size).to_have_attribute("data-size", "large")
    assert abs(page.evaluate(top) - before) < 3
    page.keyboard.press("-")
    expect(size).to_have_attribute("data-size", "medium")
    page.keyboard.press("-")
    expect(size).to_have_attribute("data-size", "small")
    page.keyboard.press("-")
    page.wait_for_url("**/years/2024/5/")  # wider than small is the month
    page.go_back()
    expect(size).to_have_attribute("data-size", "small")


def test_two_fingers_change_the_size(visit, make_shown):
    days(make_shown, 30)
    page = visit("/", width=390, height=844, has_touch=True, is_mobile=True)
    touch = page.context.new_cdp_session(page)

    def fingers(kind: str, apart: int) -> None:
        points = [{"x": 195 - apart, "y": 400}, {"x": 195 + apart, "y": 400}] if apart else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", 40)
    for apart in (45, 50, 60):
        fingers("touchMove", apart)
    fingers("touchEnd", 0)
    expect(page.locator("#grid")).to_have_attribute("data-size", "large")


def test_the_day_in_view_stands_under_the_heading_and_is_not_read_out_twice(visit, make_shown):
    days(make_shown, 80)
    page = visit("/", height=500)
    shown = page.locator(".top-date")
    expect(shown).to_have_text("")
    page.mouse.wheel(0, 1500)
    page.wait_for_timeout(300)
    tile = page.evaluate(FIRST)
    day = Photo.objects.get(key=tile).taken_local
    seen = shown.inner_text()
    assert seen.split()[-1] == "2024"
    assert abs(datetime.strptime(seen.strip(), "%a %d %b %Y").date() - day.date()) <= timedelta(days=2)
    assert page.get_by_role("heading", level=1, name="Photos", exact=True).count() == 1


def test_a_few_presses_of_tab_lead_to_the_first_photo(visit, make_shown):
    made = days(make_shown, 5)
    page = visit("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    presses, inside = 1, "document.activeElement.closest('.tile')?.dataset.key"
    while page.evaluate(inside) is None and presses < 6:
        page.keyboard.press("Tab")
        presses += 1
    assert page.evaluate(inside) == made[0].key


def test_the_calendar_goes_by_arrows(visit, make_shown):
    for month in (2, 3, 7):
        make_shown(taken=datetime(2023, month, 5))
    page = visit("/years/2023/")
    page.get_by_role("link", name="February 2023, 1 photo").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("link", name="March 2023")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="July 2023")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/years/2023/7/")
    page.get_by_role("link", name="Wednesday 5 July, 1 photo").click()
    expect(page.locator(".day").first).to_have_attribute("data-day", "2023-07-05")


def test_nothing_moves_by_the_width_of_the_scrollbar(visit, make_shown):
    days(make_shown, 60)
    hidden = visit("/").context  # its scrollbars take no room
    browser = hidden.browser.browser_type.launch(
        executable_path=os.environ.get("MIRAGE_TEST_CHROMIUM"),
        args=["--no-sandbox"],
        ignore_default_args=["--hide-scrollbars"],
    )
    page = browser.new_page(base_url=live_at(hidden), storage_state=hidden.storage_state())
    right = "document.querySelector('.top .avatar').getBoundingClientRect().right"
    page.goto("/albums/")
    short = page.evaluate(right)
    page.goto("/")
    assert page.evaluate("innerWidth > document.documentElement.clientWidth")  # a scrollbar is there
    assert page.evaluate(right) == short
    width = "document.querySelector('.tile').getBoundingClientRect().width"
    before = page.evaluate(width)
    page.locator(".tile-link").first.click()
    aside = """() => { const { left, right } = document.querySelector(".viewer-media").getBoundingClientRect();
        return left - (innerWidth - right) }"""
    page.wait_for_selector(".viewer-media")
    assert page.evaluate(aside) == 0  # the picture is in the true middle
    assert page.evaluate(width) == before
    page.reload()
    assert page.evaluate(aside) == 0
    browser.close()


def live_at(context: BrowserContext) -> str:
    return context.pages[0].evaluate("location.origin")


def test_a_video_plays_while_the_pointer_rests_on_it(visit, make_shown):
    film = make_shown(kind="video", media_type="video/webm", duration=1, playable=True, taken=datetime(2024, 5, 2))
    make_shown(taken=datetime(2024, 5, 1))
    page = visit("/")
    asked: list[str] = []
    page.route("**/video.mp4", lambda route: asked.append(route.request.url))  # never answered
    tile = page.locator(f"#p-{film.key}")
    video = tile.locator("video")
    tile.hover()
    page.wait_for_timeout(600)
    expect(video).to_have_count(0)  # this browser asked for less motion
    page.locator(".search-input").hover()
    page.emulate_media(reduced_motion="no-preference")
    tile.hover()
    expect(video).to_be_attached()
    assert video.evaluate("video => video.muted")
    assert video.evaluate("video => getComputedStyle(video).opacity") == "0"  # the poster stays until it plays
    assert len(asked) == 1
    page.locator(".search-input").hover()
    expect(video).to_have_count(0)
