"""Composites are no copies of their parts; crops, borders and screens are versions of a picture."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps

from vision import surroundings
from vision.matching import OTHER_THINGS, Tier
from vision.surroundings import LIMITS, Beyond
from vision.tests.test_matching import compare, jpeg, on_a_screen, scene


def beside(*pictures: Image.Image, gap: int = 0) -> Image.Image:
    sheet = Image.new("RGB", (sum(one.width + gap for one in pictures) - gap, pictures[0].height), "white")
    at = 0
    for picture in pictures:
        sheet.paste(picture, (at, 0))
        at += picture.width + gap
    return sheet


def on_a_table(picture: Image.Image) -> Image.Image:
    table = scene(30, (1200, 900))
    turned = picture.convert("RGBA").rotate(11, Image.Resampling.BICUBIC, expand=True)
    table.paste(turned, (180, 120), turned)
    return table


def grid(picture: Image.Image) -> Image.Image:
    sheet = Image.new("RGB", (1300, 980), "black")
    for number, one in enumerate((picture, scene(31), scene(32), scene(33))):
        sheet.paste(one, (number % 2 * 660, number // 2 * 500))
    return sheet


def in_a_corner(picture: Image.Image) -> Image.Image:
    sheet = picture.copy()
    sheet.paste(scene(34).resize((200, 150)), (430, 320))
    return sheet


def chat(picture: Image.Image) -> Image.Image:
    screen = Image.new("RGB", (720, 1440), "#efe7de")
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, 720, 110), fill="#075e54")
    screen.paste(picture.resize((480, 360)), (20, 140))
    for number in range(9):
        x = 20 + number % 2 * 300
        draw.rounded_rectangle((x, 540 + 90 * number, x + 380, 600 + 90 * number), 18, fill="#dcf8c6")
        draw.text((x + 20, 555 + 90 * number), "See you at the station at nine", "black")
    return screen


COMPOSITES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "pair": lambda picture: beside(picture, scene(31)),
    "smaller pair": lambda picture: beside(picture, scene(31)).resize((640, 240), Image.Resampling.BICUBIC),
    "one above the other": lambda picture: beside(picture.rotate(90, expand=True), scene(31)).rotate(-90, expand=True),
    "three with gaps": lambda picture: beside(scene(32), picture, scene(31), gap=20),
    "before and after": lambda picture: beside(picture, ImageOps.grayscale(picture).convert("RGB"), gap=6),
    "grid": grid,
    "on a table": on_a_table,
    "another in the corner": in_a_corner,
    "chat": chat,
}


@pytest.mark.parametrize("compose", COMPOSITES.values(), ids=COMPOSITES)
def test_a_composite_is_no_copy_of_its_parts(compose: Callable[[Image.Image], Image.Image]) -> None:
    picture = scene(2)
    composite = jpeg(compose(picture), 88)
    assert compare(picture, composite).tier is Tier.NONE
    assert compare(composite, picture).tier is Tier.NONE


def askew(picture: Image.Image, degrees: float, streaks: float) -> Image.Image:
    """Turned, on something of nearly one colour, and much of it."""
    noise = np.random.default_rng(3).normal(0, streaks, (225, 12))
    wood = np.stack([base + np.kron(noise, np.ones((4, 100))) for base in (150, 110, 70)], axis=2)
    table = Image.fromarray(wood.clip(0, 255).astype(np.uint8))
    print_ = picture.resize((600, 450)).convert("RGBA").rotate(degrees, Image.Resampling.BICUBIC, expand=True)
    table.paste(print_, ((1200 - print_.width) // 2, (900 - print_.height) // 2), print_)
    return table


@pytest.mark.parametrize(("degrees", "streaks", "tier"), [(8, 9, Tier.NONE), (8, 0, Tier.EDITED), (0, 9, Tier.EDITED)])
def test_a_print_that_lies_askew_on_a_surface_is_no_version(degrees: float, streaks: float, tier: Tier) -> None:
    picture = scene(1)
    assert compare(picture, askew(picture, degrees, streaks)).tier is tier


def test_the_reason_is_named() -> None:
    assert compare(scene(2), beside(scene(2), scene(31))).evidence["change"] == OTHER_THINGS


VERSIONS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "a third cut off": lambda picture: picture.crop((0, 0, 420, 480)),
    "cut on all sides": lambda picture: picture.crop((90, 70, 520, 390)),
    "a quarter": lambda picture: picture.crop((200, 100, 520, 340)),
    "border": lambda picture: ImageOps.expand(picture, 60, "#7a4a21"),
    "screen": on_a_screen,
    "small logo in the border": lambda picture: with_logo(ImageOps.expand(picture, 40, "white")),
}


def with_logo(picture: Image.Image) -> Image.Image:
    picture.paste(scene(35).resize((32, 24)), (20, picture.height - 32))
    return picture


@pytest.mark.parametrize("edit", VERSIONS.values(), ids=VERSIONS)
def test_a_crop_or_a_border_makes_a_version(edit: Callable[[Image.Image], Image.Image]) -> None:
    picture = scene(2)
    assert compare(picture, jpeg(edit(picture), 88)).tier is Tier.EDITED


@pytest.mark.parametrize(
    ("shown", "breaks", "alike", "is_other"),
    [
        (0.05, 1.0, 0.0, False),  # a border and its writing
        (1.0, 0.9, 0.0, True),
        (1.0, 0.9, 1.0, True),
        (1.0, 0.5, 0.0, True),
        (1.0, 0.5, 0.5, False),  # an edge of a thing may run along a crop's
        (0.1, 0.6, 0.0, False),  # and much more easily where little is cut off
    ],
)
def test_other_things(shown: float, breaks: float, alike: float, is_other: bool) -> None:
    assert Beyond(shown, breaks, alike).is_other is is_other


def test_without_surroundings_nothing_is_measured() -> None:
    picture = np.asarray(scene(2), np.float32)
    assert surroundings.beyond(picture, picture, np.eye(2, 3)) == Beyond()


def frame(width: int) -> NDArray[np.bool_]:
    """The edge of 100 × 100 pixels."""
    outside = np.ones((100, 100), bool)
    outside[width : 100 - width, width : 100 - width] = False
    return outside


def test_an_edge_of_one_colour_is_blank_and_one_that_goes_on_is_not() -> None:
    noise = np.asarray(Image.effect_noise((100, 100), 80).convert("RGB"))
    framed = np.where(frame(10)[..., None], np.uint8(250), noise)
    assert surroundings.is_blank(framed, frame(10))
    assert not surroundings.is_blank(noise, frame(10))
    assert surroundings.is_blank(noise, np.zeros((100, 100), bool))  # there is nothing outside


def test_only_a_border_of_another_colour_is_set_off() -> None:
    dark = np.full((100, 100, 3), 20, np.uint8)
    for step, set_off in ((LIMITS.of_one_colour - 1, False), (LIMITS.of_one_colour, True)):
        bordered = np.where(frame(10)[..., None], np.uint8(20 + step), dark)
        assert surroundings.is_set_off(bordered, frame(10)) is set_off
    assert not surroundings.is_set_off(dark, np.zeros((100, 100), bool))


def test_a_screen_that_shows_a_part_of_a_picture_among_others_is_no_version_of_it() -> None:
    """The list's heading and its other pictures lie over the edges of the picture: they are no lettering on it."""
    for seed in range(1, 5):
        photo = scene(seed, (480, 640))
        screen = Image.new("RGB", (720, 1440), "white")
        screen.paste(photo.resize((720, 960)).crop((0, 100, 720, 860)), (0, 120))
        for place in range(3):
            screen.paste(scene(10 + place, (238, 238)), (place * 241, 884))
        assert compare(screen, photo).tier is Tier.NONE


