"""thumbnails.render: three sizes, never enlarged, nothing of the original's metadata, all or nothing."""

import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from media import files, thumbnails
from media.editing import copies, rendering
from media.editing.description import read
from media.pixels import colour, thumbhash
from media.sandbox import Sandbox, UnreadableFile
from media.tests.editing.pictures import EDITS, scene
from media.thumbnails import render

# Of 255. Small and medium are made from the next larger one, not at once from the full size.
MOST_APART = {"large": 0, "copy": 0, "medium": 3, "small": 3}


@pytest.fixture
def source(tmp_path):
    def source(image, name="a.jpg", **options):
        image.save(tmp_path / name, **options)
        return tmp_path / name

    return source


def sizes(target: Path) -> dict[str, tuple[int, int]]:
    found = {}
    for path in target.iterdir():
        with Image.open(path) as image:
            assert image.format == "WEBP"
            found[path.stem] = image.size
    return found


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        ((2000, 1500), {"large": (1600, 1200), "medium": (533, 400), "small": (333, 250)}),
        ((1500, 2000), {"large": (1200, 1600), "medium": (400, 533), "small": (250, 333)}),
        ((400, 300), {"large": (400, 300), "medium": (400, 300), "small": (333, 250)}),
        ((100, 60), {"large": (100, 60), "medium": (100, 60), "small": (100, 60)}),
        ((1, 1), {"large": (1, 1), "medium": (1, 1), "small": (1, 1)}),
    ],
)
def test_sizes(source, tmp_path, original, expected):
    rendering = render(source(Image.new("RGB", original, "teal")), "image/jpeg", tmp_path / "out")
    assert (rendering.width, rendering.height) == original
    assert sizes(tmp_path / "out") == expected


def test_panorama_stays_in_bounds(source, tmp_path):
    render(source(Image.new("RGB", (8000, 400), "teal")), "image/jpeg", tmp_path / "out")
    assert sizes(tmp_path / "out") == {"large": (1600, 80), "medium": (1200, 60), "small": (750, 38)}


@pytest.mark.parametrize("name", ["straighten", "contrast", "sharpness", "cover"])
def test_an_edit_is_one_picture_at_every_size_that_is_served(source, tmp_path, monkeypatch, name):
    """Hard edges too: all sizes come from the rendering in full size, whose pixels a PNG keeps."""
    monkeypatch.setattr(thumbnails, "_write_still", lambda image, path, _quality=0: image.save(path, lossless=True))
    given = {"version": 1, "operations": EDITS[name]}
    picture = scene(500, 375).repeat(4, 0).repeat(4, 1)  # of 2,000 pixels, and all its edges are hard
    original, out = source(Image.fromarray(picture), "a.png"), tmp_path / "out"
    thumbnails.render_edited(original, "image/png", out, given)
    copies.write_copy(original, "image/png", tmp_path / "copy.png", given, 1, "png", 700)
    full = np.asarray(Image.open(out / "full.png"))
    assert np.array_equal(full, rendering.render(picture, read(given)))
    for path in (out / "large.webp", out / "medium.webp", out / "small.webp", tmp_path / "copy.png"):
        with Image.open(path) as image:
            reduced = Image.fromarray(full).resize(image.size, Image.Resampling.LANCZOS)
            apart = np.abs(np.asarray(image.convert("RGB"), "i2") - np.asarray(reduced, "i2"))
        assert apart.mean() <= 0.2, path.name
        assert np.percentile(apart, 99.9) <= MOST_APART[path.stem], path.name


