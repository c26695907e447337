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


def open_menu(page: Page, album: Album) -> None:
    page.goto(album.get_absolute_url())
    page.get_by_role("button", name="More").click()


def test_the_buttons_of_an_album(
    visit: Callable[..., Page], filled: Album, make_album: Callable[..., Album], tmp_path: Any
) -> None:
    folder = make_album("Portugal", kind="folder")
    before = kept(filled)
    page = visit(filled.get_absolute_url())
    page.get_by_label("Name").fill("Porto")
    page.keyboard.press("Enter")
    expect(page.locator(".toast").last).to_contain_text("Undo")

    open_menu(page, filled)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all").click()
    download.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert len(archive.namelist()) == 5
    items.move(filled, [before[0]], None)  # the first stands last
    open_menu(page, filled)
    page.get_by_role("button", name="Oldest first").click()
    expect(page.locator(".tile").first).to_have_attribute("data-key", before[0])
    open_menu(page, filled)
    page.get_by_label("Folder").select_option(label="Portugal")
    expect(page.locator(".toast").last).to_contain_text("Undo")
    filled.refresh_from_db()
    assert (filled.name, filled.parent) == ("Porto", folder)
    open_menu(page, filled)
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


def test_an_album_is_shown_by_day(visit: Callable[..., Page], filled: Album) -> None:
    page = visit(filled.get_absolute_url())
    expect(page.locator(".month")).to_have_count(0)
    for view, months in (("By day", 1), ("As arranged", 0)):
        page.get_by_role("button", name="More").click()
        page.get_by_role("button", name=view).click()
        expect(page.locator(".month")).to_have_count(months)
    assert kept(filled) == shown(page)


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


def rename(page: Page, name: str) -> None:
    """Give the album another name, and wait until its head shows the answer, or a dialog asks."""
    page.evaluate("document.querySelector('#album-head').classList.add('older')")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Name", exact=True).press("Enter")
    page.locator("#album-head:not(.older), dialog[open]").first.wait_for()


def test_what_is_typed_while_something_else_is_saved_stays(visit: Callable[..., Page], filled: Album) -> None:
    page = visit(filled.get_absolute_url())
    page.get_by_text("5 photos").wait_for()
    page.evaluate("document.querySelector('#album-head').classList.add('older')")
    page.get_by_label("Name", exact=True).fill("Sintra")
    description = page.get_by_label("Description")
    description.fill("By the river")  # which leaves the name, and saves it
    expect(page.locator("#album-head.older")).to_have_count(0)  # the head was fetched again
    expect(description).to_have_value("By the river")
    expect(description).to_be_focused()
    page.get_by_label("Name", exact=True).focus()
    expect(page.locator(".toast")).to_have_count(2)
    filled.refresh_from_db()
    assert (filled.name, filled.description) == ("Sintra", "By the river")


def test_two_tabs_that_change_one_name_are_shown_both(visit: Callable[..., Page], filled: Album) -> None:
    first, second = visit(filled.get_absolute_url()), visit(filled.get_absolute_url())
    rename(first, "Sintra")
    rename(first, "Sintra, Portugal")
    rename(second, "Porto")
    dialog = second.get_by_role("dialog")
    expect(dialog.locator("blockquote")).to_have_text(["Sintra, Portugal", "Porto"])
    dialog.get_by_role("button", name="Save yours").click()
    expect(dialog).to_be_hidden()
    expect(second.locator("#album-head.older")).to_have_count(0)
    filled.refresh_from_db()
    assert filled.name == "Porto"
    rename(second, "Porto, Portugal")
    expect(second.get_by_role("dialog")).to_be_hidden()
    filled.refresh_from_db()
    assert filled.name == "Porto, Portugal"


# --- adding photos ----------------------------------------------------------------------------------------------------


@pytest.fixture
def picker(visit: Callable[..., Page], filled: Album, make_shown: Callable[..., Photo]) -> Page:
    """The library of eight, three of them not in the album and one of these called a beach, to choose from."""
    for number in range(3):
        make_shown(title="Beach" if number == 2 else "")
    return visit(f"{filled.get_absolute_url()}add/")


def free(page: Page) -> Any:
    return page.locator(".tile:not(.inside)")


def test_photos_are_chosen_from_the_library_by_pointer_and_search(picker: Page, filled: Album) -> None:
    expect(picker.locator(".tile.inside")).to_have_count(5)
    expect(free(picker)).to_have_count(3)
    picker.locator(".tile.inside .tile-link").first.click(force=True)
    expect(picker.locator(".tile.selected")).to_have_count(0)  # it is in the album already
    free(picker).nth(0).locator(".tile-link").click()
    free(picker).nth(2).locator(".tile-link").click(modifiers=["Shift"])
    done = picker.locator("[data-done-label]")
    expect(done).to_have_text("Done (3)")
    free(picker).nth(0).locator(".tile-link").click()
    picker.get_by_label("Search your library").fill("beach")
    expect(picker.locator(".tile")).to_have_count(1)
    expect(done).to_have_text("Done (2)")  # what was chosen stays
    done.click()
    expect(picker).to_have_url(re.compile(f"{filled.key}/$"))
    expect(picker.locator(".tile")).to_have_count(7)
    picker.locator(".toast").get_by_role("button", name="Undo").click()
    expect(picker.locator(".tile")).to_have_count(5)


