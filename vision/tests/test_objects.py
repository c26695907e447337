"""Objects in pictures: parsing the model's output, keeping the owner's decisions, and the real model."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw
from pytest_django import Settings

from mirage.testing.weights import place_or_skip
from photos.models import DetectedObject, Photo
from photos.pipeline import objects as objects_stage
from photos.pipeline import pictures
from photos.storage import paths
from vision import objects
from vision.objects import LABELS, FoundObject, detection_threshold

Maker = Callable[..., Photo]
State = DetectedObject.State


def answer(*finds: tuple[str, float, tuple[float, float, float, float]], anchors: int = 20) -> np.ndarray:
    """What the model would say: label, score, box (centre and size in pixels of the canvas)."""
    raw = np.zeros((4 + len(LABELS), anchors), np.float32)
    for number, (label, score, box) in enumerate(finds):
        raw[:4, number] = box
        raw[4 + LABELS.index(label), number] = score
    return raw


# --- reading the model's answer -----------------------------------------------------------------------------------


def test_a_canvas_is_no_larger_than_needed() -> None:
    assert objects.canvas((1600, 1200)) == (480, 640)
    assert objects.canvas((1200, 1600)) == (640, 480)
    assert objects.canvas((1600, 10)) == (32, 640)
    assert objects.canvas((1600, 1067)) == (448, 640)


def test_a_box_is_returned_in_fractions_of_the_picture() -> None:
    size, shape = (1600, 1067), (448, 640)  # 427 rows of picture, ten grey ones above
    (found,) = objects.objects_in(answer(("dog", 0.9, (320, 10 + 427 / 2, 320, 427 / 2))), size, shape)
    assert (found.label, found.score) == ("dog", 0.9)
    assert found.box == pytest.approx((0.25, 0.25, 0.5, 0.5), abs=2e-3)


def test_boxes_end_where_the_picture_does() -> None:
    (found,) = objects.objects_in(answer(("cat", 0.9, (0, 0, 200, 200))), (640, 640), (640, 640))
    assert found.box == pytest.approx((0, 0, 100 / 640, 100 / 640), abs=1e-4)
    assert objects.objects_in(answer(("cat", 0.9, (-300, 10, 20, 20))), (640, 640), (640, 640)) == []


def test_an_object_is_found_once_but_two_names_may_overlap() -> None:
    finds = [
        ("dog", 0.8, (300, 300, 200, 200)),
        ("dog", 0.9, (304, 300, 200, 200)),
        ("dog", 0.7, (100, 100, 90, 90)),
        ("cat", 0.6, (300, 300, 200, 200)),
    ]
    found = objects.objects_in(answer(*finds), (640, 640), (640, 640))
    assert [(thing.label, thing.score) for thing in found] == [("dog", 0.9), ("dog", 0.7), ("cat", 0.6)]


@pytest.mark.parametrize("label", ["dog", "handbag", "zebra"])
def test_each_name_has_its_threshold(label: str) -> None:
    finds = [
        (label, detection_threshold(label) - 0.01, (300, 300, 50, 50)),
        (label, detection_threshold(label) + 0.01, (100, 100, 50, 50)),
    ]
    assert len(objects.objects_in(answer(*finds), (640, 640), (640, 640))) == 1


def test_the_picture_lies_in_the_middle_of_grey() -> None:
    drawn = objects.letterbox(Image.new("RGB", (320, 160), "red"), (352, 640))
    assert drawn.shape == (3, 352, 640)
    assert drawn[:, 0, 0] == pytest.approx([114 / 255] * 3)
    assert drawn[:, 176, 320] == pytest.approx([1, 0, 0])


# --- rows ---------------------------------------------------------------------------------------------------------


def seen(label: str, x: float = 0.1, score: float = 0.8, at: float | None = None) -> objects_stage.Seen:
    return FoundObject(label, score, (x, 0.1, 0.2, 0.2)), at


def rows(photo: Photo) -> list[tuple[str, float, str]]:
    return list(photo.detected_objects.order_by("label", "x").values_list("label", "x", "state"))


def test_a_new_run_replaces_what_was_proposed(make_photo: Maker) -> None:
    photo, other = make_photo(), make_photo()
    objects_stage.record({photo.pk: [seen("dog"), seen("cat", 0.5)], other.pk: [seen("cup")]})
    objects_stage.record({photo.pk: [seen("dog", 0.3)]})
    assert rows(photo) == [("dog", 0.3, "proposed")]
    assert rows(other) == [("cup", 0.1, "proposed")]


def test_decisions_of_the_owner_stay(make_photo: Maker) -> None:
    photo = make_photo()
    objects_stage.record({photo.pk: [seen("dog"), seen("cat", 0.5), seen("bird", 0.3), seen("bird", 0.7)]})
    photo.detected_objects.filter(label="dog").update(state=State.REJECTED)
    photo.detected_objects.filter(label="cat").update(state=State.ACCEPTED)
    photo.detected_objects.filter(label="bird", x=0.3).update(state=State.REJECTED)
    objects_stage.record({photo.pk: [seen("dog", 0.6), seen("cat", 0.52), seen("bird", 0.31), seen("bird", 0.71)]})
    assert rows(photo) == [
        ("bird", 0.3, "rejected"),
        ("bird", 0.71, "proposed"),
        ("cat", 0.5, "accepted"),
        ("dog", 0.1, "rejected"),  # whatever is found elsewhere: there is no dog
    ]


def test_a_deleted_photo_is_skipped(make_photo: Maker) -> None:
    photo = make_photo()
    photo.delete()
    objects_stage.record({10**9: [seen("dog")]})
    assert not DetectedObject.objects.exists()


def test_a_video_uses_the_frame_with_most_objects_of_a_name() -> None:
    shown = [seen("dog", 0.1, 0.9, at=1.0), seen("dog", 0.1, 0.5, at=2.0), seen("dog", 0.6, 0.5, at=2.0)]
    shown += [seen("cat", 0.1, 0.4, at=1.0), seen("cat", 0.1, 0.6, at=3.0)]
    kept = objects_stage.clearest(shown)
    assert [(thing.label, seconds) for thing, seconds in kept] == [("dog", 2.0), ("dog", 2.0), ("cat", 3.0)]


def test_a_video_is_looked_at_in_some_frames(make_photo: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def sample(function: str, photo: Photo, instants: list[float], side: int) -> list[tuple[int, int, int, bytes]]:
        asked.extend(instants)
        return [(number, 4, 4, bytes(48)) for number in range(len(instants))]

    monkeypatch.setattr(pictures, "call", sample)
    shown = pictures.pictures_of(make_photo(kind="video", duration=100.0), objects_stage.FRAMES)
    assert len(asked) == len(shown) == objects_stage.FRAMES
    assert [seconds for _, seconds in shown] == asked == sorted(asked)


def test_a_missing_thumbnail_is_refused_in_words(make_photo: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "detect", lambda images: [[] for _ in images])
    photo = make_photo()
    assert "thumbnail" in objects_stage.find_objects([photo.pk])[photo.pk]


# --- the real model -----------------------------------------------------------------------------------------------


@pytest.fixture
def model(settings: Settings) -> None:
    place_or_skip(settings, (objects.MODEL,))


def stop_sign(size: tuple[int, int] = (800, 600)) -> Image.Image:
    """What everybody knows, drawn: a red octagon with STOP, on a pole, under the sky."""
    image = Image.new("RGB", size, (140, 190, 230))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 480, 800, 600), fill=(90, 130, 70))
    draw.rectangle((393, 200, 407, 560), fill=(120, 120, 120))
    draw.regular_polygon((400, 200, 130), 8, rotation=22, fill=(245, 245, 245))
    draw.regular_polygon((400, 200, 120), 8, rotation=22, fill=(190, 20, 30))
    draw.text((400, 200), "STOP", fill="white", anchor="mm", font_size=80)
    return image


@pytest.mark.models
@pytest.mark.usefixtures("model")
def test_the_real_model_finds_a_stop_sign(make_photo: Maker) -> None:
    pictures = [stop_sign(), Image.new("RGB", (300, 900), "white"), stop_sign()]
    found = objects.detect(pictures)
    assert [thing.label for thing in found[0]] == [thing.label for thing in found[2]] == ["stop sign"]
    assert found[1] == []
    x, y, width, height = found[0][0].box
    assert (x, y, x + width, y + height) == pytest.approx((280 / 800, 80 / 600, 520 / 800, 320 / 600), abs=0.03)
    photo = make_photo()
    folder = paths.derived_folder(photo.sha256)
    folder.mkdir(parents=True)
    pictures[0].save(folder / "large.webp")
    assert objects_stage.find_objects([photo.pk]) == {}
    assert [row[0] for row in rows(photo)] == ["stop sign"]
