"""Albums in a real browser: arranging by hand, and a guest who opens a link with its password and adds a photo."""

import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from albums import items
from albums.models import Album, AlbumItem
from albums.public import links
from albums.public.links import Terms
from photos.models import Photo
from photos.tests.conftest import make_shown

__all__ = ["make_shown"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def shown(page: Page) -> list[str]:
    keys: list[str] = page.eval_on_selector_all(".tile", "tiles => tiles.map((tile) => tile.dataset.key)")
    return keys


@pytest.fixture
def filled(make_album: Callable[..., Album], make_shown: Callable[..., Photo]) -> Album:
    """An album of five photos."""
    return make_album("Lisbon", [make_shown() for _ in range(5)])


def kept(album: Album) -> list[str]:
    items = AlbumItem.objects.filter(album=album).order_by("position", "pk")
    return list(items.values_list("photo__key", flat=True))


def test_dragging_moves_a_photo_and_undo_moves_it_back(visit: Callable[..., Page], filled: Album) -> None:
    before = kept(filled)
    page = visit(filled.get_absolute_url())
    page.locator(".tile").nth(3).drag_to(page.locator(".tile").nth(0), target_position={"x": 5, "y": 20})
    expect(page.locator(".toast")).to_contain_text("Photo moved")
    moved = [before[3], *before[:3], before[4]]
    assert (shown(page), kept(filled)) == (moved, moved)
    page.locator(".toast button", has_text="Undo").click()
    expect(page.locator(".tile").first).to_have_attribute("data-key", before[0])
    assert kept(filled) == before


def test_an_album_plays_in_its_order(visit: Callable[..., Page], filled: Album) -> None:
    page = visit(filled.get_absolute_url())
    page.get_by_role("button", name="Play").click()
    slide = page.locator(".player-slide.shown")
    expect(page.get_by_role("heading", name=filled.name)).to_be_visible()
    expect(slide).to_have_attribute("data-key", kept(filled)[0])
    page.keyboard.press("Space")
    page.wait_for_function(  # it turns by itself
        "key => document.querySelector('.player-slide.shown').dataset.key === key", arg=kept(filled)[1]
    )
    page.keyboard.press("End")
    expect(slide).to_have_attribute("data-key", kept(filled)[-1])
    page.keyboard.press("Escape")
    expect(page.locator("#player")).to_have_count(0)


def test_the_buttons_of_an_album(
    visit: Callable[..., Page], filled: Album, make_album: Callable[..., Album], tmp_path: Any
) -> None:
    folder = make_album("Portugal", kind="folder")
    before = kept(filled)
    page = visit(filled.get_absolute_url())
    page.get_by_label("Name").fill("Porto")
    page.keyboard.press("Enter")
    expect(page.locator(".toast").last).to_contain_text("Undo")

    def open_menu() -> None:
        page.goto(filled.get_absolute_url())
        page.get_by_role("button", name="More").click()

    open_menu()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all").click()
    download.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert len(archive.namelist()) == 5
    items.move(filled, [before[0]], None)  # the first stands last
    open_menu()
    page.get_by_role("button", name="Sort by time").click()
    expect(page.locator(".tile").first).to_have_attribute("data-key", before[0])
    open_menu()
    page.get_by_label("Folder").select_option(label="Portugal")
    expect(page.locator(".toast").last).to_contain_text("Undo")
    filled.refresh_from_db()
    assert (filled.name, filled.parent) == ("Porto", folder)
    page.get_by_role("link", name="Share").click()
    expect(page).to_have_url(re.compile("/sharing/$"))
    open_menu()
    page.get_by_role("button", name="Delete album").click()
    expect(page).not_to_have_url(re.compile(filled.key))
    filled.refresh_from_db()
    assert filled.deleted_at is not None
    page.goto("/accounts/history/")
    row = page.locator(".list-row", has_text="Deleted Porto")
    row.get_by_role("button", name="Undo").click()
    expect(row).to_contain_text("undone")
    filled.refresh_from_db()
    assert filled.deleted_at is None


def test_on_a_phone_the_next_press_chooses_the_place(visit: Callable[..., Page], filled: Album) -> None:
    before = kept(filled)
    page = visit(filled.get_absolute_url(), width=390)
    page.locator(".tile-check").nth(4).click(force=True)
    page.locator("[data-move-mode]").click()
    page.locator(".tile").nth(1).click()
    expect(page.locator(".toast")).to_contain_text("Photo moved")
    assert kept(filled) == [before[0], before[4], *before[1:4]]


def test_a_guest_opens_a_link_and_adds_a_photo(
    browser: Browser, live_server: LiveServer, owner: User, filled: Album, tmp_path: Any
) -> None:  # fmt: skip
    link = links.make(owner, Terms(name="Holiday", password="rosebud", allow_upload=True), album=filled)
    Image.new("RGB", (60, 40), "red").save(tmp_path / "guest.jpg")
    context = browser.new_context(base_url=live_server.url, viewport={"width": 390, "height": 800})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"/s/{links.token_of(link)}/")
    expect(page.get_by_text("Holiday")).to_have_count(0)
    page.get_by_label("Password").fill("rosebud")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", name="Holiday")).to_be_visible()
    expect(page.locator(".tile")).to_have_count(5)
    with page.expect_response(lambda response: "/upload/" in response.url) as answer:
        page.set_input_files("[data-guest-upload]", tmp_path / "guest.jpg")
    assert answer.value.status == 201
    assert filled.items.filter(photo__original_name="guest.jpg").exists()
    page.locator(".tile-link").first.click()
    expect(page.locator("#viewer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_have_count(0)
    context.close()
    assert complaints == []
