"""YuNet on ONNX Runtime finds what OpenCV finds, at any size."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from pytest_django import Settings

from vision import weights
from vision.faces import faces, yunet
from vision.faces.onnx_bytes import field, fields
from vision.tests.faces.test_faces import drawn_face, with_weights


@pytest.mark.models
@pytest.mark.parametrize(("width", "height"), [(640, 480), (333, 500), (1600, 1111)])
def test_it_finds_what_opencv_finds(width: int, height: int) -> None:
    file = with_weights(("yunet-int8",)) / weights.by_name("yunet-int8").placed_as
    image = np.full((height, width, 3), (140, 120, 90), np.uint8)
    side = min(width, height)
    image[:side, :side] = cv2.resize(drawn_face(), (side, side))
    image[-side // 4 :, -side // 4 :] = cv2.resize(drawn_face(), (-(-side // 4), -(-side // 4)))
    detector = cv2.FaceDetectorYN.create(str(file), "", (width, height), 0.6)
    expected = detector.detect(image)[1]
    found = yunet.detect(yunet.session(file), image, 0.6)
    assert len(found)
    assert sorted(found.tolist()) == [pytest.approx(row, abs=0.01) for row in sorted(expected.tolist())]


@pytest.mark.models
def test_a_scrap_of_a_picture_holds_no_face() -> None:
    """OpenCV finds one there at times, in memory that nobody wrote."""
    file = with_weights(("yunet-int8",)) / weights.by_name("yunet-int8").placed_as
    scrap = cv2.resize(drawn_face(), (31, 9))
    assert len(yunet.detect(yunet.session(file), np.asarray(scrap, np.uint8), 0.6)) == 0


def test_it_is_read_where_it_was_fetched(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MIRAGE_MODELS, settings.MIRAGE_DATA = tmp_path / "models", tmp_path / "data"
    settings.MIRAGE_MODELS.mkdir()
    fetched = settings.MIRAGE_MODELS / weights.by_name("yunet-int8").placed_as
    fetched.write_bytes(b"weights")
    monkeypatch.setattr(yunet, "session", lambda path: path)
    assert faces._yunet.__wrapped__() == fetched
    assert not settings.MIRAGE_DATA.exists()  # nothing is linked for DeepFace, which never opens it


def test_sizes_and_blocks_of_single_values_are_taken_out() -> None:
    sized = field(1, b"\x08\x01" + field(2, b"640"))
    value = field(1, b"input") + field(2, sized)
    block, one, more = field(5, b"\x0a\x0ablock_size\x18\x09"), field(5, b"\x0a\x04axis\x18\x00"), b"axis\x18\x01"
    nodes = field(1, block + one), field(1, block + field(5, more))
    graph = b"".join([*nodes, field(11, value), field(13, value), field(5, b"weights")])
    ((number, _, body),) = fields(yunet.of_any_size(field(7, graph)))
    bare = field(1, b"input") + field(2, field(1, b"\x08\x01"))
    assert number == 7
    assert body == field(1, one) + nodes[1] + field(11, bare) + field(5, b"weights")
