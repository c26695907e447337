"""The open photo, and what lies over a page, in a real browser: how menus, sheets and dialogs are closed."""

import re

import pytest
from playwright.sync_api import Page, expect

from albums.models import Album, ShareLink
from media import video
from media.tests.videos import write
from photos.models import Comment
from photos.storage import paths

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}


def back(page: Page) -> None:
    """The browser's Back, which here often stays on the page: Playwright's own waits for another one."""
    page.evaluate("history.back()")


def test_a_menu_closes_by_escape_a_press_beside_it_and_back(visit):
    page = visit("/library/")
    page.goto("/tidy/")
    menu = page.locator("#account-menu")
    closings = (lambda: page.keyboard.press("Escape"), lambda: page.mouse.click(700, 760), lambda: back(page))
    for close in closings:
        page.get_by_role("button", name="Account of").click()
        expect(menu).to_be_visible()
        close()
        expect(menu).to_be_hidden()
    expect(page).to_have_url(re.compile("/tidy/$"))
    back(page)  # at once, past what was opened and closed
    expect(page).to_have_url(re.compile("/library/$"))


def test_back_closes_a_menu_that_was_opened_this_moment(visit):
    page = visit("/library/")
    page.goto("/tidy/")
    page.get_by_role("button", name="Account of").evaluate("button => { button.click(); history.back(); }")
    expect(page.locator("#account-menu")).to_be_hidden()
    page.wait_for_timeout(300)
    expect(page).to_have_url(re.compile("/tidy/$"))


def test_the_sheet_of_the_phone_scrolls_to_its_last_entry(visit):
    page = visit("/", width=360, height=500, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="More").tap()
    sheet = page.locator("#more")
    assert sheet.bounding_box()["y"] > 0
    last = sheet.get_by_role("link").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    back(page)
    expect(sheet).to_be_hidden()


def test_back_closes_the_information_of_the_phone_and_then_the_photo(visit, make_shown):
    make_shown()
    page = visit("/", **PHONE)
    page.locator(".tile-link").first.tap()
    viewer, info = page.locator("#viewer"), page.locator("#info")
    closings = (lambda: page.keyboard.press("Escape"), lambda: page.touchscreen.tap(200, 90), lambda: back(page))
    for close in closings:
        page.get_by_role("link", name="Information").first.tap()
        expect(info).to_be_visible()
        close()
        expect(info).to_be_hidden()
        expect(viewer).to_be_visible()
    back(page)
    expect(viewer).to_have_count(0)


def test_a_dialog_over_an_open_photo_closes_before_it(visit, make_shown):
    make_shown()
    page = visit("/")
    page.locator(".tile-link").first.click()
    viewer, sheet = page.locator("#viewer"), page.locator("#shortcuts")
    expect(viewer).to_be_visible()
    closings = (lambda: page.keyboard.press("Escape"), lambda: page.mouse.click(5, 400), lambda: back(page))
    for close in closings:
        page.keyboard.press("?")
        expect(sheet).to_be_visible()
        close()
        expect(sheet).to_be_hidden()
        expect(viewer).to_be_visible()
    box = page.locator("#viewer").bounding_box()
    assert box["x"] + box["width"] == page.evaluate("innerWidth")  # no strip beside it


def test_a_press_on_the_margin_inside_a_dialog_leaves_it_open(visit):
    page = visit("/albums/")
    page.get_by_role("button", name="New", exact=True).click()
    dialog = page.locator("#new-album")
    box = dialog.bounding_box()
    page.mouse.click(box["x"] + 5, box["y"] + 5)
    expect(dialog).to_be_visible()


def test_a_photo_is_put_into_an_album_in_three_clicks(visit, make_shown, owner):
    photo, album = make_shown(), Album.objects.create(owner=owner, name="Holidays")
    page = visit(f"/photo/{photo.key}/")
    page.get_by_role("button", name="Add to album").click()
    page.get_by_label("Holidays").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_contain_text("Holidays")
    expect(page.locator("#viewer")).to_be_visible()
    assert [item.photo for item in album.items.all()] == [photo]


def test_a_photo_is_shared_in_two_clicks(visit, make_shown, owner):
    photo = make_shown()
    page = visit(f"/photo/{photo.key}/")
    page.get_by_role("button", name="Share").click()
    page.locator("dialog").get_by_role("button", name=re.compile("link")).click()
    expect(page.get_by_role("heading", name="The link is ready")).to_be_visible()
    expect(page.locator("#viewer")).to_be_visible()
    assert ShareLink.objects.filter(owner=owner).count() == 1


def test_a_comment_that_is_being_written_outlives_the_removal_of_another(visit, make_shown, owner):
    photo = make_shown()
    Comment.objects.create(photo=photo, author=owner, text="The old one")
    page = visit(f"/photo/{photo.key}/comments/")
    page.get_by_label("Comment", exact=True).last.wait_for()
    draft = page.get_by_placeholder("Add a comment")
    draft.fill("A long thought")
    page.get_by_text("The old one").first.click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The old one")).to_have_count(0)
    expect(draft).to_have_value("A long thought")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#comments li")).to_contain_text("A long thought")
    expect(draft).to_have_value("")


def test_a_video_plays_at_once_where_the_browser_can_play_the_original(visit, make_shown, tmp_path):
    file = write(tmp_path / "a.mp4", codec="libvpx-vp9")  # in MP4 Chrome plays it, Safari does not
    told = video.probe(file)
    assert told.playable is False
    photo = make_shown(kind="video", media_type="video/mp4", playable=False, browser_type=told.browser_type)
    file.replace(paths.original_path(photo))
    page = visit("/")
    page.locator(".tile-link").first.click()
    page.wait_for_function("() => document.querySelector('#viewer video')?.readyState >= 2")
    assert page.evaluate("() => document.querySelector('#viewer video').currentSrc").endswith("/original")
    expect(page.locator(".viewer-failed")).to_be_hidden()


def test_a_video_that_can_be_played_neither_way_says_so(visit, make_shown):
    make_shown(kind="video", media_type="video/mp4", playable=False, browser_type='video/mp4; codecs="hvc9.1"')
    page = visit("/")
    page.route("**/video.mp4", lambda route: route.abort())
    page.locator(".tile-link").first.click()
    expect(page.locator(".viewer-failed")).to_be_visible()


def test_a_picture_is_rotated_by_key_and_by_menu_and_undone(visit, make_shown):
    photo = make_shown()
    page = visit(f"/photo/{photo.key}/")
    page.keyboard.press("r")
    expect(page.locator("#toasts")).to_contain_text("Photo rotated")
    expect(page.locator("#viewer img[src*='turn=6']").first).to_be_visible()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#viewer img[src*='turn=6']")).to_have_count(0)
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Mirror").click()
    expect(page.locator("#viewer img[src*='turn=2']").first).to_be_visible()
