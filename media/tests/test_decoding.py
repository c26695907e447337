"""decoding: upright, in sRGB, within limits, and in words when not."""

import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from media import decoding
from media.decoding import decode, open_upright
from media.sandbox import UnreadableFile
from media.tests.pictures import (
    FORMATS,
    WHITE,
    assert_upright_quarters,
    corners,
    mime_of,
    opened,
    pixel,
    quarters,
    same,
)


@pytest.mark.parametrize(("name", "options"), FORMATS.items(), ids=FORMATS)
def test_formats(save, name, options):
    path = save(quarters(), name, **options)
    image = opened(path)
    assert image.size == (96, 64)
    assert_upright_quarters(image)
    assert opened(path, fit=48).size == (48, 32)
    assert opened(path, fit=500).size == (96, 64)


def as_stored(orientation: int) -> Image.Image:
    """The quarters as a camera held that way stores them."""
    undo = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    turn = undo.get(orientation, decoding.UPRIGHT.get(orientation))
    return quarters().transpose(turn) if turn is not None else quarters()


def exif(orientation: int) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags.tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tif", "a.avif", "a.heic"])
def test_all_orientations(save, name, orientation):
    path = save(as_stored(orientation), name, exif=exif(orientation), **FORMATS[name])
    decoded = decode(path, mime_of(path), 60)
    assert (decoded.width, decoded.height) == (96, 64)
    assert decoded.image.size == (60, 40)
    assert_upright_quarters(decoded.image, 25)


def test_jxl_is_turned_once(save):
    """Its own header turns it; the EXIF beside it says the same and must not do so again."""
    path = save(quarters(), "a.jxl", exif=exif(6), quality=95)
    with Image.open(path) as image:
        expected = image.size
    assert opened(path).size == expected


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_orientation_that_means_nothing_is_ignored(save, value):
    assert_upright_quarters(opened(save(quarters(), "a.jpg", exif=exif(value), quality=95, subsampling=0)))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_exif_is_no_reason_to_refuse(save):
    broken = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40
    assert_upright_quarters(opened(save(quarters(), "a.jpg", exif=broken, quality=95, subsampling=0)))


def test_cmyk(save):
    image = opened(save(quarters().convert("CMYK"), "a.jpg", quality=95, subsampling=0))
    assert_upright_quarters(image, 30)
    assert_upright_quarters(opened(save(quarters().convert("CMYK"), "a.tif")), 30)


def test_lab(save):
    lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    assert_upright_quarters(opened(save(lab.apply(quarters()), "a.tif")))


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_sixteen_bit_grey(save, name):
    values = np.linspace(0, 65535, 256).astype(np.uint16).repeat(4).reshape(32, 32)
    image = opened(save(Image.fromarray(values), name))
    assert image.mode == "RGB"
    found = np.asarray(image)[..., 0].astype(int)
    assert np.abs(found - values / 257).max() <= 1


def test_sixteen_bit_colour_png(tmp_path):
    rows = b"".join(b"\0" + struct.pack(">48H", *[0xFFFF, 0x8000, 0] * 16) for _ in range(16))
    path = tmp_path / "a.png"
    path.write_bytes(_png((16, 16), depth=16, colour_type=2, data=zlib.compress(rows)))
    assert same(pixel(opened(path), (8, 8)), (255, 128, 0), 1)


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.0, 255.0), (-3.5, 1e6)])
def test_floating_point_grey(save, low, high):
    values = np.linspace(low, high, 1024, dtype="f4").reshape(32, 32)
    found = np.asarray(opened(save(Image.fromarray(values), "a.tif")))[..., 0]
    assert found.min() == 0
    assert found.max() == 255
    assert 126 <= found[16, 0] <= 130


