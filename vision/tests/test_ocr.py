"""Text in pictures: rectangles and characters from the output of the models, rows, and the real models."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw
from pytest_django import Settings

from mirage.testing.weights import place_or_skip
from photos.models import Photo, PhotoText
from photos.pipeline import text as text_stage
from photos.storage import paths
from vision import ocr
from vision.ocr import Line

Maker = Callable[..., Photo]


def line(text: str, score: float = 0.9, box: tuple[float, float, float, float] = (0.1, 0.1, 0.3, 0.05)) -> Line:
    return Line(text, score, box)


# --- where ------------------------------------------------------------------------------------------------------------


def test_a_line_is_the_rectangle_around_its_pixels_grown() -> None:
    likely = np.zeros((200, 400), np.float32)
    likely[90:110, 100:300] = 0.9
    (corners,) = ocr.rectangles(likely)
    growth = 200 * 20 * ocr.GROWN / (2 * 220)
    wanted = [[100 - growth, 90 - growth], [300 + growth, 90 - growth]]
    assert corners[:2] == pytest.approx(np.array(wanted), abs=2)
    assert (corners[2] > corners[0]).all()


def test_a_slanting_line_keeps_its_corners_in_order() -> None:
    likely = np.zeros((300, 400), np.uint8)
    cv2.fillPoly(likely, [np.array([[60, 60], [340, 200], [330, 220], [50, 80]])], (1,))
    (corners,) = ocr.rectangles(likely.astype(np.float32))
    upper_left, upper_right, lower_right, lower_left = corners
    assert upper_left[0] < upper_right[0]
    assert lower_left[1] > upper_left[1]
    assert lower_right[1] > upper_right[1]


def test_specks_and_doubtful_pixels_are_no_lines() -> None:
    likely = np.zeros((200, 400), np.float32)
    likely[50:52, 50:52] = 1
    likely[100:120, 100:300] = 0.4  # likely each, but not sure together
    assert ocr.rectangles(likely) == []


def pixels_of(height: int, width: int) -> np.ndarray:
    return np.zeros((height, width, 3), np.uint8)


def test_windows_hold_every_hint_with_room_around_it_and_do_not_overlap() -> None:
    glance = np.zeros((100, 200), np.float32)
    glance[20, 20] = glance[80, 180] = ocr.HINT + 0.1
    glance[50, 100] = ocr.HINT - 0.05  # too faint
    windows = sorted(ocr.places(glance, pixels_of(200, 400)))
    reach = round(ocr.AROUND * 200)
    assert windows[0] == (2 * (20 - reach), 2 * (20 - reach), 2 * (21 + reach), 2 * (21 + reach))
    assert len(windows) == 2
    assert windows[1][2:] == (2 * (181 + reach), 2 * (81 + reach))
    glance[26, 34] = 1.0  # its room meets that of the first
    assert len(ocr.places(glance, pixels_of(200, 400))) == 2


@pytest.mark.parametrize(
    ("scores", "beside", "settles"),
    [
        ((0.97, 0.99), False, "read"),  # clear, so that a closer look adds nothing
        ((0.97, 0.99), True, "looked at"),  # there may be more
        ((0.97, 0.9), False, "looked at"),
        ((0.1, 0.29), False, "left out"),  # lines for the detector, and no letters for the reader
        ((0.1, 0.29), True, "looked at"),  # such as small letters under a bar code
        ((0.1, 0.31), False, "looked at"),
        ((0.99,) * (ocr.TRIED + 1), False, "looked at"),  # a page: its lines are read once
    ],
)
def test_a_window_is_looked_at_closely_unless_its_lines_are_clear_or_none(
    scores: tuple[float, ...], beside: bool, settles: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    glance = np.zeros((400, 800), np.float32)
    for number in range(len(scores)):
        glance[20 + 30 * number : 30 + 30 * number, 0:300] = 0.9
    glance[300, 380] = ocr.HINT + 0.1 if beside else 0
    window = (0, 0, 800, 800)
    asked: list[int] = []

    def read(lines: list[np.ndarray]) -> list[tuple[str, float]]:
        asked.append(len(lines))
        return [("word", score) for score in scores]

    monkeypatch.setattr(ocr, "read_cuts", read)
    waiting, clear = ocr.settled(glance, [window], pixels_of(800, 1600))
    assert asked == ([len(scores)] if len(scores) <= ocr.TRIED else [])
    assert (waiting == [window]) == (settles == "looked at")
    assert [len(lines) for lines in clear.values()] == ([len(scores)] if settles == "read" else [])
    if settles == "read":
        assert clear[window][0][:, 0].max() > 600  # in pixels of the picture
        assert min(points.min() for points in clear[window]) >= 0  # and within it


def test_a_hint_without_a_line_is_looked_at_closely() -> None:
    glance = np.zeros((400, 800), np.float32)
    glance[100, 100] = 0.2
    window = (100, 100, 300, 300)
    assert ocr.settled(glance, [window], pixels_of(800, 1600)) == ([window], {})


def test_a_picture_without_a_hint_is_not_looked_at_closely(monkeypatch: pytest.MonkeyPatch) -> None:
    scales: list[float] = []

    def nothing(pixels: np.ndarray, scale: float) -> np.ndarray:
        scales.append(scale)
        return np.zeros((10, 20), np.float32)

    monkeypatch.setattr(ocr, "likely", nothing)
    assert ocr.detect(pixels_of(800, 1600)) == []
    assert scales == [ocr.GLANCE / 1600]


def test_a_line_is_found_in_its_window_and_a_cut_one_in_a_larger_window(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[tuple[int, int]] = []
    text = pixels_of(800, 1600)
    text[300:330, 600:900] = 255

    def bright(pixels: np.ndarray, scale: float) -> np.ndarray:
        looked.append(pixels.shape[:2])
        heat = (pixels[..., 0] > 0).astype(np.float32)
        if scale == 1:
            return heat
        heat = np.asarray(cv2.resize(heat, None, fx=scale, fy=scale), np.float32)
        heat[:, hinted:] = 0
        return heat

    monkeypatch.setattr(ocr, "likely", bright)
    monkeypatch.setattr(ocr, "read_cuts", lambda lines: [("word", 0.9)] * len(lines))  # not clear yet
    hinted = 800  # of the glance: all of the line
    (inside,) = ocr.detect(text)
    assert looked[1] != (800, 1600)
    hinted = 320  # the line's left part only
    looked.clear()
    (cut,) = ocr.detect(text)
    _, small, *larger = looked
    assert small < larger[0] < (800, 1600)
    assert inside == pytest.approx(cut, abs=1)


def test_a_cut_line_is_found_once_where_its_window_grows_over_another(monkeypatch: pytest.MonkeyPatch) -> None:
    text = pixels_of(800, 1600)
    text[300:330, 300:1300] = 255

    def bright(pixels: np.ndarray, scale: float) -> np.ndarray:
        heat = (pixels[..., 0] > 0).astype(np.float32)
        if scale == 1:
            return heat
        heat = np.asarray(cv2.resize(heat, None, fx=scale, fy=scale), np.float32)
        heat[:, 170:630] = 0  # only both ends are seen at a glance
        return heat

    monkeypatch.setattr(ocr, "likely", bright)
    monkeypatch.setattr(ocr, "read_cuts", lambda lines: [("word", 0.9)] * len(lines))  # not clear yet
    (line,) = ocr.detect(text)
    assert line[:, 0].min() < 300
    assert line[:, 0].max() > 1299


def test_a_line_is_cut_out_straight() -> None:
    pixels = np.zeros((100, 200, 3), np.uint8)
    pixels[20:40, 50:150] = 255
    corners = np.array([[50, 20], [150, 20], [150, 40], [50, 40]], np.float32)
    assert ocr.cut(pixels, corners).shape == (20, 100, 3)
    tall = np.array([[50, 0], [70, 0], [70, 90], [50, 90]], np.float32)
    assert ocr.cut(pixels, tall).shape == (90, 20, 3)
    assert ocr.stands(ocr.cut(pixels, tall))


def test_a_vertical_line_is_read_in_both_directions(monkeypatch: pytest.MonkeyPatch) -> None:
    def recognise(lines: list[np.ndarray]) -> list[tuple[str, float]]:
        assert all(each.shape == (20, 90, 3) for each in lines)
        return [("up", 0.4), ("down", 0.9)] if lines[0][0, 0, 0] else [("x", 0.9), ("y", 0.4)]

    monkeypatch.setattr(ocr, "recognise", recognise)
    tall = np.zeros((90, 20, 3), np.uint8)
    tall[0, -1] = 255
    assert ocr.read_cuts([tall]) == [("down", 0.9)]


# --- what -------------------------------------------------------------------------------------------------------------


def test_repeats_and_blanks_are_left_out() -> None:
    letters = ("", "o", "t", " ")
    steps = [2, 2, 0, 1, 1, 0, 1, 3]  # t t _ o o _ o space
    chances = np.full((len(steps), len(letters)), 0.1, np.float32)
    chances[np.arange(len(steps)), steps] = 0.8
    assert ocr.decode(chances, letters) == ("too", 0.8)
    assert ocr.decode(np.eye(4, dtype=np.float32)[[0, 0]], letters) == ("", 0.0)


def test_lines_of_similar_length_are_read_together_and_none_is_lost() -> None:
    widths = [100, 1900, 90, 300, 1000, 80]
    batches = list(ocr._batches(widths))
    assert sorted(number for batch in batches for number in batch) == list(range(len(widths)))
    assert all(len(batch) * max(widths[n] for n in batch) <= ocr.STEPS_AT_ONCE for batch in batches)
    assert batches[0] == [5, 2, 0, 3]
    assert list(ocr._batches([])) == []


def test_rows_are_read_from_left_to_right() -> None:
    lines = [
        line("right", box=(0.6, 0.105, 0.2, 0.05)),
        line("below", box=(0.1, 0.3, 0.2, 0.05)),
        line("left", box=(0.1, 0.1, 0.2, 0.05)),
    ]
    assert [each.text for each in ocr.in_reading_order(lines)] == ["left", "right", "below"]


# --- rows -------------------------------------------------------------------------------------------------------------


def test_what_was_read_is_kept_and_replaced(make_photo: Maker) -> None:
    photo = make_photo()
    text_stage.record(photo, [(line("Open"), None), (line("daily"), None)])
    text_stage.record(photo, [(line("Closed", 0.8), None)])
    kept = PhotoText.objects.get()
    assert kept.text == "Closed"
    assert kept.lines == [{"text": "Closed", "score": 0.8, "box": [0.1, 0.1, 0.3, 0.05], "seconds": None}]
    text_stage.record(photo, [])
    assert not PhotoText.objects.exists()


def test_rejected_text_stays_rejected(make_photo: Maker) -> None:
    photo = make_photo()
    text_stage.record(photo, [(line("IIIII"), None)])
    PhotoText.objects.update(rejected=True)
    for again in ([], [(line("lllll"), None)]):
        text_stage.record(photo, again)
        assert PhotoText.objects.get().rejected


def test_a_video_repeats_no_text_but_a_still_may(monkeypatch: pytest.MonkeyPatch) -> None:
    said = iter([[line("EXIT", 0.7)], [line("Exit", 0.9)], [line("Tea"), line("Tea")]])
    monkeypatch.setattr(ocr, "read", lambda image: next(said))
    image = Image.new("RGB", (8, 8))
    assert [(each.text, at) for each, at in text_stage.read_lines([(image, 1.0), (image, 2.0)])] == [("Exit", 2.0)]
    assert len(text_stage.read_lines([(image, None)])) == 2


# --- the real models --------------------------------------------------------------------------------------------------


@pytest.fixture
def models(settings: Settings) -> None:
    place_or_skip(settings, (ocr.DETECTOR, ocr.READER))


def signs() -> Image.Image:
    image = Image.new("RGB", (900, 600), (235, 230, 220))
    draw = ImageDraw.Draw(image)
    draw.text((60, 80), "Invoice 4711", fill="black", font_size=60)
    draw.text((60, 200), "Total: 23.50 EUR", fill=(120, 20, 20), font_size=40)
    turned = Image.new("RGB", (300, 60), (235, 230, 220))
    ImageDraw.Draw(turned).text((10, 5), "FRAGILE", fill="black", font_size=44)
    image.paste(turned.rotate(90, expand=True), (780, 200))
    return image


@pytest.mark.models
@pytest.mark.usefixtures("models")
def test_the_real_models_read_drawn_text(make_photo: Maker) -> None:
    photo, plain = make_photo(), make_photo()
    for each, image in ((photo, signs()), (plain, Image.new("RGB", (640, 480), "grey"))):
        folder = paths.derived_folder(each.sha256)
        folder.mkdir(parents=True)
        image.save(folder / "large.webp")
    assert text_stage.read_text([photo.pk, plain.pk]) == {}
    text = PhotoText.objects.get()
    assert text.photo == photo
    assert text.text.split("\n")[0] == "Invoice 4711"
    assert "Total: 23.50 EUR" in text.text
    assert "FRAGILE" in text.text
    x, y, width, height = text.lines[0]["box"]
    assert 0.03 < x < 0.08
    assert 0.1 < y < 0.2
    assert 0.3 < width < 0.55
    assert 0.08 < height < 0.2