def test_photos_are_chosen_by_key(picker: Page, filled: Album) -> None:
    free(picker).nth(0).locator(".tile-link").focus()
    picker.keyboard.press("Enter")
    picker.keyboard.press("ArrowRight")
    picker.keyboard.press("ArrowRight")
    picker.keyboard.press("Shift+x")
    expect(picker.locator("[data-done-label]")).to_have_text("Done (3)")
    expect(picker.locator("#viewer")).to_have_count(0)
    picker.get_by_role("button", name="Done").focus()
    picker.keyboard.press("Enter")
    expect(picker.locator(".tile")).to_have_count(8)
    assert len(kept(filled)) == 8


def test_photos_are_chosen_by_touch(picker: Page, visit: Callable[..., Page]) -> None:
    phone = visit(picker.url, width=390, height=844, has_touch=True, is_mobile=True)
    for number in (0, 1):
        free(phone).nth(number).locator(".tile-link").tap()
    expect(phone.locator("[data-done-label]")).to_have_text("Done (2)")
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390
    phone.locator("[data-done-label]").tap()
    expect(phone.locator(".tile")).to_have_count(7)


def test_the_cover_is_chosen_from_the_menu(visit: Callable[..., Page], filled: Album) -> None:
    page = visit(filled.get_absolute_url())
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Choose the cover").click()
    expect(page.get_by_text("Press the photo that is to be the cover")).to_be_visible()
    page.locator(".tile").nth(2).locator(".tile-link").click()
    expect(page.locator(".toast")).to_contain_text("Album changed")
    filled.refresh_from_db()
    assert filled.cover is not None
    assert filled.cover.key == kept(filled)[2]
    expect(page.locator("#viewer")).to_have_count(0)


def test_an_album_is_shared_without_leaving_it(visit: Callable[..., Page], filled: Album, stranger: User) -> None:
    page = visit(filled.get_absolute_url(), permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="Share").click()
    dialog = page.get_by_role("dialog", name=f"Share {filled.name}")
    dialog.get_by_label("Share with").select_option(stranger.username)
    dialog.get_by_role("button", name="Share").click()
    expect(dialog.get_by_label(f"What {stranger.username} may do")).to_be_visible()
    dialog.get_by_text("Password and end date").click()
    dialog.get_by_label("Password").fill("rosebud")
    dialog.get_by_label("Open until").fill("2099-05-01")
    dialog.get_by_role("button", name="Create link").click()
    dialog.get_by_role("button", name="Copy").click()
    link = filled.links.get()
    assert page.evaluate("() => navigator.clipboard.readText()").endswith(f"/s/{links.token_of(link)}/")
    expect(dialog).to_contain_text("with a password")
    expect(page).to_have_url(re.compile(f"{filled.key}/$"))
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_selection_is_dropped_on_an_album_in_the_rail(visit: Callable[..., Page], filled: Album) -> None:
    other = Album.objects.create(owner=filled.owner, name="Best")
    page = visit("/")
    for number in (0, 1):
        page.locator(".tile").nth(number).hover()
        page.locator(".tile-check").nth(number).click()
    expect(page.locator("#rail-albums")).to_have_count(0)
    page.locator(".tile").nth(0).hover()
    page.mouse.down()
    page.mouse.move(600, 400)
    target = page.locator("#rail-albums [data-album]", has_text="Best")
    expect(target).to_be_visible()
    box = target.bounding_box()
    assert box is not None
    for step in range(3):  # the first enters it
        page.mouse.move(box["x"] + 40 + step, box["y"] + 10)
    expect(target).to_have_class(re.compile("drop-here"))
    page.mouse.up()
    expect(page.locator(".toast")).to_contain_text("Best")
    expect(page.locator("#rail-albums")).to_have_count(0)
    assert other.items.count() == 2
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast", has_text="Undone")).to_be_visible()
    assert other.items.count() == 0


def test_the_key_l_does_what_dragging_does(visit: Callable[..., Page], filled: Album) -> None:
    page = visit("/")
    page.locator(".tile-link").first.focus()
    page.keyboard.press("l")
    dialog = page.locator("dialog", has_text="1 photo in albums")
    expect(dialog).to_be_visible()
    dialog.get_by_label("New album").fill("Best")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    assert Album.objects.get(name="Best").items.count() == 1