@pytest.mark.parametrize(
    ("mode", "name"), [("1", "a.png"), ("L", "a.png"), ("P", "a.png"), ("LA", "a.png"), ("I", "a.tif")]
)
def test_other_modes_become_rgb(save, mode, name):
    image = opened(save(Image.linear_gradient("L").convert(mode), name))
    assert (image.mode, image.size) == ("RGB", (256, 256))
    assert pixel(image, (10, 5))[0] < 60
    assert pixel(image, (10, 252))[0] > 195


@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.tif"])
def test_transparency_is_laid_on_white(save, name):
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((0, 0, 255, 255), (20, 0, 40, 40))
    found = opened(save(image, name, **({"lossless": True} if name == "a.webp" else {})))
    assert found.mode == "RGB"
    assert same(pixel(found, (5, 20)), (255, 255, 255), 2)
    assert same(pixel(found, (35, 20)), (0, 0, 255), 2)


def test_palette_with_transparency(save):
    image = Image.new("P", (20, 20), 0)
    image.putpalette([10, 20, 30, 200, 100, 50])
    image.paste(1, (10, 0, 20, 20))
    found = opened(save(image, "a.gif", transparency=0))
    assert pixel(found, (2, 2)) == (255, 255, 255)
    assert pixel(found, (15, 10)) == (200, 100, 50)


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png", "a.tif"])
def test_the_first_of_several_frames(save, name):
    second = Image.new("RGB", (96, 64), "black")
    assert_upright_quarters(opened(save(quarters(), name, save_all=True, append_images=[second])), 40)


def test_fit_keeps_the_size_of_the_whole(save):
    path = save(Image.new("RGB", (4000, 250), "teal"), "a.jpg")
    decoded = decode(path, "image/jpeg", 1600)
    assert (decoded.width, decoded.height, decoded.image.size) == (4000, 250, (1600, 100))


# What is refused, and in which words.


