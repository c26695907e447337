"""The palette in a real browser, by keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from albums.models import Album
from photos.models import Photo
from photos.tests.conftest import make_shown

__all__ = ["make_shown"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]


def test_it_goes_where_the_first_line_says(visit: Visit, owner: User) -> None:
    album = Album.objects.create(owner=owner, name="Lisbon in autumn")
    page = visit("/people/")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Go to a page")
    expect(field).to_be_focused()
    page.keyboard.type("lis au")
    chosen = page.locator("#palette [aria-selected=true]")
    expect(chosen).to_contain_text("Lisbon in autumn")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(album.get_absolute_url()))
    page.wait_for_load_state()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=option]").first).to_contain_text("Lisbon in autumn")  # it was chosen lately
    names = page.evaluate("JSON.stringify(localStorage)")
    assert "Lisbon" not in names


def test_enter_waits_for_what_was_typed(visit: Visit, owner: User) -> None:
    page = visit("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("archi")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/archive/$"))


def test_arrows_escape_and_the_search(visit: Visit, owner: User) -> None:
    page = visit("/")
    page.keyboard.press("/")
    page.keyboard.press("Control+k")  # from another field too
    chosen = page.locator("#palette [aria-selected=true]")
    expect(chosen).to_have_count(1)
    page.keyboard.press("ArrowUp")
    expect(chosen).to_contain_text("Search photos")
    page.keyboard.press("ArrowDown")
    expect(chosen).to_contain_text("Photos")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("nothing is called so")
    expect(page.locator("#palette [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=nothing%20is%20called%20so"))


def test_back_and_a_press_outside_close_it(visit: Visit, owner: User) -> None:
    page = visit("/albums/")
    page.get_by_role("button", name="Go to", exact=True).click()
    expect(page.locator("#palette")).to_be_visible()
    page.go_back()
    expect(page.locator("#palette")).to_be_hidden()
    expect(page).to_have_url(re.compile("/albums/$"))
    page.keyboard.press("Control+k")
    page.mouse.click(5, 5)
    expect(page.locator("#palette")).to_be_hidden()


def test_ctrl_enter_opens_a_new_tab(visit: Visit, owner: User) -> None:
    page = visit("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("explore")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("Explore")
    with page.context.expect_page() as opened:
        page.keyboard.press("Control+Enter")
    expect(opened.value).to_have_url(re.compile("/explore/$"))
    expect(page).to_have_url(re.compile("/$"))


def test_actions_are_done(visit: Visit, owner: User) -> None:
    page = visit("/people/")
    page.keyboard.press("Control+k")
    page.keyboard.type("dark app")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_url(re.compile("/people/$"))
    page.keyboard.press("Control+k")
    page.keyboard.type("new alb")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="New album")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("keyb")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("sign out")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_it_does_what_the_selection_can_do(visit: Visit, make_shown: Callable[..., Photo]) -> None:
    photo = make_shown()
    page = visit("/")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    expect(page.locator(".selection-count")).to_have_text("1 selected")
    page.keyboard.press("Control+k")
    page.keyboard.type("favo")
    expect(page.locator("#palette [aria-selected=true]")).to_have_text(re.compile(r"Favourite\s*Selection"))
    page.keyboard.press("Enter")
    expect(page.locator(f"#p-{photo.key}")).to_have_class(re.compile("favourite"))
