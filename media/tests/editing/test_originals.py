"""Originals in their own precision and colour space, and what is written of them."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pillow_heif
import pytest
import tifffile
from PIL import Image

from media import thumbnails
from media.editing import copies, originals
from media.editing.description import read
from media.pixels import colour
from media.sandbox import UnreadableFile
from media.tests.editing.pictures import scene

P3 = colour.profile_of(12, 13)
LIGHT = {"version": 1, "operations": [{"op": "exposure", "amount": 0.3}]}
CROP = {"version": 1, "operations": [{"op": "crop", "x": 0.25, "y": 0.25, "width": 0.5, "height": 0.5}]}


def deep(path: Path) -> str:
    """A picture of sixteen bits at the path; its media type."""
    samples = scene(80, 60, "u2")
    if path.suffix == ".png":
        cv2.imwrite(str(path), samples[..., ::-1])
    elif path.suffix == ".tif":
        tifffile.imwrite(path, samples, photometric="rgb")
    else:
        heif = pillow_heif.from_bytes("RGB;16", (80, 60), samples.tobytes())
        heif.save(path, quality=-1)
    return {".png": "image/png", ".tif": "image/tiff", ".heic": "image/heic"}[path.suffix]


@pytest.mark.parametrize("suffix", [".png", ".tif", ".heic"])
def test_sixteen_bits_stay_and_are_written_as_png(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"deep{suffix}"
    mime = deep(path)
    whole = originals.edited(path, mime, read(LIGHT))
    assert whole.samples.dtype == np.uint16
    assert np.unique(whole.samples % 257).size > 200
    written = originals.write_full(whole, tmp_path)
    assert written.name == "full.png"
    found: Any = cv2.imread(str(written), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(found[..., ::-1], whole.samples)


P3_FILES = [("p3.jpg", "image/jpeg"), ("p3.png", "image/png"), ("p3.webp", "image/webp")]


@pytest.mark.parametrize(("name", "mime"), P3_FILES)
def test_a_wide_gamut_stays_and_thumbnails_become_srgb(tmp_path: Path, name: str, mime: str) -> None:
    path = tmp_path / name
    red = Image.new("RGB", (40, 30), (250, 20, 20))
    red.save(path, icc_profile=P3, **({} if name.endswith("png") else {"quality": 95}))
    thumbnails.render_edited(path, mime, tmp_path / "out", CROP)
    (full,) = [file for file in (tmp_path / "out").iterdir() if file.stem == "full"]
    with Image.open(full) as written:
        assert written.info["icc_profile"] == P3
        colour_in_file: Any = written.convert("RGB").getpixel((5, 5))
        assert colour_in_file[0] == pytest.approx(250, abs=3)
    with Image.open(tmp_path / "out" / "large.webp") as shown:
        assert "icc_profile" not in shown.info
        colour_on_page: Any = shown.convert("RGB").getpixel((5, 5))
        assert colour_on_page[1] < 10  # redder than sRGB can be


def test_orientation_is_applied_before_the_edit(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.fromarray(scene(80, 60))
    picture.save(tmp_path / "turned.jpg", exif=exif, quality=95)
    assert originals.read(tmp_path / "turned.jpg", "image/jpeg").samples.shape == (80, 60, 3)
    made = thumbnails.render_edited(tmp_path / "turned.jpg", "image/jpeg", tmp_path / "out", CROP, 6)
    assert (made.width, made.height) == (40, 30)


def test_grey_transparent_and_indexed_pictures_are_edited_too(tmp_path: Path) -> None:
    for mode in ("L", "RGBA", "P", "LA"):
        Image.new(mode, (40, 30)).save(tmp_path / f"{mode}.png")
        made = thumbnails.render_edited(tmp_path / f"{mode}.png", "image/png", tmp_path / mode, LIGHT)
        assert (made.width, made.height) == (40, 30)


def test_an_animation_is_edited_frame_by_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (40, 30), shade) for shade in ("red", "blue", "lime")]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:], duration=100)
    made = thumbnails.render_edited(tmp_path / "moving.gif", "image/gif", tmp_path / "out", CROP)
    assert made.animated
    with Image.open(tmp_path / "out" / "animated.webp") as shown:
        assert (shown.n_frames, shown.size) == (3, (20, 15))  # type: ignore[attr-defined]


def test_what_does_not_fit_or_cannot_be_read_says_why(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.new("RGB", (40, 30)).save(path)
    outside = {"version": 1, "operations": [{"op": "straighten", "degrees": 45}, {**CROP["operations"][0], "x": 0}]}  # type: ignore[index]
    with pytest.raises(UnreadableFile, match="The edit does not fit: The crop"):
        thumbnails.render_edited(path, "image/jpeg", tmp_path / "out", outside)
    with pytest.raises(UnreadableFile, match="newer Mirage"):
        thumbnails.render_edited(path, "image/jpeg", tmp_path / "out", {"version": 3, "operations": []})
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(UnreadableFile):
        thumbnails.render_edited(path, "image/jpeg", tmp_path / "out", CROP)
    assert not (tmp_path / "out").exists()


def test_a_copy_has_no_metadata_and_is_srgb(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Secretcam"
    Image.new("RGB", (400, 300), "red").save(tmp_path / "a.jpg", exif=exif, icc_profile=P3)
    for kind, suffix in (("jpeg", "jpg"), ("png", "png"), ("webp", "webp")):
        target = tmp_path / f"copy.{suffix}"
        copies.write_copy(tmp_path / "a.jpg", "image/jpeg", target, CROP, 6, kind, 100)
        with Image.open(target) as made:
            assert (made.size, "icc_profile" in made.info, len(made.getexif())) == ((75, 100), False, 0)