def refused(path: Path, mime: str) -> str:
    with pytest.raises(UnreadableFile) as caught:
        open_upright(path, mime, 400)
    message = str(caught.value)
    assert str(path) not in message
    assert len(message) < 100
    return message


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "a.bmp"])
def test_cut_short(save, name):
    noise = Image.effect_noise((300, 200), 80).convert("RGB")
    path = save(noise, name, **FORMATS[name])
    mime = mime_of(path)
    os.truncate(path, path.stat().st_size * 6 // 10)
    assert refused(path, mime) in (decoding.CUT_SHORT, decoding.DAMAGED)


def test_jpeg_cut_short_says_so(save):
    path = save(Image.effect_noise((300, 200), 80), "a.jpg")
    os.truncate(path, 5000)
    assert refused(path, "image/jpeg") == decoding.CUT_SHORT


def test_damaged_png_is_not_shown_half(save):
    path = save(Image.effect_noise((300, 200), 80), "a.png")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    assert refused(path, "image/png") in (decoding.DAMAGED, decoding.CUT_SHORT)


@pytest.mark.parametrize("mime", [*decoding._FORMATS, "image/x-canon-cr2", "image/x-adobe-dng"])
def test_text_under_a_pictures_name(tmp_path, mime):
    path = tmp_path / "a"
    path.write_bytes(b"<html><body>Not found</body></html>" * 20)
    assert refused(path, mime) in (decoding.NOT_WHAT_IT_SAYS, decoding.NO_RAW)


@pytest.mark.parametrize(("mime", "head"), [("image/png", b"\x89PNG\r\n\x1a\n"), ("image/jpeg", b"\xff\xd8\xff\xe0")])
def test_header_alone_is_damage_not_a_lie(tmp_path, mime, head):
    path = tmp_path / "a"
    path.write_bytes(head + b"\0\0")
    assert refused(path, mime) in (decoding.DAMAGED, decoding.CUT_SHORT)


def test_two_pictures_in_one_jpeg(save):
    """As cameras of two lenses and phones with a depth map write them."""
    path = save(quarters((800, 600)), "a.mpo", save_all=True, append_images=[Image.new("RGB", (80, 60))], quality=95)
    assert mime_of(path) == "image/jpeg"
    image = opened(path, fit=100)
    assert image.size == (100, 75)
    assert_upright_quarters(image, 25)


def test_empty_missing_forbidden(tmp_path):
    path = tmp_path / "a.jpg"
    assert refused(path, "image/jpeg") == decoding.GONE
    path.touch()
    assert refused(path, "image/jpeg") == decoding.EMPTY


def test_only_the_decoder_of_its_type_is_tried(save):
    assert refused(save(quarters(), "a.png"), "image/jpeg") == decoding.NOT_WHAT_IT_SAYS


def test_video_is_no_still(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"\0\0\0\x18ftypisom")
    assert refused(path, "video/mp4") == decoding.NOT_WHAT_IT_SAYS


def _png(size: tuple[int, int], depth: int, colour_type: int, data: bytes) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", *size, depth, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_bomb(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(_png((30000, 30000), 1, 0, zlib.compress(b"\0" * 1000)))
    assert "200 megapixels" in refused(path, "image/png")


def test_jpeg_larger_than_the_limit_is_read_smaller(save, monkeypatch):
    monkeypatch.setattr(decoding, "MAX_PIXELS", 100_000)
    path = save(quarters((800, 600)), "a.jpg", quality=95)
    assert_upright_quarters(open_upright(path, "image/jpeg", 200), 20)
    with pytest.raises(UnreadableFile, match="megapixels"):
        open_upright(path, "image/jpeg")


def test_more_bytes_than_allowed(save, monkeypatch):
    monkeypatch.setattr(decoding, "MAX_BYTES", 100)
    assert refused(save(quarters(), "a.png"), "image/png") == decoding.TOO_MANY_BYTES


# Raw files: a digital negative made here, its mosaic taken from the quarters.


def _ifd(tags: dict[int, tuple[int, int, bytes]], start: int) -> bytes:
    directory, behind = struct.pack("<H", len(tags)), b""
    behind_at = start + 2 + 12 * len(tags) + 4
    for tag, (kind, count, value) in sorted(tags.items()):
        directory += struct.pack("<HHI", tag, kind, count)
        directory += value.ljust(4, b"\0") if len(value) <= 4 else struct.pack("<I", behind_at + len(behind))
        behind += value if len(value) > 4 else b""
    return directory + b"\0\0\0\0" + behind


def _shorts(*values: int) -> tuple[int, int, bytes]:
    return 3, len(values), struct.pack(f"<{len(values)}H", *values)


def _longs(*values: int) -> tuple[int, int, bytes]:
    return 4, len(values), struct.pack(f"<{len(values)}I", *values)


def _rationals(*values: float) -> tuple[int, int, bytes]:
    return 10, len(values), b"".join(struct.pack("<2i", round(value * 10000), 10000) for value in values)


# fmt: off
XYZ_TO_SRGB = (3.2405, -1.5371, -0.4985, -0.9693, 1.8760, 0.0416, 0.0556, -0.2040, 1.0572)
# fmt: on


def digital_negative(orientation: int, preview: Image.Image | None) -> bytes:
    """Adobe's DNG 1.4: an RGGB mosaic, and a JPEG preview in the first directory."""
    linear = (np.asarray(quarters((320, 240)), "f4") / 255) ** 2.2 * 65535
    mosaic = linear[..., 1].copy()
    mosaic[0::2, 0::2], mosaic[1::2, 1::2] = linear[0::2, 0::2, 0], linear[1::2, 1::2, 2]
    raw, jpeg = mosaic.astype("<u2").tobytes(), io.BytesIO()
    if preview is not None:
        preview.save(jpeg, "JPEG", quality=95, subsampling=0)
    preview_at, first_at = 8 + len(raw), 8 + len(raw) + len(jpeg.getvalue())
    camera = {
        271: (2, 7, b"Mirage\0"), 272: (2, 5, b"Test\0"), 274: _shorts(orientation), 50706: (1, 4, b"\1\4\0\0"),
        50708: (2, 5, b"Test\0"), 50721: _rationals(*XYZ_TO_SRGB), 50728: _rationals(1, 1, 1), 50778: _shorts(21),
    }  # fmt: skip
    sensor = {
        254: _longs(0), 256: _longs(320), 257: _longs(240), 258: _shorts(16), 259: _shorts(1), 262: _shorts(32803),
        273: _longs(8), 277: _shorts(1), 278: _longs(240), 279: _longs(len(raw)), 284: _shorts(1),
        33421: _shorts(2, 2), 33422: (1, 4, bytes((0, 1, 1, 2))), 50717: _longs(65535),
    }  # fmt: skip
    if preview is None:
        directories = _ifd(sensor | camera, first_at)
    else:
        shown = camera | {
            254: _longs(1), 256: _longs(preview.width), 257: _longs(preview.height), 258: _shorts(8, 8, 8),
            259: _shorts(7), 262: _shorts(6), 273: _longs(preview_at), 277: _shorts(3),
            278: _longs(preview.height), 279: _longs(first_at - preview_at), 284: _shorts(1), 330: _longs(0),
        }  # fmt: skip
        sub_at = first_at + len(_ifd(shown, first_at))
        directories = _ifd(shown | {330: _longs(sub_at)}, first_at) + _ifd(sensor, sub_at)
    return b"II*\0" + struct.pack("<I", first_at) + raw + jpeg.getvalue() + directories


@pytest.fixture
def negative(tmp_path):
    def negative(orientation=1, preview=None):
        path = tmp_path / "a.dng"
        path.write_bytes(digital_negative(orientation, preview))
        assert mime_of(path) == "image/x-adobe-dng"
        return path

    return negative


def turned(image: Image.Image, orientation: int) -> Image.Image:
    turn = decoding.UPRIGHT.get(orientation)
    return image if turn is None else image.transpose(turn)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_raw_is_developed_where_there_is_no_preview(negative, orientation):
    decoded = decode(negative(orientation), "image/x-adobe-dng", 120)
    assert (decoded.width, decoded.height) == ((240, 320) if orientation in (6, 8) else (320, 240))
    assert max(decoded.image.size) == 120
    wanted = corners(turned(quarters(), orientation))
    for found, ideal in zip(corners(decoded.image), wanted, strict=True):
        assert found.index(max(found)) == ideal.index(max(ideal)) or ideal == WHITE


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_raw_preview_is_turned_as_the_raw_says(negative, orientation):
    path = negative(orientation, quarters((320, 240)))
    image = open_upright(path, "image/x-adobe-dng", 160)
    assert max(image.size) == 160
    assert_upright_quarters(turned(image, {6: 8, 8: 6}.get(orientation, orientation)))


def test_raw_preview_that_was_turned_by_the_camera_stays(negative):
    image = open_upright(negative(6, quarters((240, 320))), "image/x-adobe-dng", 160)
    assert image.size == (120, 160)
    assert_upright_quarters(image)


def test_small_preview_is_passed_over(negative):
    path = negative(1, Image.new("RGB", (40, 30), "black"))
    image = open_upright(path, "image/x-adobe-dng", 160)
    assert image.size == (160, 120)
    assert max(corners(image)[0]) > 100


@pytest.mark.parametrize(
    ("name", "mime", "content"),
    [
        (
            "a.psd",
            "image/vnd.adobe.photoshop",
            b"8BPS\0\1" + b"\0" * 6 + struct.pack(">HIIHH", 3, 4, 4, 16, 3) + b"\0" * 110,
        ),
        ("a.jpg", "image/jpeg", b"\xff\xd8\xff\xc1\0\x11\x0c\0\4\0\4\3\1\x11\0\2\x11\0\3\x11\0\xff\xd9"),
    ],
)
def test_too_many_bits_for_a_format_are_no_damage(tmp_path, name, mime, content):
    (tmp_path / name).write_bytes(content)
    assert "bits per channel" in refused(tmp_path / name, mime)
