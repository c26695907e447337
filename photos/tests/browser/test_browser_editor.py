"""The editor of a picture: the preview is what the server renders, and every tool works by pointer, touch and key."""

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from media.tests.editing.pictures import EDITS, scene
from mirage.testing.browser import shortcuts
from photos import pipeline
from photos.editing import bulk, picture_edits
from photos.ingest import folders
from photos.models import Photo
from photos.storage import paths
from photos.tests.editing.test_picture_edits import given

pytestmark = [pytest.mark.browser, pytest.mark.draws_maps, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]
MOST_DIFFERENT = 3  # of 255, in the mean: the preview and what the server renders


@pytest.fixture
def photo(owner: User, tmp_path: Path) -> Photo:
    """A picture of slopes and edges, 1200 by 900 pixels, with its thumbnails."""
    folder = tmp_path / "in"
    folder.mkdir()
    Image.fromarray(scene(1200, 900)).save(folder / "scene.jpg", quality=95)
    folders.import_folder(owner, folder)
    work("metadata", "thumbnails")
    return Photo.objects.get()


def work(*stages: str) -> None:
    for stage in stages:
        while pipeline.perform_next(pipeline.STAGES[stage]):
            pass


def open_editor(visit: Visit, photo: Photo, **options: Any) -> Page:
    page = visit(f"/photo/{photo.key}/picture/", **options)
    page.wait_for_selector(".editor[data-drawn]")
    return page


def edit_in(page: Page) -> dict[str, Any]:
    """What saving would send."""
    page.evaluate(
        """() => document.getElementById("editor-form").addEventListener("submit", (event) => {
             event.preventDefault(); window.sent = event.target.elements.edit.value; }, { once: true })"""
    )
    page.get_by_role("button", name="Save", exact=True).click()
    return {one["op"]: one for one in json.loads(page.evaluate("window.sent"))["operations"]}


def slide(page: Page, name: str, value: float) -> None:
    page.locator(f'[data-slider="{name}"]').evaluate(
        """(slider, value) => { slider.value = value;
             for (const name of ["input", "change"]) slider.dispatchEvent(new Event(name, { bubbles: true })); }""",
        value,
    )


def box_of(part: Locator) -> dict[str, float]:
    """Where a part of the page is."""
    box = part.bounding_box()
    assert box
    return dict(box)  # type: ignore[arg-type]


def shown_in(page: Page) -> Image.Image:
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    url = page.evaluate('document.querySelector("#editor-picture canvas").toDataURL()')
    return Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB")


def differences(visit: Visit, photo: Photo, edits: dict[str, list[dict[str, Any]]]) -> dict[str, float]:
    """How far the preview of each edit is from what the server renders, in the mean of all samples."""
    found = {}
    page = visit("/", width=1100, height=760)
    for name, operations in edits.items():
        change = picture_edits.set_picture(photo, given(*operations))
        bulk.make(photo.owner, Photo.objects.filter(pk=photo.pk), change, photo.owner)
        work("thumbnails", "renditions")
        photo.refresh_from_db()
        page.goto(f"/photo/{photo.key}/picture/")
        page.wait_for_selector(".editor[data-drawn]")
        page.keyboard.press("2")
        shown = shown_in(page)
        with Image.open(paths.shown_file(photo, "large")) as large:
            rendered = large.convert("RGB").resize(shown.size, Image.Resampling.LANCZOS)
        found[name] = round(float(np.abs(np.asarray(shown, "i2") - np.asarray(rendered, "i2")).mean()), 2)
    return found


def test_the_preview_is_what_the_server_renders(visit: Visit, photo: Photo) -> None:
    found = differences(visit, photo, EDITS)
    assert {name: mean for name, mean in found.items() if mean > MOST_DIFFERENT} == {}


PRINT_EDITS = {
    "none": [],
    **{name: EDITS[name] for name in ("rotate right", "straighten", "crop", "contrast", "sharpness")},
}


