"""Colours come to sRGB, whatever the file calls them."""

import io

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from media.pixels import colour
from media.tests.pictures import FORMATS, assert_upright_quarters, opened, pixel, quarters, same

DISPLAY_P3 = colour.profile_of(12, 13)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.heic", "a.avif", "a.tif"])
def test_wide_colours_become_srgb(save, name):
    assert DISPLAY_P3
    path = save(Image.new("RGB", (64, 64), (200, 100, 50)), name, icc_profile=DISPLAY_P3, **FORMATS[name])
    image = opened(path)
    # Display P3 (200, 100, 50) in sRGB, by the primaries of both.
    assert same(pixel(image, (32, 32)), (215, 93, 31), 6)
    assert not image.info


def test_profile_that_says_srgb_changes_nothing(save):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert opened(save(quarters(), "a.png", icc_profile=profile)).tobytes() == quarters().tobytes()


@pytest.mark.parametrize("profile", [b"not a profile", b"\0" * 200])
def test_broken_profile_is_ignored(save, profile):
    assert_upright_quarters(opened(save(quarters(), "a.png", icc_profile=profile)))


def test_heic_code_points_in_place_of_a_profile(tmp_path):
    path = tmp_path / "a.heic"
    pillow_heif.register_heif_opener()
    heif = pillow_heif.from_pillow(Image.new("RGB", (64, 64), (200, 100, 50)))
    heif.save(path, quality=95, save_nclx_profile=True, color_primaries=12, transfer_characteristics=13)
    assert same(pixel(opened(path), (32, 32)), (215, 93, 31), 8)


def test_high_dynamic_range_is_rolled_off():
    pq = colour.profile_of(9, 16)
    # PQ 0.58 is the white of paper, 203 cd/m2: light grey on a page; all beyond stays within it, in order.
    greys = [pixel(colour.to_srgb(Image.new("RGB", (1, 1), (v,) * 3), pq), (0, 0))[0] for v in (0, 100, 148, 190, 255)]
    assert greys[0] == 0
    assert 225 <= greys[2] <= 250
    assert greys == sorted(greys)
    assert greys[-1] == 255


@pytest.mark.parametrize("codes", [(1, 13), (1, 1), (2, 2), (5, 6), (0, 0), (9999, 9999)])
def test_code_points_that_need_nothing(codes):
    assert colour.profile_of(*codes) is None


def srgb(image: Image.Image, profile: bytes | None) -> tuple[int, ...]:
    return pixel(colour.to_srgb(image, profile), (0, 0))


def test_without_a_profile_a_picture_is_taken_as_it_is() -> None:
    image = Image.new("RGB", (2, 2), (200, 100, 50))
    assert colour.to_srgb(image, None) is image
    assert srgb(Image.new("L", (1, 1), 77), None) == (77, 77, 77)


def test_a_profile_for_another_kind_of_picture_is_ignored() -> None:
    assert srgb(Image.new("L", (1, 1), 77), DISPLAY_P3) == (77, 77, 77)
    assert srgb(Image.new("1", (1, 1), 1), DISPLAY_P3) == (255, 255, 255)


def test_grey_and_white_stay_what_they_are_in_every_profile() -> None:
    for codes in ((12, 13), (9, 13), (9, 16), (9, 18)):
        for level in (0, 90, 255):
            red, green, blue = srgb(Image.new("RGB", (1, 1), (level,) * 3), colour.profile_of(*codes))
            assert max(red, green, blue) - min(red, green, blue) <= 1, codes
    assert srgb(Image.new("RGB", (1, 1), "white"), DISPLAY_P3) == (255, 255, 255)


def test_wider_primaries_are_further_out() -> None:
    colours = [srgb(Image.new("RGB", (1, 1), (100, 180, 100)), colour.profile_of(each, 13)) for each in (12, 9)]
    assert colours[1][1] - colours[1][0] > colours[0][1] - colours[0][0] > 80


def test_hlg_has_the_white_of_paper_where_broadcasters_put_it() -> None:
    hlg = colour.profile_of(9, 18)
    levels = [srgb(Image.new("RGB", (1, 1), (value,) * 3), hlg)[0] for value in (0, 64, 128, 191, 255)]
    assert levels == sorted(levels)
    assert levels[0] == 0
    assert 215 <= levels[3] <= 250  # 75 % of the signal


def test_high_dynamic_range_in_the_primaries_of_srgb() -> None:
    assert colour.profile_of(1, 16) is not None
    assert colour.profile_of(2, 16) == colour.profile_of(1, 16)
    assert colour.profile_of(12, 16) != colour.profile_of(1, 16)


def test_a_profile_is_one_that_others_read() -> None:
    profile = ImageCms.ImageCmsProfile(io.BytesIO(DISPLAY_P3 or b""))
    assert ImageCms.getProfileDescription(profile).strip() == "Mirage"
    assert profile.profile.version == pytest.approx(2.4)
    red = profile.profile.red_primary
    assert red is not None
    assert red[1][:2] == pytest.approx((0.680, 0.320), abs=5e-3)


def test_the_table_for_videos_says_the_same_as_the_profile() -> None:
    text = colour.cube_of(9, 18, steps=5)
    assert text is not None
    head, *rows = text.splitlines()
    assert head == "LUT_3D_SIZE 5"
    assert len(rows) == 125
    table = np.array([[float(part) for part in row.split()] for row in rows]).reshape(5, 5, 5, 3)  # blue, green, red
    assert table[0, 0, 0].tolist() == [0, 0, 0]
    assert table[0, 0, 4][0] > 0.9 > table[0, 0, 4][2]
    profile = colour.profile_of(9, 18)
    for blue, green, red in ((1, 2, 3), (4, 0, 2)):
        level = tuple(round(255 * step / 4) for step in (red, green, blue))
        expected = srgb(Image.new("RGB", (1, 1), level), profile)
        assert table[blue, green, red] * 255 == pytest.approx(expected, abs=0.01)


def test_no_table_where_nothing_changes() -> None:
    assert colour.cube_of(1, 13) is None
