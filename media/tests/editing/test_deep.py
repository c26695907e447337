"""More than eight bits stay in every format that has them, in the picture's own colours."""

from pathlib import Path
from typing import Any

import cv2
import imagecodecs
import numpy as np
import pytest

from media import decoding, thumbnails
from media.editing import deep, description, originals
from media.pixels import colour, icc
from media.tests.editing import formats
from media.tests.test_decoding import digital_negative, quarters

LIGHT = description.read({"version": 1, "operations": [{"op": "exposure", "amount": 0.3}]})
DEEP_KINDS = ["png", "tif", "heic", "avif", "jxl"]


@pytest.mark.parametrize("kind", DEEP_KINDS)
def test_more_than_eight_bits_stay(tmp_path: Path, kind: str) -> None:
    samples = formats.waves(96, 72)
    path = formats.write(samples, tmp_path / f"a.{kind}")
    whole = originals.read(path, formats.MIMES[kind])
    assert (whole.samples.dtype, whole.samples.shape) == (np.uint16, (72, 96, 3))
    assert np.abs(whole.samples.astype("i4") - samples).max() <= (0 if kind in ("png", "tif") else 300)
    made = originals.edited(path, formats.MIMES[kind], LIGHT).samples
    assert np.unique(made % 257).size > 200
    assert originals.write_full(originals.Whole(made), tmp_path).name == "full.png"


@pytest.mark.parametrize("kind", ["avif", "jxl"])
def test_eight_bits_stay_eight(tmp_path: Path, kind: str) -> None:
    eight = originals.eight_bits(formats.waves(96, 72))
    encode: Any = imagecodecs.avif_encode if kind == "avif" else imagecodecs.jpegxl_encode
    path = tmp_path / f"a.{kind}"
    path.write_bytes(encode(eight))
    assert deep.read(path, formats.MIMES[kind]) is None
    assert originals.read(path, formats.MIMES[kind]).samples.dtype == np.uint8


@pytest.mark.parametrize("kind", formats.MIMES)
@pytest.mark.parametrize("name", ["straighten", "exposure", "everything"])
def test_the_same_at_every_size_in_every_format(tmp_path: Path, kind: str, name: str) -> None:
    ((_, sizes),) = formats.differences(tmp_path, kind, [name])
    compressed = {"jpg": 6, "webp": 1, "heic": 1, "avif": 1}.get(kind, 0)  # what eight bits and compression add
    assert max(sizes) <= (3 if name == "everything" else 2) + compressed


@pytest.mark.parametrize("transfer", [16, 18, 8])
def test_hdr_and_linear_light_are_edited_in_a_signal_like_that_of_thumbnails(transfer: int) -> None:
    samples, profile = formats.waves(96, 72), colour.profile_of(12, transfer)
    made, usual = deep.in_usual_curve(samples, profile)
    assert usual is not None
    curve = icc.curve_of(usual)
    assert curve is not None
    assert np.abs(curve(np.linspace(0, 1, 100)) - colour.srgb_light(np.linspace(0, 1, 100))).max() < 1e-3
    before, after = (originals.in_srgb(originals.Whole(*pair)) for pair in ((samples, profile), (made, usual)))
    difference = np.abs(np.asarray(before).astype("i2") - np.asarray(after))
    assert (difference.mean() < 1, difference.max() <= 12) == (True, True)  # `before` has eight bits of light in it
    assert deep.in_usual_curve(made, usual) == (made, usual)
    p3 = colour.profile_of(12, 13)
    assert deep.in_usual_curve(samples, p3) == (samples, p3)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_raw_without_a_preview_is_developed_in_sixteen_bits_and_full_size(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(digital_negative(orientation, None))
    whole = originals.read(path, "image/x-adobe-dng")
    assert whole.samples.dtype == np.uint16
    assert whole.samples.shape == ((320, 240, 3) if orientation in (6, 8) else (240, 320, 3))
    shown = decoding.open_upright(path, "image/x-adobe-dng")  # as thumbnails have it, in half the size
    reduced = cv2.resize(originals.eight_bits(whole.samples), shown.size, interpolation=cv2.INTER_AREA)
    assert np.abs(reduced.astype("i2") - np.asarray(shown)).mean() < 3


def test_raw_with_a_preview_stays_as_its_thumbnails_show_it(tmp_path: Path) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(digital_negative(1, quarters((320, 240))))
    assert originals.read(path, "image/x-adobe-dng").samples.dtype == np.uint8


@pytest.mark.parametrize(("kind", "cut"), [("avif", 0.6), ("jxl", 0.6), ("heic", 0.6)])
def test_a_cut_file_is_refused_in_words(tmp_path: Path, kind: str, cut: float) -> None:
    path = formats.write(formats.waves(96, 72), tmp_path / f"a.{kind}")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * cut)])
    with pytest.raises(thumbnails.UnreadableFile):
        originals.edited(path, formats.MIMES[kind], LIGHT)


def test_a_picture_of_floats_is_edited_as_its_thumbnails_show_it(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    cv2.imwrite(str(path), formats.waves(96, 72).astype("f4") / 65535)
    whole = originals.edited(path, "image/tiff", LIGHT)
    assert (whole.samples.dtype, whole.samples.shape) == (np.uint8, (72, 96, 3))
    assert thumbnails.render(path, "image/tiff", tmp_path).width == 96
