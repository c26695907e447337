"""Memories in a real browser: the strip, and the player with keys and touch."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from mirage.testing.browser import shortcuts
from photos.models import LeftOut, Photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]
SHIFTS = """() => new Promise((resolve) => {
  let sum = 0;
  const add = (list) => list.getEntries().forEach((entry) => { sum += entry.value; });
  new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(sum), 500);
})"""


@pytest.fixture
def memory(make_shown: Callable[..., Photo]) -> list[Photo]:
    """Three photos of today's date three years ago, the earliest first, and one of another day."""
    today = timezone.localdate()
    make_shown(taken=datetime(today.year, 1, 1, 12))
    day = min(today.day, 28)
    return [make_shown(taken=datetime(today.year - 3, today.month, day, 12, minute)) for minute in (1, 2, 3)]


def shown(page: Page) -> str:
    return str(page.locator(".player-slide.shown").get_attribute("data-key"))


def play(page: Page) -> None:
    page.get_by_role("link", name="3 years ago").click()
    expect(page.locator("#player")).to_be_visible()


def test_nothing_moves_when_the_strip_comes(visit: Visit, memory: list[Photo]) -> None:
    for width in (1200, 390):
        page = visit("/", width=width)
        expect(page.locator(".memory-card").first).to_be_visible()
        assert page.evaluate(SHIFTS) == 0


def test_the_strip_is_one_stop_of_the_tab_key(
    visit: Visit, memory: list[Photo], make_shown: Callable[..., Photo]
) -> None:
    for hour in range(8):  # enough for a season
        make_shown(taken=memory[0].taken_local.replace(tzinfo=None, hour=hour, year=memory[0].taken_local.year - 1))
    page = visit("/")
    cards = page.locator(".memory-card")
    expect(cards.nth(1)).to_be_visible()
    cards.first.focus()
    page.keyboard.press("ArrowRight")
    expect(cards.nth(1)).to_be_focused()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.matches('.memory-card')")


def test_six_presses_of_the_tab_key_lead_to_the_first_photo(visit: Visit, memory: list[Photo]) -> None:
    page = visit("/")
    expect(page.locator(".memory-card").first).to_be_visible()
    page.locator(".skip").focus()
    for _ in range(5):
        page.keyboard.press("Tab")
    expect(page.locator(".tile-link").first).to_be_focused()


def test_arrows_go_along_the_pages_at_the_side(visit: Visit, memory: list[Photo]) -> None:
    page = visit("/explore/")
    doors = page.locator(".rail-link")
    page.locator(".skip").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".rail-link[aria-current]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(doors.nth(2)).to_be_focused()
    page.keyboard.press("End")
    expect(doors.last).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator(".brand")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#search-input")).to_be_focused()


def test_the_keys_of_the_player(visit: Visit, memory: list[Photo]) -> None:
    first, second, third = (photo.key for photo in memory)
    page = visit("/")
    assert shortcuts(page, "While photos play") == {"Space", "← →", "Home End", "Esc"}
    play(page)
    player = page.locator("#player")
    expect(player).to_have_class(re.compile("paused"))  # who asks for less motion begins it
    assert shown(page) == first
    for key, then in (
        ("ArrowRight", second),
        ("End", third),
        ("ArrowRight", third),
        ("ArrowLeft", second),
        ("Home", first),
    ):
        page.keyboard.press(key)
        assert shown(page) == then
    page.keyboard.press("Space")
    expect(player).not_to_have_class(re.compile("paused"))
    page.wait_for_function("key => document.querySelector('.player-slide.shown').dataset.key === key", arg=second)
    page.keyboard.press("Space")
    expect(player).to_have_class(re.compile("paused"))
    page.keyboard.press("Escape")
    expect(player).to_have_count(0)
    expect(page.get_by_role("link", name="3 years ago")).to_be_focused()


def test_back_closes_the_player(visit: Visit, memory: list[Photo]) -> None:
    page = visit("/")
    play(page)
    page.go_back()
    expect(page.locator("#player")).to_have_count(0)
    expect(page.locator(".memory-card").first).to_be_visible()


def test_fingers_turn_and_close(visit: Visit, memory: list[Photo]) -> None:
    first, second, _ = (photo.key for photo in memory)
    page = visit("/", width=390, has_touch=True, is_mobile=True)
    play(page)
    page.touchscreen.tap(360, 400)
    assert shown(page) == second
    page.touchscreen.tap(20, 400)
    assert shown(page) == first
    drag(page, (300, 400), (100, 410))
    assert shown(page) == second
    drag(page, (200, 300), (210, 600))
    expect(page.locator("#player")).to_have_count(0)


def drag(page: Page, start: tuple[int, int], end: tuple[int, int]) -> None:
    page.evaluate(
        """([start, end]) => {
          const area = document.querySelector(".player-slides");
          const at = ([x, y]) => ({ clientX: x, clientY: y, pointerType: "touch", bubbles: true });
          area.dispatchEvent(new PointerEvent("pointerdown", at(start)));
          area.dispatchEvent(new PointerEvent("pointerup", at(end)));
        }""",
        [start, end],
    )


def test_not_this_is_remembered_and_undone(visit: Visit, memory: list[Photo], owner: User) -> None:
    page = visit("/")
    play(page)
    page.locator("#player").get_by_role("button", name="More").click()
    page.get_by_role("button", name="Not this memory").click()
    expect(page.locator("#player")).to_have_count(0)
    expect(page.get_by_role("link", name="3 years ago")).to_have_count(0)
    assert LeftOut.objects.filter(user=owner).exists()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="3 years ago")).to_be_visible()
    assert not LeftOut.objects.exists()


def test_the_photo_opens_and_comes_back(visit: Visit, memory: list[Photo]) -> None:
    page = visit("/")
    play(page)
    page.locator("#player").get_by_role("link", name="Open photo").click()
    expect(page.locator("#viewer")).to_have_attribute("data-key", memory[0].key)
    expect(page.locator("#player")).to_have_count(0)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#viewer")).to_have_attribute("data-key", memory[1].key)  # within the memory
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_have_count(0)
    expect(page.locator(".memory-card").first).to_be_visible()


def test_an_album_of_it(visit: Visit, memory: list[Photo], owner: User) -> None:
    page = visit("/explore/")
    play(page)
    page.locator("#player").get_by_role("button", name="More").click()
    page.get_by_role("button", name="Make an album of it").click()
    expect(page).to_have_url(re.compile("/albums/album/"))
    assert owner.albums.get().items.count() == 3
