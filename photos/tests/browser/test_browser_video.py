"""Videos in a browser: played in segments, tried again, edited by keys and by mouse, and looked around in."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from media.tests.videos import write
from photos.models import Photo
from photos.storage import paths
from photos.storage.streaming import makers

SHOWN = "() => document.querySelector('#viewer video')?.readyState >= 2"


@pytest.fixture
def clip(make_shown: Callable[..., Photo], monkeypatch: pytest.MonkeyPatch) -> Photo:
    """A video that Chromium does not play as it came."""
    monkeypatch.setattr(makers, "IDLE_SECONDS", 3.0)
    monkeypatch.setattr(makers, "encoder", lambda: "libx264")
    photo = make_shown(kind="video", media_type="video/x-matroska", playable=False, duration=8.0, width=96, height=64)
    keys = {"x265-params": "keyint=10"}
    file = paths.original_path(photo)
    write(file, format="matroska", codec="libx265", seconds=8, audio="aac", options=keys)
    return photo


def test_a_video_plays_in_segments_and_goes_anywhere(visit: Any, clip: Photo) -> None:
    page = visit(f"/photo/{clip.key}/")
    page.wait_for_function(SHOWN)
    assert page.evaluate("() => document.querySelector('#viewer video').currentSrc").startswith("blob:")
    page.evaluate("() => { document.querySelector('#viewer video').currentTime = 7 }")
    page.wait_for_function(f"() => ({SHOWN})() && !document.querySelector('#viewer video').seeking")
    assert page.evaluate("() => document.querySelector('#viewer video').duration") == pytest.approx(8, abs=0.3)


def test_a_broken_video_says_so_and_is_tried_again(visit: Any, clip: Photo) -> None:
    whole = paths.original_path(clip).read_bytes()
    paths.original_path(clip).write_bytes(b"broken" * 1000)
    page = visit(f"/photo/{clip.key}/")
    expect(page.locator(".viewer-failed")).to_be_visible()
    expect(page.locator(".viewer-failed a")).to_have_attribute("href", f"/media/{clip.key}/download")
    paths.original_path(clip).write_bytes(whole)
    page.get_by_role("button", name="Try again").click()
    page.wait_for_function(SHOWN)
    expect(page.locator(".viewer-failed")).to_be_hidden()


def test_a_video_is_edited_by_keys_and_handles(visit: Any, clip: Photo) -> None:
    page = visit(f"/photo/{clip.key}/picture/")
    page.wait_for_function("() => document.getElementById('editor-video').readyState >= 2")
    page.locator("#video-start").focus()
    for _ in range(3):
        page.keyboard.press("PageUp")
    start = float(page.locator("#video-start").input_value())
    assert 0.1 < start < 8
    page.keyboard.press("r")
    page.keyboard.press("m")
    page.keyboard.press("m")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Mute")).to_have_attribute("aria-pressed", "true")
    box = page.locator("#video-end").bounding_box()
    page.mouse.move(box["x"] + box["width"] - 11, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 12, box["y"] + 20)
    page.mouse.up()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/photo/{clip.key}/")
    clip.refresh_from_db()
    assert clip.picture_edit is not None
    told = {one["op"]: one for one in clip.picture_edit["operations"]}
    assert set(told) == {"trim", "mute", "turn"}
    assert told["trim"]["start"] == pytest.approx(start)
    assert told["turn"]["by"] == 6


def test_a_video_is_turned_and_mirrored_as_it_is_shown(visit: Any, clip: Photo) -> None:
    clip.picture_edit = {"version": 1, "operations": [{"op": "turn", "by": 2}]}
    clip.save()
    page = visit(f"/photo/{clip.key}/picture/")
    shown = "() => { const { rotate, scale } = document.getElementById('editor-video').style; return [rotate, scale] }"
    assert page.evaluate(shown) == ["0deg", "-1 1"]
    page.keyboard.press("r")
    assert page.evaluate(shown) == ["90deg", "-1 1"]
    page.get_by_role("button", name="Mirror").click()
    assert page.evaluate(shown) == ["270deg", ""]
    page.keyboard.press("Shift+R")
    assert page.evaluate(shown) == ["180deg", ""]
    page.keyboard.press("Control+s")
    page.wait_for_url(f"**/photo/{clip.key}/")
    clip.refresh_from_db()
    assert clip.picture_edit == {"version": 1, "operations": [{"op": "turn", "by": 3}]}


def test_an_open_video_is_rotated_by_a_key(visit: Any, clip: Photo) -> None:
    page = visit(f"/photo/{clip.key}/")
    page.keyboard.press("r")
    expect(page.locator(".viewer-rendering")).to_be_visible()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator(".viewer-rendering")).to_be_hidden()
    clip.refresh_from_db()
    assert clip.picture_edit is None


def test_what_changed_nothing_is_no_step_to_undo(visit: Any, clip: Photo) -> None:
    page = visit(f"/photo/{clip.key}/picture/")
    page.wait_for_function("() => document.getElementById('editor-video').readyState >= 2")
    page.evaluate("() => { document.getElementById('editor-video').currentTime = 2 }")
    for _ in range(2):
        page.keyboard.press("i")
    assert float(page.locator("#video-start").input_value()) > 1
    page.keyboard.press("Control+z")
    expect(page.locator("#video-start")).to_have_js_property("value", "0")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    page.keyboard.press("Control+y")
    expect(page.get_by_role("button", name="Redo")).to_be_disabled()
    assert float(page.locator("#video-start").input_value()) > 1


def test_a_picture_of_all_around_is_zoomed_if_it_cannot_be_turned(visit: Any, make_shown: Callable[..., Photo]) -> None:
    photo = make_shown(panorama=True, width=800, height=400)
    page = visit("/")
    page.route("**/pannellum*.js", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.goto(page.url.rstrip("/") + f"/photo/{photo.key}/")
    expect(page.locator("#viewer .viewer-stage")).to_be_visible()
    zoomed = page.locator(".viewer-stage.zoomed")
    while not zoomed.count():  # until the page, too, has heard that the library failed
        page.locator(".viewer-media").dblclick()
    expect(zoomed).to_have_count(1)


def test_a_picture_of_all_around_is_turned(visit: Any, make_shown: Callable[..., Photo]) -> None:
    photo = make_shown(panorama=True, width=800, height=400)
    page = visit(f"/photo/{photo.key}/")
    expect(page.locator(".viewer-round canvas")).to_be_visible()
