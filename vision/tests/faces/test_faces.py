"""The real models, and what lies around them. Skipped, loudly, only where their weights cannot be had."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from django.conf import settings as configured
from pytest_django import Settings

from media.boxes import Box
from mirage.runtime import fetching
from people.grouping.units import FOUNDING_QUALITY
from vision import weights as all_weights
from vision.faces import faces, originals
from vision.faces.alignment import TEMPLATE, points_of_box
from vision.faces.quality import quality, sharpness, turn

ROOT = Path(__file__).resolve().parents[3]
NEEDED = ("yunet-int8", "sface-int8")


@pytest.fixture
def models(settings: Settings) -> None:
    """The weights of the default models."""
    settings.MIRAGE_MODELS = with_weights(NEEDED)


def with_weights(names: tuple[str, ...]) -> Path:
    """Where weights lie, fetched if need be to a place of their own: stages of other tests wait for theirs as ever."""
    folder = Path(os.environ.get("MIRAGE_TEST_MODELS") or configured.MIRAGE_DATA / "models-of-tests")
    if missing := all_weights.not_in_place(folder, names):
        try:
            with fetching.placing(folder) as scratch:
                for weight in map(all_weights.by_name, missing):
                    fetching.place(weight, fetching.download(weight, scratch), folder)
        except fetching.CannotFetch as error:
            pytest.skip(f"!!! THE FACE MODELS ARE NOT TESTED: {error} !!!")
    return folder


def drawn_face(size: int = 240) -> np.ndarray:
    """A picture of a face that nobody has: skin, eyes, brows, nose and mouth, softened."""
    image = np.full((size * 2, size * 2, 3), (140, 120, 90), np.uint8)

    def at(x: float, y: float) -> tuple[int, int]:
        return round(size * (0.5 + x)), round(size * (0.5 + y))

    unit = size / 100
    cv2.ellipse(image, at(0.5, 0.45), (round(36 * unit), round(46 * unit)), 0, 0, 360, (60, 80, 110), -1)  # hair
    cv2.ellipse(image, at(0.5, 0.52), (round(31 * unit), round(41 * unit)), 0, 0, 360, (150, 180, 225), -1)
    for x in (0.37, 0.63):
        cv2.ellipse(image, at(x, 0.44), (round(6 * unit), round(3.4 * unit)), 0, 0, 360, (245, 245, 245), -1)
        cv2.circle(image, at(x, 0.44), round(2.8 * unit), (50, 40, 30), -1)
        cv2.ellipse(image, at(x, 0.37), (round(8 * unit), round(2 * unit)), 0, 180, 360, (40, 55, 75), round(2 * unit))
    cv2.ellipse(image, at(0.5, 0.6), (round(4.5 * unit), round(7 * unit)), 0, 0, 180, (110, 140, 190), round(2 * unit))
    cv2.ellipse(image, at(0.5, 0.73), (round(11 * unit), round(4 * unit)), 0, 0, 360, (80, 80, 190), -1)
    return cv2.GaussianBlur(image, (0, 0), size / 80)


@pytest.mark.models
@pytest.mark.usefixtures("models")
def test_no_face_is_found_in_an_empty_picture() -> None:
    random = np.random.default_rng(0)
    for image in (np.full((480, 640, 3), 127), random.integers(0, 255, (300, 2000, 3)), np.zeros((9, 9, 3))):
        assert faces.find_faces(image.astype(np.uint8)) == []


@pytest.mark.models
@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("size", [120, 700])
def test_a_face_has_similar_vectors_at_every_size_and_place(size: int) -> None:
    image = drawn_face(size)
    (face,) = faces.find_faces(image)
    assert face.x < 0.5 < face.x + face.width
    assert face.y < 0.5 < face.y + face.height
    assert (len(face.landmarks), face.vector.shape) == (5, (128,))
    assert np.linalg.norm(face.vector) == pytest.approx(1, abs=1e-4)
    assert 0 <= face.quality <= 1
    moved = cv2.copyMakeBorder(drawn_face(240), 200, 0, 0, 900, cv2.BORDER_CONSTANT, value=(140, 120, 90))
    (again,) = faces.find_faces(moved)
    assert float(face.vector @ again.vector) > 0.8


@pytest.mark.models
@pytest.mark.usefixtures("models")
def test_a_drawn_box_gets_a_vector() -> None:
    image = drawn_face()
    (face,) = faces.find_faces(image)
    drawn = faces.describe_box(image, face.x - 0.03, face.y - 0.02, face.width + 0.05, face.height + 0.05)
    assert float(face.vector @ drawn.vector) > 0.95
    unseen = faces.describe_box(np.full((200, 200, 3), 90, np.uint8), 0.2, 0.2, 0.3, 0.3)
    assert (unseen.landmarks, unseen.score) == ([], faces.UNSEEN_SCORE)
    assert unseen.quality < 0.1


@pytest.mark.models
@pytest.mark.usefixtures("models")
def test_tensorflow_is_never_imported_for_the_default_models() -> None:
    code = (
        "import django, sys; django.setup(); import numpy as np; from vision.faces import faces;"
        "faces.find_faces(np.zeros((64, 64, 3), np.uint8)); faces.embed([np.zeros((112, 112, 3), np.uint8)]);"
        "sys.exit('tensorflow' in sys.modules or 'torch' in sys.modules)"
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "mirage.settings",
        "MIRAGE_DATA": str(configured.MIRAGE_DATA),
        "MIRAGE_MODELS": str(configured.MIRAGE_MODELS),
        "PATH": "/usr/bin:/bin",
    }
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env=environment)


@pytest.mark.models
@pytest.mark.skipif(find_spec("tf_keras") is None, reason="requirements-tensorflow.txt is not installed")
def test_a_model_of_tensorflow_s_finds_and_describes_too() -> None:
    folder = with_weights(("yunet-int8", "facenet"))
    code = (
        "import sys, django; django.setup()\n"
        "from people.detection import vectors; from vision.faces import faces\n"
        "from vision.tests.faces.test_faces import drawn_face\n"
        "(face,), (again,) = faces.find_faces(drawn_face(240)), faces.find_faces(drawn_face(500))\n"
        "assert 'tensorflow' in sys.modules and face.vector.shape == (vectors.dimension(),) == (128,)\n"
        "assert float(face.vector @ again.vector) > 0.9\n"
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "mirage.settings",
        "MIRAGE_DATA": str(configured.MIRAGE_DATA),
        "MIRAGE_MODELS": str(folder),
        "MIRAGE_FACE_MODEL": "Facenet",
        "PATH": "/usr/bin:/bin",
    }
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env=environment)


def test_without_tensorflow_the_message_says_how_to_install_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MIRAGE_DATA, settings.MIRAGE_FACE_MODEL = tmp_path, "ArcFace"
    monkeypatch.setattr(faces, "find_spec", lambda name: None)
    with pytest.raises(faces.MissingEngine, match="requirements-tensorflow"):
        faces._build("facial_recognition", "ArcFace")


@pytest.mark.models
@pytest.mark.usefixtures("models")
def test_small_faces_are_looked_at_in_the_original(tmp_path: Path) -> None:
    original = cv2.copyMakeBorder(drawn_face(200), 900, 700, 1300, 1300, cv2.BORDER_CONSTANT, value=(140, 120, 90))
    cv2.imwrite(str(tmp_path / "group.png"), original)
    shown = cv2.GaussianBlur(cv2.resize(original, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA), (0, 0), 2)
    asked = []

    def closer(boxes: list[Box]) -> list[faces.Closeup]:
        asked.extend(boxes)
        return [
            faces.Closeup(
                np.frombuffer(rgb, np.uint8).reshape(high, wide, 3)[..., ::-1].copy(), whole / shown.shape[1], left, top
            )
            for whole, left, top, wide, high, rgb in originals.cut(tmp_path / "group.png", "image/png", boxes)
        ]

    (large,) = faces.find_faces(drawn_face(200))
    (far,) = faces.find_faces(shown, original.shape[1])
    (near,) = faces.find_faces(shown, original.shape[1], closer)
    assert len(asked) == 1
    assert float(near.vector @ large.vector) > float(far.vector @ large.vector)
    assert (near.x, near.width) == (far.x, far.width)


def test_quality_falls_with_size_blur_and_turning() -> None:
    crop = np.random.default_rng(0).integers(0, 255, (112, 112, 3)).astype(np.uint8)
    blurred = cv2.GaussianBlur(crop, (0, 0), 6)
    best = quality(200, crop, TEMPLATE, 0.9, 1.0)
    assert 0.8 < best <= 1
    assert quality(30, crop, TEMPLATE, 0.9, 1.0) < 0.6 * best
    assert sharpness(blurred) < sharpness(crop)
    aside = TEMPLATE + np.array([(0, 0), (0, 0), (17, 0), (0, 0), (0, 0)])
    assert turn(aside) > 3 * turn(TEMPLATE)
    assert quality(200, crop, aside, 0.9, 1.0) < 0.6 * best
    assert quality(200, crop, TEMPLATE, 0.9, 0.0) == 0


@pytest.mark.models
@pytest.mark.usefixtures("models")
def test_small_faces_of_an_unmeasured_model_found_no_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "embed", lambda crops: (np.ones((len(crops), 128), np.float32), None))
    image = np.random.default_rng(0).integers(0, 255, (300, 300, 3)).astype(np.uint8)
    boxes = [(10, 10, 36, 36), (60, 60, 90, 90)]
    seen = [faces.Detection(box, points_of_box(*box), 0.9) for box in boxes]
    small, large = faces.describe(image, seen)
    assert small.quality < FOUNDING_QUALITY < large.quality


def test_boxes_overlap_as_they_should() -> None:
    detections = [
        faces.Detection((0, 0, 100, 100), np.empty((0, 2)), 0.8),
        faces.Detection((5, 5, 100, 100), np.empty((0, 2)), 0.9),
        faces.Detection((200, 0, 50, 50), np.empty((0, 2)), 0.7),
    ]
    assert [each.score for each in faces._each_once(detections)] == [0.9, 0.7]


@pytest.mark.models
@pytest.mark.usefixtures("models")
def test_the_landmarks_of_a_tiny_face_come_from_enlarged_views(monkeypatch: pytest.MonkeyPatch) -> None:
    image = drawn_face(240)
    (large,) = faces.find_faces(image)
    side = (large.width * image.shape[1] * large.height * image.shape[0]) ** 0.5
    small = cv2.resize(image, None, fx=40 / side, fy=40 / side, interpolation=cv2.INTER_AREA)
    shown: Any = cv2.imdecode(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 50])[1], cv2.IMREAD_COLOR)
    (tiny,) = faces.find_faces(shown)
    monkeypatch.setattr(faces, "TINY", 0.0)
    (plain,) = faces.find_faces(shown)
    assert np.linalg.norm(tiny.vector) == pytest.approx(1, abs=1e-5)
    assert float(tiny.vector @ large.vector) > 0.8
    assert 0.5 < float(tiny.vector @ plain.vector) < 0.999
    assert (tiny.x, tiny.landmarks) == (plain.x, plain.landmarks)
