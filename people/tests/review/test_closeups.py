"""Small faces cut from the original."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from media.sandbox import UnreadableFile
from people.models import Face
from people.review import closeups
from people.tests.conftest import MakeFace
from photos.models import Photo
from photos.storage import paths
from vision.faces import originals

BOX = {"x": 0.25, "y": 0.5, "width": 0.02, "height": 0.03}  # 80 × 80 pixels of the original


@pytest.fixture
def make_small(
    make_face: MakeFace, make_photo: Callable[..., Photo], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> Callable[..., Face]:
    """A red face in a white photo, which is as large as it says, and whose large thumbnail is 1200 pixels wide."""

    def make(size: tuple[int, int] = (4000, 2667), **fields: Any) -> Face:
        width, height = size
        face = make_face(1, photo=make_photo(width=width, height=height), **{**BOX, **fields})
        picture = Image.new("RGB", size, "white")
        left, top, wide, high = (round(share * side) for share, side in zip(face.box, size * 2, strict=True))
        picture.paste("red", (left, top, left + wide, top + high))
        picture.save(tmp_path / "original.png")
        folder = paths.derived_folder(face.photo.sha256)
        folder.mkdir(parents=True)
        picture.resize((1200, round(1200 * height / width))).save(folder / "large.webp")
        return face

    def cut(function: str, photo: Photo, *args: Any) -> Any:
        assert function == "vision.faces.originals:cut"
        return originals.cut(tmp_path / "original.png", "image/png", *args[1:])

    monkeypatch.setattr(closeups, "call", cut)
    return make


def test_a_small_face_is_cut_from_the_original_with_its_surroundings(make_small: Callable[..., Face]) -> None:
    cut = closeups.cut(make_small(), "large")
    assert cut is not None
    shown = Image.open(io.BytesIO(cut)).convert("RGB")
    assert max(abs(side - 128) for side in shown.size) <= 1  # with 0.3 of its 80 pixels on each side
    pixels = [shown.getpixel(at) for at in ((64, 64), (30, 30), (98, 98), (16, 64), (64, 112))]
    red = [isinstance(pixel, tuple) and pixel[1] < 120 for pixel in pixels]
    assert red == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("size", "fields"),
    [
        ((1400, 933), {}),  # the thumbnail is nearly as large
        ((4000, 2667), {"width": 0.2, "height": 0.3}),  # the thumbnail shows the face large
    ],
)
def test_the_original_is_not_decoded_if_the_thumbnail_is_as_good(
    make_small: Callable[..., Face],
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    fields: dict[str, float],
) -> None:
    monkeypatch.setattr(closeups, "call", lambda *call: pytest.fail("decoded"))
    assert closeups.cut(make_small(size, **fields), "large") is None


def test_without_an_original_the_thumbnail_is_used(
    make_small: Callable[..., Face], monkeypatch: pytest.MonkeyPatch
) -> None:
    face = make_small()
    for error in (FileNotFoundError("gone"), UnreadableFile("broken")):

        def refuse(*call: Any, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(closeups, "call", refuse)
        assert closeups.cut(face, "marked") is None
