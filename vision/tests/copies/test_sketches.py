"""Sketches: copies agree, however they were made; other pictures do not."""

import random
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from benchmarks.variants import libraries
from vision.copies import sketches
from vision.copies.sketches import Sketch
from vision.tests.test_matching import jpeg, scene

Edit = Callable[[Image.Image], Image.Image]
COPIES: dict[str, Edit] = {
    "smaller": lambda image: image.resize((213, 160)),
    "compressed": lambda image: jpeg(image, 20),
    "turned": lambda image: image.rotate(90, expand=True),
    "upside down": lambda image: image.rotate(180),
    "mirrored": ImageOps.mirror,
    "tilted": lambda image: image.rotate(6),
    "cropped": lambda image: image.crop((100, 60, 520, 400)),
    "mirrored crop": lambda image: ImageOps.mirror(image).crop((60, 30, 560, 420)),
    "grey": lambda image: ImageOps.grayscale(image).convert("RGB"),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.4),
    "stretched": lambda image: image.resize((image.width, image.height * 7 // 10)),
    "framed": lambda image: ImageOps.expand(image, 60, "white"),
}


def sketch(image: Image.Image) -> Sketch:
    return sketches.read(sketches.draw(image))


def may_be_same(one: Image.Image, other: Image.Image, cosine: float = 0.5) -> bool:
    return sketches.may_be_same([sketch(one)], [sketch(other)], cosine)


@pytest.mark.parametrize("edit", COPIES)
def test_copies_may_be_the_same(edit: str) -> None:
    picture = scene(1)
    assert may_be_same(picture, COPIES[edit](picture))
    assert may_be_same(COPIES[edit](picture), picture)


@pytest.mark.parametrize("seed", range(2, 12))
def test_other_pictures_are_told_apart(seed: int) -> None:
    assert not may_be_same(scene(1), scene(seed))


def test_a_camera_that_moved_took_another_picture() -> None:
    """Each shot shows what the other does not; a crop of one is still a copy of it."""
    wide = scene(1, (800, 600))
    left, right = wide.crop((0, 0, 700, 600)), wide.crop((100, 0, 800, 600))
    assert not may_be_same(left, right)
    assert may_be_same(wide, right)


def test_what_moved_within_the_picture_tells_two_shots_apart() -> None:
    """The same view, and things in it a little elsewhere: no crop, stretch or turn does that."""
    picture = scene(1, (800, 600))
    for seed in range(4):
        shot = libraries.moved(picture, random.Random(seed), 0.012)
        assert sketches.compare(sketch(picture), sketch(shot)).features >= sketches.LIMITS.told
        assert not may_be_same(picture, shot)


def test_too_few_features_do_not_tell_that_anything_moved() -> None:
    rng = np.random.default_rng(1)
    places = rng.uniform(0, 200, (sketches.LIMITS.told - 1, 2))
    assert sketches.bent(places, places + rng.normal(0, 2, places.shape), 100.0) == 0


def test_a_crop_of_a_tilt_is_no_move() -> None:
    picture = scene(1, (800, 600))
    assert may_be_same(picture.rotate(5).crop((80, 60, 720, 540)), picture.crop((60, 40, 740, 560)))


def test_a_picture_of_few_features_is_looked_at_where_fingerprints_are_near() -> None:
    sky = Image.fromarray(np.tile(np.linspace(90, 200, 400).astype(np.uint8)[:, None, None], (1, 600, 3)))
    other = ImageOps.expand(sky.crop((0, 200, 600, 400)), 90, "red")
    assert may_be_same(sky, other, 0.9)
    assert not may_be_same(sky, other, 0.4)


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (40, 30)])
def test_every_shape_has_a_sketch(size: tuple[int, int]) -> None:
    data = sketches.draw(Image.new("RGB", size, "white"))
    assert len(data) <= sketches.MOST_BYTES
    assert sketches.compare(sketches.read(data), sketch(scene(1))).features == 0


def test_a_sketch_fits_in_four_kilobytes() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (600, 800, 3), np.uint8)
    assert 3000 < len(sketches.draw(Image.fromarray(noise))) <= sketches.MOST_BYTES <= 4096
    assert len(sketches.draw(scene(1))) <= 4096


def test_features_tell_where_a_crop_lies() -> None:
    picture = scene(1)
    found = sketches.compare(sketch(picture), sketch(picture.crop((160, 120, 640, 480))))
    assert found.placement is not None
    side = sketches.LIMITS.side
    assert found.placement[:, 2] == pytest.approx([side / 4, side * 3 / 16], abs=2)
    assert found.placement[0, 0] == pytest.approx(0.75, abs=0.02)


@pytest.mark.parametrize(("edit", "may"), [("smaller", True), ("compressed", True), ("grey", True), ("turned", False)])
def test_mere_copies_are_upright_and_whole(edit: str, may: bool) -> None:
    assert sketches.may_be_copies(sketch(scene(1)), sketch(COPIES[edit](scene(1)))) is may


@pytest.mark.parametrize("edit", ["mirrored", "upside down", "cropped", "stretched", "framed"])
def test_what_is_not_whole_and_upright_is_no_mere_copy(edit: str) -> None:
    assert not sketches.may_be_copies(sketch(scene(1)), sketch(COPIES[edit](scene(1))))


def test_a_nearly_blank_picture_may_be_a_copy_of_any_other_of_its_shape() -> None:
    grey = Image.new("RGB", (640, 480), "grey")
    assert sketches.may_be_copies(sketch(grey), sketch(scene(1)))
    assert not sketches.may_be_copies(sketch(grey), sketch(scene(1).resize((480, 480))))


@pytest.mark.parametrize(
    ("edit", "how", "corners"),
    [
        ("cropped", "placed", [(100, 60), (520, 400)]),
        ("smaller", "placed", [(0, 0), (640, 480)]),
        ("mirrored", "placed, mirrored", [(640, 0), (0, 480)]),
    ],
)
def test_sketches_place_one_picture_over_the_other_in_its_pixels(
    edit: str, how: str, corners: list[tuple[int, int]]
) -> None:
    picture = scene(1)
    other = COPIES[edit](picture)
    placed = sketches.placed(sketch(picture), sketch(other), (picture.size, other.size))
    assert placed is not None
    assert placed.how == how
    ends = np.array([[-0.5, -0.5, 1], [other.width - 0.5, other.height - 0.5, 1]])
    assert ends @ placed.affine.T == pytest.approx(np.array(corners) - 0.5, abs=4)


def test_sketches_of_two_pictures_place_nothing() -> None:
    size = scene(1).size
    assert sketches.placed(sketch(scene(1)), sketch(scene(2)), (size, size)) is None