def test_nothing_of_the_metadata_is_left(source, tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    options = {"exif": exif, "icc_profile": _display_p3(), "comment": b"secret"}
    render(source(Image.effect_noise((300, 300), 50).convert("RGB"), **options), "image/jpeg", tmp_path / "out")
    for path in (tmp_path / "out").iterdir():
        assert b"ecret" not in path.read_bytes()
        with Image.open(path) as image:
            assert not image.getexif()
            assert not image.info.keys() & {"icc_profile", "exif", "xmp"}


def _display_p3() -> bytes:
    profile = colour.profile_of(12, 13)
    assert profile is not None
    return profile


def test_orientation_counts_for_size_and_pixels(source, tmp_path):
    image = Image.new("RGB", (800, 600), "red")
    image.paste("blue", (0, 0, 400, 600))
    exif = Image.Exif()
    exif[0x0112] = 6
    rendering = render(source(image, exif=exif), "image/jpeg", tmp_path / "out")
    assert (rendering.width, rendering.height) == (600, 800)
    with Image.open(tmp_path / "out" / "small.webp") as small:
        top = small.convert("RGB").getpixel((small.width // 2, 10))
    assert isinstance(top, tuple)
    assert top[2] > 200
    assert top[0] < 60


def test_placeholder_is_that_of_the_picture(source, tmp_path):
    image = Image.linear_gradient("L").convert("RGB").resize((600, 400))
    rendering = render(source(image, "a.png"), "image/png", tmp_path / "out")
    mean, expected = rendering.thumbhash[0] & 63, thumbhash.encode(image)[0] & 63
    assert abs(mean - expected) <= 1


def frames_of(film: Image.Image) -> int:
    return getattr(film, "n_frames", 1)


def moving(frames: int = 8) -> list[Image.Image]:
    pictures = []
    for number in range(frames):
        picture = Image.new("RGB", (120, 90), "white")
        picture.paste("red", (number * 10, 20, number * 10 + 30, 60))
        pictures.append(picture)
    return pictures


@pytest.mark.parametrize(
    ("name", "mime"),
    [("a.gif", "image/gif"), ("a.webp", "image/webp"), ("a.png", "image/png"), ("a.avif", "image/avif")],
)
def test_moving_pictures_move_in_the_viewer(source, tmp_path, name, mime):
    first, *rest = moving()
    path = source(first, name, save_all=True, append_images=rest, duration=80, loop=0)
    assert render(path, mime, tmp_path / "out").animated
    with Image.open(tmp_path / "out" / "animated.webp") as film:
        assert frames_of(film) == 8
        assert film.info["loop"] == 0
        durations = []
        for number in range(frames_of(film)):
            film.seek(number)
            film.load()
            durations.append(film.info["duration"])
        assert durations == [80] * 8
        assert film.size == (120, 90)
    assert sizes(tmp_path / "out").keys() == {"large", "medium", "small", "animated"}


def test_film_is_kept_within_limits(source, tmp_path, monkeypatch):
    monkeypatch.setattr(thumbnails, "_MOVING_FRAMES", 4)
    monkeypatch.setattr(thumbnails, "_MOVING_LONG_SIDES", (60, 20))
    first, *rest = moving()
    assert render(
        source(first, "a.gif", save_all=True, append_images=rest, duration=0), "image/gif", tmp_path / "out"
    ).animated
    with Image.open(tmp_path / "out" / "animated.webp") as film:
        assert (frames_of(film), film.size) == (4, (60, 45))


def test_long_films_are_small():
    width, height = thumbnails._moving_size((1920, 1080), 600)
    assert 600 * width * height <= thumbnails._MOVING_PIXELS * 1.05
    assert math.isclose(width / height, 16 / 9, rel_tol=0.02)


def test_film_that_breaks_off_shows_what_there_is(source, tmp_path):
    noise = [Image.effect_noise((120, 90), 80) for _ in range(6)]
    path = source(noise[0], "a.gif", save_all=True, append_images=noise[1:], duration=80)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    render(path, "image/gif", tmp_path / "out")
    assert sizes(tmp_path / "out")["large"] == (120, 90)


def test_still_has_no_film(source, tmp_path):
    assert not render(source(moving(1)[0], "a.gif"), "image/gif", tmp_path / "out").animated
    assert not (tmp_path / "out" / "animated.webp").exists()


def test_unreadable_files_leave_nothing(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 broken")
    with pytest.raises(UnreadableFile):
        render(path, "image/jpeg", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_disk_that_fails_leaves_no_half_file(source, tmp_path, monkeypatch):
    target = tmp_path / "out"
    path = source(moving(1)[0])
    render(path, "image/jpeg", target)
    before = {file.name: file.read_bytes() for file in target.iterdir()}

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(files.os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        render(path, "image/jpeg", target)
    assert {file.name: file.read_bytes() for file in target.iterdir()} == before


def test_again_gives_the_same(source, tmp_path):
    path = source(Image.effect_noise((300, 200), 60).convert("RGB"))
    assert render(path, "image/jpeg", tmp_path / "a") == render(path, "image/jpeg", tmp_path / "b")
    for name in ("small", "medium", "large"):
        assert (tmp_path / "a" / f"{name}.webp").read_bytes() == (tmp_path / "b" / f"{name}.webp").read_bytes()


def test_through_the_sandbox(source, tmp_path):
    path = source(moving(1)[0])
    with Sandbox() as sandbox:
        rendering = sandbox.call("media.thumbnails:render", path, "image/jpeg", tmp_path / "out")
    assert rendering == render(path, "image/jpeg", tmp_path / "again")
