"""Rendering: every operation against its golden picture, at every size, in every precision."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from media.editing import regions, rendering, tones
from media.editing.description import Edit, Refused, read
from media.tests.editing.pictures import EDITS, scene, smooth

GOLDEN = Path(__file__).with_name("golden.npz")  # pictures.py adds new ones; what it holds is never changed
GEOMETRY = {"rotate right", "rotate left", "upside down", "mirror", "straighten", "crop", "perspective", "everything"}


def edit_of(name: str) -> Edit:
    return read({"version": 1, "operations": EDITS[name]})


@cache
def rendered(width: int, name: str) -> np.ndarray:
    """The edit of the smooth picture in that width."""
    return rendering.render(smooth(width, width * 3 // 4), edit_of(name))


def difference(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.abs(first.astype("f4") - second.astype("f4"))


def test_every_edit_makes_what_it_has_always_made():
    picture = scene(64, 48)
    made = {name.replace(" ", "_"): rendering.render(picture, edit_of(name)) for name in EDITS}
    golden = np.load(GOLDEN)
    assert set(golden.files) == set(made)
    for name, picture in made.items():
        assert picture.shape == golden[name].shape, name
        assert difference(picture, golden[name]).max() <= 1, name  # another processor may round otherwise


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("width", [200, 600])
def test_the_same_edit_makes_the_same_of_every_size(name: str, width: int) -> None:
    large, small = rendered(1200, name), rendered(width, name)
    reduced = cv2.resize(large, small.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert difference(small, reduced).max() <= (3 if name == "everything" else 2)


@pytest.mark.parametrize("name", EDITS)
def test_edges_too_are_nearly_the_same_at_every_size(name: str) -> None:
    full = scene(600, 450)
    large = rendering.render(full, edit_of(name))
    small = rendering.render(cv2.resize(full, (300, 225), interpolation=cv2.INTER_AREA), edit_of(name))
    reduced = cv2.resize(large, small.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert difference(small, reduced).mean() <= 0.5


@pytest.mark.parametrize("name", EDITS)
def test_sixteen_bits_and_floats_stay_as_they_are_and_show_the_same(name: str) -> None:
    eight, sixteen, real = (rendering.render(scene(160, 120, dtype), edit_of(name)) for dtype in ("u1", "u2", "f4"))
    assert sixteen.dtype == np.uint16
    assert real.dtype == np.float32
    assert difference(sixteen / 257, eight).max() <= 3
    assert difference(real * 255, sixteen / 257).max() <= 0.1
    if name not in {"rotate right", "rotate left", "upside down", "mirror", "cover", "blur", "red eye", "crop"}:
        assert np.unique(sixteen % 257).size > 200  # more than eight bits


@pytest.mark.parametrize("name", EDITS)
def test_the_picture_itself_stays_as_it_is(name: str) -> None:
    picture = scene(400, 300)
    before = picture.copy()
    rendering.render(picture, edit_of(name))
    assert np.array_equal(picture, before)
    assert not np.array_equal(rendering.render(picture, edit_of(name)), before)


def test_a_crop_on_whole_pixels_copies_them():
    picture = scene(80, 60)
    edit = read({"version": 1, "operations": [{"op": "crop", "x": 0.25, "y": 0.1, "width": 0.5, "height": 0.5}]})
    assert np.array_equal(rendering.render(picture, edit), picture[6:36, 20:60])


@pytest.mark.parametrize("turn", range(2, 9))
def test_turns_copy_pixels_as_pillow_does(turn: int) -> None:
    from PIL import Image

    from media.turns import UPRIGHT

    picture = scene(80, 60)
    wanted = np.asarray(Image.fromarray(picture).transpose(UPRIGHT[turn]))
    assert np.array_equal(rendering.render(picture, Edit().turned(turn)), wanted)


def test_a_picture_too_large_to_warp_is_refused_and_can_still_be_cropped():
    picture = np.zeros((2, 40_000, 3), "u1")
    with pytest.raises(Refused, match="too large"):
        rendering.render(picture, edit_of("perspective"))
    half = read({"version": 1, "operations": [{"op": "crop", "x": 0, "y": 0, "width": 0.5, "height": 1}]})
    assert rendering.render(picture, half).shape == (2, 20_000, 3)


@pytest.mark.parametrize("name", ["exposure", "contrast", "highlights", "shadows", "warmth", "tint", "saturation"])
def test_more_of_an_amount_goes_on_the_way_and_never_turns_back(name: str) -> None:
    grey = np.repeat(np.linspace(0, 1, 256, dtype="f4"), 3).reshape(1, -1, 3)
    for amount in np.linspace(-1, 1, 21):
        made = tones.apply(grey, tones.Tones(**{name: float(amount)}))
        assert (np.diff(made[0, :, 1]) >= -1e-5).all(), amount  # a brighter grey stays the brighter one


def test_what_is_blurred_cannot_be_read_back():
    noise = np.random.default_rng(1).integers(0, 256, (200, 200, 3)).astype("u1")
    other = noise.copy()
    other[60:140, 60:140] = other[60:140, 60:140][::, ::-1]
    box = {"op": "blur", "x": 0.3, "y": 0.3, "width": 0.4, "height": 0.4, "shape": "box"}
    regions.apply(noise, box, 255)
    inside = noise[60:140, 60:140].astype("f4")
    assert len(np.unique(inside.reshape(-1, 3), axis=0)) < 6400
    assert inside.std() < 20  # of noise, whose deviation was 74


def test_a_red_eye_is_mended_and_the_skin_around_it_stays():
    picture = scene(200, 150)
    made = rendering.render(picture, edit_of("red eye"))
    red, green, _ = made[60, 60].astype(int)
    assert red - green < 30
    assert np.array_equal(made[60, 85], picture[60, 85])