@pytest.fixture
def printed(owner: User, tmp_path: Path) -> Photo:
    """A page of small print, 1600 by 1200 pixels, with its thumbnails."""
    page = Image.new("L", (1600, 1200), 255)
    brush, font = ImageDraw.Draw(page), ImageFont.load_default(16)
    for row in range(60):
        words = " ".join(f"{(row * 7919 + word * 104729) % 99991:x} print" for word in range(24))
        brush.text((20, 20 * row), words, 0, font)
    folder = tmp_path / "in"
    folder.mkdir()
    page.convert("RGB").save(folder / "page.png")
    folders.import_folder(owner, folder)
    work("metadata", "thumbnails")
    return Photo.objects.get()


def test_the_preview_of_fine_print_is_what_the_server_renders(visit: Visit, printed: Photo) -> None:
    found = differences(visit, printed, PRINT_EDITS)
    assert {name: mean for name, mean in found.items() if mean > MOST_DIFFERENT} == {}


COUNTED = """() => {
  window.asked = {};
  const count = (kind, much = 1) => { window.asked[kind] = (window.asked[kind] ?? 0) + much; };
  const watch = (type, name, kind, much) => {
    const done = type.prototype[name];
    type.prototype[name] = function (...given) { count(kind, much?.(this)); return done.apply(this, given); };
  };
  const gpu = WebGL2RenderingContext;
  for (const name of ["texImage2D", "texSubImage2D", "texStorage2D", "bufferData", "generateMipmap"])
    watch(gpu, name, "uploads");
  for (const name of ["compileShader", "linkProgram", "readPixels"]) watch(gpu, name, "waits");
  watch(gpu, "drawArrays", "passes");
  watch(gpu, "drawArrays", "pixels", (gl) => gl.canvas.width * gl.canvas.height);
  for (const name of ["drawImage", "getImageData", "putImageData"])
    watch(CanvasRenderingContext2D, name, "uploads");
}"""
SLID = """(slider) => new Promise((done) => {
  const before = Number(document.getElementById("main").dataset.drawn);
  const at = slider.closest("main").dataset;
  let moves = 0;
  const move = () => {
    if (moves === 10) { done(Number(at.drawn) - before); return; }
    moves += 1;
    slider.value = moves;
    for (let i = 0; i < 3; i += 1) slider.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(() => requestAnimationFrame(move));
  };
  move();
})"""


@pytest.mark.parametrize(("width", "density"), [(390, 3), (1440, 1)])
def test_a_slider_that_moves_sends_no_pixels_to_the_graphics_card(
    visit: Visit, photo: Photo, width: int, density: int
) -> None:
    page = open_editor(visit, photo, width=width, height=844, device_scale_factor=density)
    slide(page, "sharpness", 50)  # what it needs is made once
    shown_in(page)
    page.evaluate(COUNTED)
    names = [name for name in page.evaluate(NAMES) if name != "strength"]
    assert {"exposure", "sharpness", "degrees"} < set(names)
    for name in names:
        page.evaluate("window.asked = {}")
        frames = page.locator(f'[data-slider="{name}"]').evaluate(SLID)
        asked = page.evaluate("window.asked")
        assert 1 <= frames <= 11  # three moves between two frames are drawn once
        assert asked.get("uploads", 0) == asked.get("waits", 0) == 0, (name, asked)
        assert asked["passes"] == frames, (name, asked)
        assert asked["pixels"] <= frames * density**2 * width * 844, (name, asked)


def test_a_slider_that_comes_to_rest_is_drawn_as_the_server_does_it(visit: Visit, photo: Photo) -> None:
    page = open_editor(visit, photo, width=390, height=844)
    shown_in(page)
    page.evaluate(COUNTED)
    slide(page, "exposure", 20)
    shown_in(page)
    assert page.evaluate("window.asked.passes") == 3  # in full size, then smaller across and down


NAMES = '[...document.querySelectorAll("[data-slider]")].map((slider) => slider.dataset.slider)'


