"""TIFFs of every kind show the same picture, or say why not."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from media.decoding import open_upright
from media.pixels import colour, tiff
from media.sandbox import UnreadableFile

PATCHES: list[tuple[int, ...]] = [(200, 30, 30), (30, 200, 30), (30, 30, 200), (128, 128, 128)]
PICTURE = np.repeat(np.array(PATCHES, "u1"), 16, axis=0)[None].repeat(16, axis=0)  # 16 rows of 64
GREY = np.ascontiguousarray(PICTURE[..., 0])


def widened(picture: np.ndarray, dtype: str) -> np.ndarray:
    """The picture with the same colours in samples of another type."""
    fractions = picture / 255
    kind = np.dtype(dtype)
    return fractions.astype(kind) if kind.kind == "f" else (fractions * np.iinfo(kind).max).round().astype(kind)


@pytest.fixture
def write(tmp_path):
    def write(samples, **options):
        path = tmp_path / "a.tif"
        options = {"photometric": "rgb", "metadata": None, **options}
        tifffile.imwrite(path, samples, **options)
        return path

    return write


def shown(path: Path) -> list[tuple[int, ...]]:
    """The colours in the middle of the four patches."""
    image = open_upright(path, "image/tiff")
    assert (image.mode, image.size) == ("RGB", (64, 16))
    return [tuple(np.asarray(image)[8, 8 + 16 * patch].tolist()) for patch in range(4)]


def assert_shows(path: Path, patches: list[tuple[int, ...]] = PATCHES, tolerance: int = 2) -> None:
    assert np.abs(np.array(shown(path)) - np.array(patches)).max() <= tolerance, shown(path)


@pytest.mark.parametrize("planes", ["contig", "separate"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compression", [None, "lzw", "deflate", "packbits", "zstd"])
@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "i2", "f2", "f4", "f8"])
def test_colours_of_every_width_packed_in_every_way(write, dtype, compression, order, planes):
    samples = widened(PICTURE, dtype)
    if planes == "separate":
        samples = np.ascontiguousarray(np.moveaxis(samples, 2, 0))
    predictor = compression in ("lzw", "deflate")
    options = {"compression": compression, "byteorder": order, "planarconfig": planes, "predictor": predictor}
    assert_shows(write(samples, **options))


@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "i2", "f2", "f4", "f8"])
@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite"])
def test_grey_of_every_width(write, dtype, photometric):
    samples = widened(GREY if photometric == "minisblack" else 255 - GREY, dtype)
    assert_shows(write(samples, photometric=photometric), [(value,) * 3 for value, *_ in PATCHES])


@pytest.mark.parametrize("bits", [10, 12, 14])
def test_packed_samples(write, bits):
    assert_shows(write((PICTURE / 255 * (2**bits - 1)).round().astype("u2"), bitspersample=bits))


@pytest.mark.parametrize("tile", [(16, 16), (32, 64)])
def test_planes_in_tiles(write, tile):
    samples = np.ascontiguousarray(np.moveaxis(widened(PICTURE, "u2"), 2, 0))
    assert_shows(write(samples, planarconfig="separate", tile=tile))


@pytest.mark.parametrize("planes", ["contig", "separate"])
@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_inks(write, dtype, planes):
    inks = widened(np.dstack([255 - PICTURE, np.zeros_like(GREY)]), dtype)
    samples = np.ascontiguousarray(np.moveaxis(inks, 2, 0)) if planes == "separate" else inks
    assert_shows(write(samples, photometric="separated", planarconfig=planes), tolerance=3)


@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
@pytest.mark.parametrize("planes", ["contig", "separate"])
@pytest.mark.parametrize("alpha", ["unassalpha", "assocalpha"])
def test_transparency_is_laid_on_white(write, dtype, planes, alpha):
    half = PICTURE // 2 if alpha == "assocalpha" else PICTURE
    samples = widened(np.dstack([half, np.full_like(GREY, 128)]), dtype)
    if planes == "separate":
        samples = np.ascontiguousarray(np.moveaxis(samples, 2, 0))
    on_white = [[(value + 255) // 2 for value in patch] for patch in PATCHES]
    assert_shows(write(samples, planarconfig=planes, extrasamples=[alpha]), on_white, tolerance=3)


@pytest.mark.parametrize("further", [1, 2, 3])
@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_samples_that_are_no_colour_are_left_out(write, dtype, further):
    samples = widened(np.dstack([PICTURE, *[np.full_like(GREY, 40)] * further]), dtype)
    assert_shows(write(samples, extrasamples=["unspecified"] * further))
    grey = widened(np.dstack([GREY, *[np.full_like(GREY, 40)] * further]), dtype)
    path = write(grey, photometric="minisblack", planarconfig="contig", extrasamples=["unspecified"] * further)
    assert_shows(path, [(value,) * 3 for value, *_ in PATCHES])


def test_lab_of_sixteen_bits(write):
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    lab = np.asarray(to_lab.apply(Image.fromarray(PICTURE))).astype("i4")
    samples = np.dstack([lab[..., 0] * 257, (lab[..., 1:].astype("i1").astype("i4")) * 256]).astype("u2")
    path = write(samples, photometric="cielab")
    with tifffile.TiffFile(path) as file:
        assert not tiff.is_for_pillow(file.pages.first)
    assert_shows(path, tolerance=14)  # eight bits of a and b are coarse


@pytest.mark.parametrize("orientation", [3, 6])
def test_planes_are_turned_upright(write, orientation):
    samples = np.ascontiguousarray(np.moveaxis(widened(PICTURE, "u2"), 2, 0))
    path = write(samples, planarconfig="separate", extratags=[(274, 3, 1, orientation, True)])
    image = open_upright(path, "image/tiff")
    assert image.size == ((16, 64) if orientation == 6 else (64, 16))
    assert image.getpixel((8, 8)) == (PATCHES[0] if orientation == 6 else PATCHES[3])


def test_light_brighter_than_white_does_not_darken_the_rest(write):
    samples = widened(PICTURE, "f4")
    samples[0], samples[1], samples[2] = 7.5, np.nan, np.inf
    assert_shows(write(samples))


@pytest.mark.parametrize("top", [255, 65535])
def test_floats_that_run_further_than_one(write, top):
    assert_shows(write((PICTURE / 255 * top).astype("f4")))


def test_linear_light_keeps_its_shadows(write):
    """Eight bits of linear light would have three levels where these have twelve."""
    light = colour.srgb_light(PICTURE / 255).astype("f4")
    linear = colour.profile_of_gamma(1.0, None)
    assert linear is not None
    assert_shows(write(light, iccprofile=linear))
    dark = np.linspace(0, 0.01, 64, dtype="f4")[None, :, None].repeat(16, axis=0).repeat(3, axis=2)
    image = open_upright(write(dark, iccprofile=linear), "image/tiff")
    assert len(np.unique(np.asarray(image)[..., 0])) > 20


@pytest.mark.parametrize(
    ("samples", "options", "why"),
    [
        (PICTURE.astype("c8"), {}, "COMPLEX"),
        (widened(PICTURE, "f4"), {"photometric": "cielab"}, "CIELAB"),
        (widened(PICTURE, "u2"), {"photometric": "icclab"}, "ICCLAB"),
        (GREY.astype("u2"), {"photometric": "palette", "colormap": np.zeros((3, 65536), "u2")}, "PALETTE"),
    ],
)
def test_tiffs_that_cannot_be_shown_are_refused_with_a_reason(write, samples, options, why):
    with pytest.raises(UnreadableFile, match=why):
        open_upright(write(samples, **options), "image/tiff")


def test_a_packing_that_nobody_knows_is_refused_with_its_reason(write):
    path = write(np.ascontiguousarray(np.moveaxis(widened(PICTURE, "u2"), 2, 0)), planarconfig="separate")
    content = bytearray(path.read_bytes())
    entry = content.index(bytes([3, 1, 3, 0, 1, 0, 0, 0]))  # compression, one short
    content[entry + 8 : entry + 10] = (61234).to_bytes(2, "little")
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="61234"):
        open_upright(path, "image/tiff")


@pytest.mark.parametrize("compression", [None, "deflate"])
def test_cut_short(write, compression):
    noise = np.random.default_rng(1).integers(0, 65535, (3, 16, 64), "u2")
    path = write(noise, planarconfig="separate", compression=compression)
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(UnreadableFile, match="incomplete"):
        open_upright(path, "image/tiff")


def test_more_pixels_than_allowed(write, monkeypatch):
    monkeypatch.setattr("media.decoding.MAX_PIXELS", 1000)
    with pytest.raises(UnreadableFile, match="larger than the 0 megapixels allowed"):
        open_upright(write(widened(PICTURE, "f4")), "image/tiff")
