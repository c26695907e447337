"""Every stage takes every shape that a thumbnail can have, also a line of one pixel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from media import sizes, thumbnails
from media.pixels import crops, thumbhash
from mirage.testing.weights import place_or_skip
from vision import clip, embeddings, fingerprints, matching, objects, ocr
from vision.copies import borders
from vision.faces import alignment, faces

LARGE = sizes.LARGE
SIDES = st.sampled_from([1, 2, 3, 5, 16, 31, 100, LARGE]) | st.integers(1, LARGE)
SHAPES = st.tuples(SIDES, SIDES).filter(lambda shape: shape[0] * shape[1] <= 200_000)
FRACTIONS = st.floats(0, 0.98)
ALWAYS = [(1, 1), (1, LARGE), (LARGE, 1), (3, LARGE)]  # at the real models, whose weights may be missing


def picture(shape: tuple[int, int], seed: int = 1) -> Image.Image:
    width, height = shape
    return Image.fromarray(np.random.default_rng(seed).integers(0, 255, (height, width, 3), "u1"))


@st.composite
def boxes(draw: st.DrawFn) -> tuple[float, float, float, float]:
    x, y = draw(FRACTIONS), draw(FRACTIONS)
    return x, y, draw(st.floats(1e-4, 1 - x)), draw(st.floats(1e-4, 1 - y))


@given(SHAPES)
@settings(max_examples=60, deadline=None)
def test_model_inputs_of_every_shape(shape):
    image = picture(shape)
    canvas = objects.canvas(image.size)
    assert objects.letterbox(image, canvas).shape == (3, *canvas)
    assert clip.prepare(image, clip.Seeing()).shape == (3, 224, 224)
    assert thumbhash.encode(image)
    inner = borders.within(image)
    assert inner is None or min(inner.size) >= 1


@given(SHAPES, SHAPES)
@settings(max_examples=20, deadline=None)
def test_comparing(first, second):
    matching.compare(matching.prepare(picture(first)), matching.prepare(picture(second, seed=2)))


@given(SHAPES, boxes())
@settings(max_examples=60, deadline=None)
def test_faces_are_cut_and_aligned(shape, box):
    image = picture(shape)
    window = crops.window(box, *image.size)
    assert window.right > window.left
    assert window.bottom > window.top
    pixels = np.ascontiguousarray(np.asarray(image)[..., ::-1])
    height, width = pixels.shape[:2]
    x, y, wide, high = box
    points = alignment.points_of_box(x * width, y * height, wide * width, high * height)
    assert alignment.align(pixels, points).shape == (alignment.SIDE, alignment.SIDE, 3)
    for factor in (1 / LARGE, 0.3):
        assert min(alignment.shrunk(pixels, factor).shape) >= 1


@given(st.integers(1, 65_000), st.integers(1, 65_000))
@settings(max_examples=300, deadline=None)
def test_sizes_of_thumbnails(width, height):
    for short_side in sizes.SHORT_SIDES.values():
        made = sizes.grid_size((width, height), short_side)
        assert 1 <= made[0] <= width
        assert 1 <= made[1] <= height
        assert max(made) <= short_side * sizes.MAX_ASPECT


@pytest.mark.parametrize("shape", [(1, 1), (1, 65_000), (65_000, 1), (3, 40_000)])
@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_originals_of_one_line(tmp_path, shape, suffix):
    path = tmp_path / f"a{suffix}"
    Image.new("RGB", shape, "teal").save(path)
    mime = {".jpg": "image/jpeg", ".png": "image/png"}[suffix]
    rendering = thumbnails.render(path, mime, tmp_path / "out")
    assert (rendering.width, rendering.height) == shape
    for name in ("small", "medium", "large"):
        with Image.open(tmp_path / "out" / f"{name}.webp") as made:
            assert min(made.size) >= 1


@pytest.mark.models
@pytest.mark.parametrize("shape", ALWAYS)
def test_the_real_models(settings, shape):
    pictures = (fingerprints.MODEL, embeddings.MODEL, objects.MODEL)
    place_or_skip(settings, ("yunet-int8", "sface-int8", *pictures, ocr.DETECTOR, ocr.READER))
    image = picture(shape)
    pixels = np.ascontiguousarray(np.asarray(image)[..., ::-1])
    faces.find_faces(pixels)
    for box in ((0.1, 0.1, 0.5, 0.5), (0.9, 0.9, 0.05, 0.05), (0.0, 0.0, 1.0, 1.0)):
        assert faces.describe_box(pixels, *box).vector.shape == (128,)
    assert np.isfinite(fingerprints.compute([image])).all()
    assert np.isfinite(embeddings.compute([image])).all()
    objects.detect([image])
    ocr.read(image)
