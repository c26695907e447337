"""The search box in a real browser: by keyboard, on the phone, with mistakes, facets and saved searches."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from mirage.testing.pictures import write_thumbnails
from photos.models import Photo
from photos.storage import paths
from search.models import RecentSearch, SavedSearch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shown(make_photo: Callable[..., Photo], name_face: Any, tag: Any) -> list[Photo]:
    """Three photos with thumbnails: Anna at the beach twice, and a forest."""
    made = []
    for number, (title, place) in enumerate((("On the beach", "Lisbon"), ("Beach again", "Porto"), ("Forest", "Oslo"))):
        photo = make_photo(title=title, place=place, country="Portugal", favourite=number == 0)
        write_thumbnails(paths.derived_folder(photo.sha256), (400, 300), (number * 80, 120, 160))
        made.append(photo)
    name_face(made[0], "Anna Lee"), name_face(made[1], "Anna Lee"), tag(made[1], "travel/portugal")
    return made


@pytest.fixture
def visit(visit: Callable[..., Page]) -> Iterator[Callable[..., Page]]:
    """Wait for all responses at the end: PostgreSQL cannot empty tables that a request still reads."""
    pages = []

    def open_page(*args: Any, **options: Any) -> Page:
        pages.append(visit(*args, **options))
        return pages[-1]

    yield open_page
    for page in pages:
        page.wait_for_load_state("networkidle")


def slowly(page: Page, address: str) -> None:
    """Slow down requests to this address."""

    def answer(route: Route) -> None:
        time.sleep(0.3)
        route.continue_()

    page.route(address, answer)


def tiles(page: Page, *photos: Photo) -> None:
    """The page shows these photos and no others."""
    expect(page.locator(".tile")).to_have_count(len(photos))
    for photo in photos:
        expect(page.locator(f"#p-{photo.key}")).to_be_visible()


def test_by_keyboard_from_key_to_person_to_photos(visit, shown):
    page = visit("/")
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="Search photos")
    expect(box).to_be_focused()
    page.keyboard.type("pers")
    expect(page.get_by_role("option", name=re.compile("^person:"))).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value("person:")
    expect(page.get_by_role("option", name=re.compile("Anna Lee"))).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(box).to_have_value('person:"Anna Lee" ')
    page.keyboard.press("Enter")
    expect(page.locator(".search-chip")).to_have_text("Anna Lee")
    tiles(page, *shown[:2])


def test_a_fast_user_loses_nothing_to_slow_proposals(visit, shown):
    page = visit("/search/")
    slowly(page, "**/search/complete/**")
    box = page.get_by_role("combobox", name="Search photos")
    box.focus()
    page.keyboard.type("forest")
    page.keyboard.press("ArrowDown")  # what is proposed, if anything, is for less than what was typed
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=forest$"))
    tiles(page, shown[2])


def test_a_mistake_is_marked_and_corrected(visit, shown):
    page = visit("/search/?q=is:favourit")
    expect(page.locator("mark")).to_have_text("favourit")
    page.keyboard.press("/")
    assert page.evaluate("getSelection().toString()") == "favourit"
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Search for is:favourite").click()
    tiles(page, shown[0])


def test_facets_and_chips_narrow_and_widen(visit, shown):
    page = visit("/search/?q=beach")
    expect(page.get_by_text("2 photos")).to_be_visible()
    page.locator("summary", has_text="Places").click()
    page.get_by_role("link", name="Porto 1").click()
    tiles(page, shown[1])
    page.get_by_role("link", name="Without beach").click()
    expect(page.locator(".search-chip")).to_have_text("Porto")


def test_a_search_is_saved_pinned_and_deleted(visit, shown, owner):
    page = visit("/search/?q=beach")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("textbox", name="Name").fill("Sea")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Saved as “Sea”")
    page.goto("/")
    page.locator(".rail").get_by_role("link", name="Sea").click()
    tiles(page, *shown[:2])
    page.goto("/search/saved/")
    page.get_by_role("button", name="Delete Sea").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)  # answered
    expect(page.locator("#saved").get_by_role("link", name="Sea")).to_be_visible()
    assert SavedSearch.objects.get().query == "beach"
    page.get_by_role("button", name="Delete Sea").click()
    expect(page.get_by_text("No searches yet")).to_be_visible()
    expect(page.locator(".rail").get_by_role("link", name="Sea")).to_have_count(0)


def test_before_a_word_is_typed_there_is_something_to_tap(visit, shown, owner):
    RecentSearch.objects.create(owner=owner, query="forest")
    RecentSearch.objects.create(owner=owner, query="porto")
    page = visit("/")
    page.keyboard.press("/")
    panel = page.get_by_role("group", name="Begin with")
    expect(panel.get_by_role("link", name="Anna Lee")).to_be_visible()
    panel.get_by_role("button", name="Delete forest from recent searches").click()
    expect(panel.get_by_role("link", name="forest")).to_have_count(0)
    expect(panel.get_by_role("link", name="porto", exact=True)).to_be_visible()
    assert [one.query for one in RecentSearch.objects.all()] == ["porto"]
    box = page.get_by_role("combobox", name="Search photos")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(box).to_be_focused()
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    expect(panel).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(panel.get_by_role("link", name="Anna Lee")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".search-chip")).to_have_text("Anna Lee")
    tiles(page, *shown[:2])


def test_what_was_mended_can_be_searched_as_it_was_typed(visit, shown):
    page = visit("/search/?q=anna+lisbonn")
    tiles(page, shown[0])
    page.get_by_role("link", name="Search instead for “lisbonn”").click()
    expect(page).to_have_url(re.compile("anna%20%22lisbonn%22"))
    page.get_by_role("link", name="2 without").click()
    tiles(page, *shown[:2])


def test_a_list_is_searched_alone(visit, shown):
    page = visit("/favourites/")
    page.keyboard.press("/")
    page.keyboard.type("beach")
    page.get_by_role("option", name=re.compile("in this list only")).click()
    expect(page).to_have_url(re.compile("q=is%3Afavourite"))
    tiles(page, shown[0])


def test_on_the_phone_the_bar_leads_to_the_box(visit, shown):
    page = visit("/", width=390, height=844, has_touch=True)
    box = page.get_by_role("combobox", name="Search photos")
    expect(box).to_be_hidden()
    page.get_by_role("link", name="Search", exact=True).tap()
    box.fill("forest")
    box.press("Enter")
    tiles(page, shown[2])
    expect(box).to_be_visible()
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 390