def test_an_edit_is_made_saved_and_shown(visit: Visit, photo: Photo) -> None:
    page = visit(f"/photo/{photo.key}/")
    page.keyboard.press("Shift+e")
    page.wait_for_selector(".editor[data-drawn]")
    page.keyboard.press("r")
    page.get_by_role("tab", name="Light").click()
    slide(page, "exposure", 40)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#viewer")).to_be_visible()
    expect(page.get_by_text("Your edit is being applied")).to_be_visible()
    photo.refresh_from_db()
    assert (photo.turn, photo.picture_edit) == (6, given({"op": "exposure", "amount": 0.4}))
    work("thumbnails", "renditions")
    expect(page.get_by_text("Your edit is being applied")).to_be_hidden()
    photo.refresh_from_db()
    expect(page.locator("img.viewer-media")).to_have_attribute(
        "src", f"/media/{photo.key}/large.webp?turn=6&edit={photo.rendition}"
    )
    page.keyboard.press("Shift+e")
    page.get_by_role("button", name="Back to the original").click()
    expect(page.locator("#viewer")).to_be_visible()
    photo.refresh_from_db()
    assert (photo.picture_edit, photo.turn) == (None, 1)


def test_the_crop_is_dragged_and_stays_inside_the_straightened_picture(visit: Visit, photo: Photo) -> None:
    page = open_editor(visit, photo)
    slide(page, "degrees", 10)
    frame, corner = page.locator("#crop-frame"), page.get_by_role("button", name="Top left corner")
    before = box_of(frame)
    box = box_of(corner)
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 120, steps=4)
    page.mouse.up()
    after = box_of(frame)
    assert after["x"] - before["x"] == pytest.approx(100, abs=3)
    assert after["y"] - before["y"] == pytest.approx(100, abs=3)
    page.mouse.move(after["x"] + 50, after["y"] + 50)
    page.mouse.down()
    page.mouse.move(-500, -500, steps=4)  # far outside: it goes as far as the picture does
    page.mouse.up()
    edit = edit_in(page)
    operations = list(edit.values())
    picture_edits.set_picture(photo, given(*operations))  # which refuses what does not fit
    assert edit["straighten"]["degrees"] == 10


def test_a_ratio_is_kept_and_arrow_keys_move_the_crop(visit: Visit, photo: Photo) -> None:
    page = open_editor(visit, photo)
    page.get_by_role("button", name="1:1").click()
    box = box_of(page.locator("#crop-frame"))
    assert box["width"] == pytest.approx(box["height"], abs=2)
    page.get_by_role("button", name="Bottom right corner").focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    smaller = box_of(page.locator("#crop-frame"))
    assert smaller["width"] == pytest.approx(smaller["height"], abs=2)
    assert smaller["width"] < box["width"] - 10
    page.locator("#crop-frame").focus()
    page.keyboard.press("ArrowRight")
    crop = edit_in(page)["crop"]
    assert crop["width"] * 1200 == pytest.approx(crop["height"] * 900, abs=3)


def test_steps_are_undone_and_redone(visit: Visit, photo: Photo) -> None:
    page = open_editor(visit, photo)
    page.keyboard.press("m")
    page.keyboard.press("2")
    slide(page, "contrast", 30)
    page.keyboard.press("Control+z")
    expect(page.locator('[data-slider="contrast"]')).to_have_value("0")
    page.keyboard.press("Control+Shift+z")
    expect(page.locator('[data-slider="contrast"]')).to_have_value("30")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    assert edit_in(page) == {}


def test_holding_shows_the_picture_before(visit: Visit, photo: Photo) -> None:
    page = open_editor(visit, photo)
    page.keyboard.press("2")
    plain = np.asarray(shown_in(page), "i2")
    slide(page, "exposure", 60)
    assert np.abs(np.asarray(shown_in(page), "i2") - plain).mean() > 10
    page.keyboard.down("b")
    assert np.abs(np.asarray(shown_in(page), "i2") - plain).mean() < 0.5
    page.keyboard.up("b")
    assert np.abs(np.asarray(shown_in(page), "i2") - plain).mean() > 10


