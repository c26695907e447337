"""Which colours a file means, by whatever words its format has for it."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import piexif
import pytest
from PIL import Image

from media.decoding import open_upright
from media.pixels import colour, icc, profiles

COLOUR = (200, 30, 30)
P3, ADOBE = (218, 0, 6), (233, 24, 24)  # what that is in sRGB, by the primaries of each


def middle(path: Path, mime: str) -> tuple[int, ...]:
    image = open_upright(path, mime)
    assert image.mode == "RGB"
    found = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(found, tuple)
    return found


def near(found: tuple[int, ...], wanted: tuple[int, ...], tolerance: int = 3) -> bool:
    return max(abs(a - b) for a, b in zip(found, wanted, strict=True)) <= tolerance


# --- PNG --------------------------------------------------------------------------------------------------------------


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def iccp(profile: bytes) -> bytes:
    return chunk(b"iCCP", b"a\0\0" + zlib.compress(profile))


def gama(gamma: float) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", round(gamma * 100_000)))


def chrm(*pairs: float) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *(round(number * 100_000) for number in pairs)))


def cicp(primaries: int, transfer: int, matrix: int = 0, full: int = 1) -> bytes:
    return chunk(b"cICP", bytes([primaries, transfer, matrix, full]))


SRGB_CHUNK = chunk(b"sRGB", b"\0")
P3_PRIMARIES = (0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060)
P3_PROFILE = iccp(colour.profile_of(12, 13) or b"")


@pytest.fixture
def png(tmp_path):
    def png(*chunks, value=COLOUR, mode="RGB"):
        stream = io.BytesIO()
        Image.new(mode, (8, 8), value).save(stream, "PNG")
        plain = stream.getvalue()
        path = tmp_path / "a.png"
        path.write_bytes(plain[:33] + b"".join(chunks) + plain[33:])
        return path

    return png


@pytest.mark.parametrize(
    ("chunks", "wanted"),
    [
        ((), COLOUR),
        ((SRGB_CHUNK,), COLOUR),
        ((P3_PROFILE,), P3),
        ((cicp(12, 13),), P3),
        ((cicp(1, 13),), COLOUR),
        ((gama(1 / 2.2), chrm(*P3_PRIMARIES)), P3),
        ((chrm(*P3_PRIMARIES),), P3),
        ((gama(1.0),), (229, 96, 96)),
        ((gama(1 / 1.8),), (210, 40, 40)),
        ((cicp(1, 8),), (229, 96, 96)),
    ],
)
def test_the_colours_of_a_png(png, chunks, wanted):
    assert near(middle(png(*chunks), "image/png"), wanted), middle(png(*chunks), "image/png")


@pytest.mark.parametrize(
    ("chunks", "wanted"),
    [
        ((gama(1.0), cicp(12, 13), P3_PROFILE), P3),
        ((P3_PROFILE, cicp(1, 13)), COLOUR),
        ((gama(1.0), SRGB_CHUNK), COLOUR),
        ((gama(1.0), chrm(*P3_PRIMARIES), P3_PROFILE), P3),
        ((SRGB_CHUNK, P3_PROFILE), P3),
        ((gama(1.0), gama(1 / 2.2)), (229, 96, 96)),
    ],
)
def test_the_stronger_word_wins(png, chunks, wanted):
    assert near(middle(png(*chunks), "image/png"), wanted)


@pytest.mark.parametrize(
    "chunks",
    [
        (gama(0),),
        (chrm(*[0.0] * 8),),
        (chrm(*[0.3] * 8),),
        (cicp(12, 13, matrix=1),),
        (chunk(b"cICP", b"\1"),),
        (cicp(2, 2),),
        (cicp(255, 255),),
        (iccp(b"no profile"),),
        (chunk(b"abCD", b"\0" * 100_000),),
    ],
)
def test_words_that_make_no_sense_change_nothing(png, chunks):
    assert middle(png(*chunks), "image/png") == COLOUR


def test_broken_primaries_leave_the_gamma(png):
    assert near(middle(png(gama(1.0), chrm(*[0.0] * 8)), "image/png"), (229, 96, 96))


@pytest.mark.parametrize("mode", ["L", "LA", "P"])
def test_gamma_of_grey_and_of_palettes(png, mode):
    value = (54, 255) if mode == "LA" else 54
    path = png(gama(1.0), value=54 if mode != "LA" else value, mode=mode)
    if mode == "P":
        palette = Image.new("P", (8, 8), 1)
        palette.putpalette([0, 0, 0, 54, 54, 54])
        stream = io.BytesIO()
        palette.save(stream, "PNG")
        path.write_bytes(stream.getvalue()[:33] + gama(1.0) + stream.getvalue()[33:])
    assert near(middle(path, "image/png"), (127, 127, 127), 2)


def test_numbers_from_16_to_235(png):
    assert near(middle(png(cicp(1, 13, full=0), value=(235, 16, 16)), "image/png"), (255, 0, 0), 1)
    assert near(middle(png(cicp(1, 13, full=0), value=(126, 126, 126)), "image/png"), (128, 128, 128), 2)


def test_png_of_high_dynamic_range_is_as_a_heic_of_the_same_values(png):
    wanted = colour.to_srgb(Image.new("RGB", (1, 1), (148, 63, 63)), colour.profile_of(9, 16)).getpixel((0, 0))
    assert middle(png(cicp(9, 16), value=(148, 63, 63)), "image/png") == wanted


# --- EXIF -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def jpeg(tmp_path):
    def jpeg(index, space, mode="RGB", value=COLOUR, **options):
        tags: dict[str, dict[int, object]] = {"0th": {}, "Exif": {}, "Interop": {}}
        if index is not None:
            tags["Interop"][1] = index
        if space is not None:
            tags["Exif"][0xA001] = space
        path = tmp_path / "a.jpg"
        image = Image.new(mode, (16, 16), value)
        image.save(path, exif=piexif.dump(tags), quality=98, subsampling=0, **options)
        return path

    return jpeg


@pytest.mark.parametrize(
    ("index", "space", "wanted"),
    [
        (b"R03", 65535, ADOBE),
        (b"R03", None, ADOBE),
        (b"R03\0", 1, ADOBE),
        (None, 2, ADOBE),
        (b"R98", 2, COLOUR),
        (b"R98", 1, COLOUR),
        (None, 65535, COLOUR),
        (None, 1, COLOUR),
        (b"\xff\xfe", None, COLOUR),
        (None, None, COLOUR),
    ],
)
def test_adobe_rgb_by_a_word(jpeg, index, space, wanted):
    assert near(middle(jpeg(index, space), "image/jpeg"), wanted, 5)


def test_a_profile_is_more_than_a_word(jpeg):
    path = jpeg(b"R03", 65535, icc_profile=colour.profile_of(12, 13))
    assert near(middle(path, "image/jpeg"), P3, 5)


def test_grey_of_adobe_rgb_stays_grey(jpeg):
    red, green, blue = middle(jpeg(b"R03", 65535, mode="L", value=100), "image/jpeg")
    assert red == green == blue
    assert near((red,), (101,), 2)


@pytest.mark.parametrize(("index", "adobe"), [(b"R03", True), (b"R98", False)])
def test_the_preview_in_a_raw_file_is_in_the_colours_of_the_camera(tmp_path, index, adobe):
    path = tmp_path / "a.nef"
    path.write_bytes(piexif.dump({"0th": {}, "Exif": {}, "Interop": {1: index}})[6:])
    preview = Image.new("RGB", (8, 8), COLOUR)
    assert profiles.of_raw_preview(preview, path) == (colour.adobe_rgb() if adobe else None)
    preview.info["icc_profile"] = b"its own"
    assert profiles.of_raw_preview(preview, path) == b"its own"


@pytest.mark.parametrize("content", [b"", b"FUJIFILMCCD-RAW", b"MM\0*\0\0\0\x08\xff\xff"])
def test_a_raw_file_that_is_no_tiff_says_nothing(tmp_path, content):
    path = tmp_path / "a.raf"
    path.write_bytes(content)
    assert profiles.of_raw_preview(Image.new("RGB", (8, 8)), path) is None


# --- others -----------------------------------------------------------------------------------------------------------


def test_jpeg_2000_with_a_profile(tmp_path):
    stream = io.BytesIO()
    Image.new("RGB", (32, 32), COLOUR).save(stream, "JPEG2000", irreversible=False)
    plain, profile = stream.getvalue(), colour.profile_of(12, 13) or b""
    at = plain.index(b"colr") - 4
    old = int.from_bytes(plain[at : at + 4], "big")
    box = struct.pack(">I4sBBB", 8 + 3 + len(profile), b"colr", 2, 0, 0) + profile
    header = plain.index(b"jp2h") - 4
    length = int.from_bytes(plain[header : header + 4], "big") + len(box) - old
    path = tmp_path / "a.jp2"
    path.write_bytes(plain[:header] + struct.pack(">I", length) + plain[header + 4 : at] + box + plain[at + old :])
    assert near(middle(path, "image/jp2"), P3)


def test_avif_by_its_code_points(tmp_path):
    path = tmp_path / "a.avif"
    Image.new("RGB", (64, 64), COLOUR).save(path, quality=95)
    content = path.read_bytes()
    at = content.index(b"colrnclx") + 8
    path.write_bytes(content[:at] + struct.pack(">HH", 12, 13) + content[at + 4 :])
    assert near(middle(path, "image/avif"), P3, 8)


# --- profiles that are made -------------------------------------------------------------------------------------------


def test_a_profile_of_linear_light_is_known(png):
    linear = colour.profile_of_gamma(1.0, None)
    assert linear
    assert icc.is_linear(linear)
    assert icc.is_rgb(linear)
    twin = colour.encoded(linear)
    assert twin
    assert not icc.is_linear(twin)
    assert colour.to_srgb(Image.new("RGB", (1, 1), COLOUR), twin).getpixel((0, 0)) == COLOUR
    assert colour.encoded(colour.profile_of(12, 13) or b"") is None
    assert colour.encoded(b"no profile") is None


@pytest.mark.parametrize("tag", [b"curv\0\0\0\0\0\0\0\0", b"curv\0\0\0\0\0\0\0\1\1\0", b"para\0\0\0\0\0\0\0\0\0\1\0\0"])
def test_other_forms_of_a_straight_line(tag):
    assert icc._is_identity(tag)
    assert not icc._is_identity(b"curv\0\0\0\0\0\0\0\1\2\x33")


def test_primaries_that_span_no_colours() -> None:
    assert icc.matrix_profile(((0.3, 0.3),) * 3, lambda signal: signal) is None
    assert icc.matrix_profile(((0.64, 0.33), (0.3, 0.6), (0.15, 0.06)), lambda signal: signal, (0.3, 0.0)) is None


def test_every_code_point_gives_a_profile_in_which_grey_is_grey() -> None:
    for primaries in range(24):
        for transfer in (*range(24), 99):
            profile = colour.profile_of(primaries, transfer)
            made = colour.to_srgb(Image.new("RGB", (2, 1), (128, 128, 128)), profile)
            levels = np.asarray(made)[0, 0].astype(int)
            assert levels.max() - levels.min() <= 1, (primaries, transfer, levels)


def test_old_television_is_shown_as_players_show_it() -> None:
    assert colour.profile_of(1, 5) is not None
    assert colour.profile_of_video(1, 5) is None
    assert colour.cube_of(1, 4) is None
