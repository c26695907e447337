"""How a picture is turned: by its file, by a sidecar beside it, and by both."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from media.decoding import UPRIGHT
from media.metadata import orientations
from media.metadata.reading import read
from media.tests.metadata.conftest import packet
from media.tests.metadata.formats.test_xmp import FACE

F_SHAPE = Image.frombytes("L", (2, 3), bytes([1, 2, 3, 4, 5, 6]))


@pytest.mark.parametrize(("first", "then"), list(itertools.product(range(1, 9), repeat=2)))
def test_two_turns_are_one(first: int, then: int) -> None:
    def turn(image: Image.Image, orientation: int) -> Image.Image:
        return image.transpose(UPRIGHT[orientation]) if orientation != 1 else image

    both = turn(turn(F_SHAPE, first), then)
    once = turn(F_SHAPE, orientations.together(first, then))
    assert (both.size, both.tobytes()) == (once.size, once.tobytes())
    assert orientations.together(first, orientations.back(first)) == 1


@pytest.mark.parametrize(
    ("file", "sidecar", "turn", "upright_by"),
    [(None, None, 1, 1), (6, None, 1, 6), (6, 6, 1, 6), (None, 8, 8, 8), (1, 3, 3, 3), (6, 1, 8, 1), (6, 8, 3, 8)],
)
def test_a_sidecar_turns_what_the_file_does_not(
    make_jpeg: Callable[..., Path], file: int | None, sidecar: int | None, turn: int, upright_by: int
) -> None:
    path = make_jpeg(exif={"Exif.Image.Orientation": file} if file else {})
    beside = path.with_name("photo.jpg.xmp")
    beside.write_bytes(packet(f'tiff:Orientation="{sidecar}"' if sidecar else 'xmp:Rating="1"'))
    found = read(path, "image/jpeg", [beside])
    assert (found.orientation, found.turn, found.upright_by) == (file, turn, upright_by)


def test_a_raw_files_sidecar_does_not_turn_the_jpeg_beside_it(make_jpeg: Callable[..., Path]) -> None:
    path = make_jpeg("DSC_1.jpg", exif={"Exif.Image.Orientation": 6})
    beside = path.with_name("DSC_1.xmp")
    beside.write_bytes(packet('tiff:Orientation="8" xmp:Rating="4" photoshop:SidecarForExtension="NEF"'))
    found = read(path, "image/jpeg", [beside])
    assert (found.turn, found.upright_by, found.rating) == (1, 6, 4)


def test_regions_are_turned_with_the_picture(make_jpeg: Callable[..., Path]) -> None:
    face = FACE.format(x=0.25, y=0.2, w=0.1, h=0.2, unit="normalized")
    path = make_jpeg(xmp=packet("", face))
    beside = path.with_name("photo.xmp")
    beside.write_bytes(packet('tiff:Orientation="6"'))
    (region,) = read(path, "image/jpeg", [beside]).regions
    assert [region[key] for key in "xywh"] == pytest.approx([0.7, 0.2, 0.2, 0.1])