def test_presets_auto_parts_and_corners(visit: Visit, photo: Photo) -> None:
    page = open_editor(visit, photo)
    page.get_by_role("button", name="Perspective").click()
    page.get_by_role("button", name="Top left of the page").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("4")
    page.get_by_role("button", name="Film").click()
    slide(page, "strength", 50)
    page.keyboard.press("2")
    with page.expect_response("**/picture/auto/"):
        page.get_by_role("button", name="Auto").click()
    page.keyboard.press("5")
    page.get_by_role("button", name="Blur an oval").click()
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="Red eye").click()
    page.keyboard.press("Delete")
    edit = edit_in(page)
    assert edit["perspective"]["corners"][0] == [0.01, 0.01]
    assert edit["preset"] == {"op": "preset", "name": "film", "strength": 0.5}
    assert edit["blur"]["x"] == pytest.approx(0.39, abs=0.001)
    assert "red_eye" not in edit
    picture_edits.set_picture(photo, given(*edit.values()))


def test_every_key_of_the_sheet_does_what_it_says(visit: Visit, photo: Photo) -> None:
    sheet = shortcuts(visit("/"), "While a picture is edited")
    assert sheet == {"1 – 5", "r Shift r", "m", "b", "Del", "Ctrl Z", "Ctrl S", "Esc"}
    page = open_editor(visit, photo)
    for number, tab in enumerate(["Crop", "Light", "Colour", "Presets", "Parts"], 1):
        page.keyboard.press(str(number))
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
    for key in ("r", "Shift+r", "m"):
        page.keyboard.press(key)
    page.keyboard.press("Control+s")  # b, Delete, Ctrl-Z and Escape have tests of their own
    expect(page.locator("#viewer")).to_be_visible()
    photo.refresh_from_db()
    assert photo.turn == 2


def test_leaving_asks_first_if_something_changed(visit: Visit, photo: Photo) -> None:
    page = open_editor(visit, photo)
    page.keyboard.press("r")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Leave without saving?")).to_be_visible()
    page.get_by_role("button", name="Leave", exact=True).click()
    expect(page.locator("#viewer")).to_be_visible()


def test_what_was_edited_elsewhere_meanwhile_is_not_overruled(visit: Visit, photo: Photo, owner: User) -> None:
    page = open_editor(visit, photo)
    page.keyboard.press("2")
    slide(page, "exposure", 20)
    change = picture_edits.set_picture(photo, given({"op": "contrast", "amount": 0.5}))
    bulk.make(owner, Photo.objects.all(), change, owner)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("edited elsewhere in the meantime")).to_be_visible()
    page.wait_for_selector(".editor[data-drawn]")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#viewer")).to_be_visible()
    photo.refresh_from_db()
    assert photo.picture_edit == given({"op": "exposure", "amount": 0.2})


def test_on_a_phone_a_finger_moves_the_crop(visit: Visit, photo: Photo) -> None:
    page = open_editor(visit, photo, width=390, height=844, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    handle = box_of(page.get_by_role("button", name="Bottom right corner"))
    assert min(handle["width"], handle["height"]) >= 40
    for kind, x, y in (("pointerdown", 0, 0), ("pointermove", -60, -60), ("pointerup", -60, -60)):
        place = {"clientX": handle["x"] + 20 + x, "clientY": handle["y"] + 20 + y}
        options = {**place, "pointerId": 1, "pointerType": "touch", "isPrimary": True, "bubbles": True}
        page.get_by_role("button", name="Bottom right corner").dispatch_event(kind, options)
    page.get_by_role("button", name="Save", exact=True).scroll_into_view_if_needed()
    expect(page.get_by_role("slider", name="Straighten")).to_be_in_viewport()