def test_a_caption_band_on_a_crop_does_not_reach_around_it() -> None:
    """It is filled evenly in the crop; what a screen lays over a picture's edge is in the screen."""
    picture = np.asarray(scene(1), np.float32)
    crop = picture[40:440, 60:580].copy()
    crop[340:] = 20
    affine = np.array([[1.0, 0, 60], [0, 1.0, 40]])
    assert not surroundings.is_covered_at_an_edge(picture, crop, affine)
    assert not surroundings.is_covered_at_an_edge(picture, picture[40:440, 60:580].copy(), affine)
    covered = picture.copy()
    covered[360:] = 20
    assert surroundings.is_covered_at_an_edge(covered, picture[40:440, 60:580].copy(), affine)


@pytest.mark.parametrize(("edges", "shown", "is_other"), [(1, 0.9, True), (4, 0.9, False), (1, 0.3, False)])
def test_one_edge_alone_with_as_much_beyond_it_is_doubted_sooner(edges: int, shown: float, is_other: bool) -> None:
    """Of two pictures side by side, without more around them, only the seam is seen."""
    assert surroundings.Beyond(shown, breaks=0.52, alike=0.46, edges=edges).is_other is is_other


def test_a_large_picture_beside_a_strip_of_small_ones_is_a_collage() -> None:
    """As measured on a made collage, whose maker would have lost the large picture to it."""
    assert Beyond(shown=0.326, breaks=0.453, alike=0.08, edges=1).is_other
    assert not Beyond(shown=0.326, breaks=0.3, alike=0.6, edges=1).is_other  # a crop of one side


def test_a_line_of_one_colour_along_every_edge_is_the_gap_of_a_collage() -> None:
    middle = scene(31)
    sheet = beside(scene(32), middle, scene(33), gap=6)
    outer, inner = (np.asarray(picture, np.float32) for picture in (sheet, middle))
    affine = np.array([[1, 0, scene(32).width + 6], [0, 1, 0]], float)
    found = surroundings.beyond(outer, inner, affine)
    assert (found.edges, found.in_gaps, found.is_other) == (2, True, True)
    cut = inner[40:-40, 60:-60]
    assert not surroundings.beyond(inner, cut, np.array([[1, 0, 60], [0, 1, 40]], float)).in_gaps


@pytest.mark.parametrize(("shown", "in_gaps", "is_other"), [(1.9, True, True), (1.9, False, False), (0.2, True, False)])
def test_gaps_tell_where_floors_seem_to_go_on(shown: float, in_gaps: bool, is_other: bool) -> None:
    assert Beyond(shown, breaks=0.52, alike=0.4, edges=2, in_gaps=in_gaps).is_other is is_other


def test_gaps_of_other_colours_or_along_one_edge_alone_tell_nothing() -> None:
    rng = np.random.default_rng(1)
    strip = rng.uniform(0, 255, (2 * LIMITS.reach + 1, 80, 3)).astype(np.float32)
    white, black, busy = strip.copy(), strip.copy(), strip
    white[LIMITS.reach + 1] = 250
    black[LIMITS.reach + 1] = 5
    assert surroundings.are_in_gaps([white, white])
    assert not surroundings.are_in_gaps([white])
    assert not surroundings.are_in_gaps([white, black])
    assert not surroundings.are_in_gaps([white, white, busy])
    wall = np.full_like(strip, 250)
    assert not surroundings.are_in_gaps([wall, wall])  # a page is even inside as well
