"""The verdict on measured agreement: which side of each limit a pair falls on, and what is stored of it."""

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from vision import matching
from vision.agreement import Agreement
from vision.alignment import Placement
from vision.matching import OTHER_THINGS, PICTURE_OVER_IT, Match, Picture, Tier
from vision.tests.test_matching import EDITS, scene

SAME = {
    "covers_first": 1.0,
    "covers_second": 1.0,
    "blank_first": True,
    "blank_second": True,
    "set_off_first": False,
    "set_off_second": False,
    "correlation": 1.0,
    "correlation_coarse": 1.0,
    "textured": 400,
    "disagreeing": 0.0,
    "textured_disagreeing": 0.0,
    "clean_elsewhere": 0.0,
    "flat": 0.0,
    "shared": 0.0,
    "pictured": 0.0,
    "tone_change": 0.0,
    "saturation_change": 0.0,
    "blur": 0.0,
    "worst": 0.0,
    "side": 420,
    "worst_evened": 9.0,
    "correlation_evened": 0.0,
    "drawn": False,
}
# Flat and new differences over a part; the rest is one exposure, or a copy of it.
LETTERED = {"worst": 5.0, "correlation": 0.8, "flat": 1.0}
RELIT = {"worst": 5.0, "correlation": 0.8, "clean_elsewhere": 5.0, "worst_evened": 1.1, "correlation_evened": 0.978}


def agreed(**measured: Any) -> Agreement:
    """What a picture and itself agree in, but for what was measured."""
    return knowing(**{**SAME, **measured})


def knowing(**measured: Any) -> Agreement:
    """An agreement for which all this was computed before."""
    nothing = np.zeros((1, 1, 3), np.float32)
    agreement = Agreement(nothing, nothing, np.eye(2, 3), placed())
    vars(agreement).update(measured)
    return agreement


def placed(how: str = "upright", degrees: float = 0.0, stretch: float = 1.0) -> Placement:
    turn = np.radians(degrees)
    affine = np.array([[np.cos(turn), -np.sin(turn), 3.0], [np.sin(turn), np.cos(turn), 5.0]])
    return Placement(affine * [stretch, 1, 1], how)


@pytest.mark.parametrize(
    ("measured", "how", "agrees"),
    [
        # so close in every place that lost fine texture explains the rest, however little is covered
        ({"worst": 0.5, "correlation": 0.93, "covers_first": 0.2}, "placed", True),
        ({"worst": 0.51, "correlation": 0.93, "covers_first": 0.2}, "placed", False),
        ({"worst": 0.5, "correlation": 0.929, "covers_first": 0.2}, "placed", False),
        ({"worst": 0.5, "correlation": 0.929, "correlation_coarse": 0.9}, "upright", False),
        # a part of a picture
        ({"worst": 1.0, "correlation": 0.965, "covers_first": 0.979}, "placed", True),
        ({"worst": 1.0, "correlation": 0.965, "covers_second": 0.979}, "placed", True),
        ({"worst": 1.01, "correlation": 1.0, "covers_first": 0.979}, "placed", False),
        ({"worst": 1.0, "correlation": 0.9649, "covers_first": 0.979}, "placed", False),
        # whole pictures, which must agree more closely
        ({"worst": 1.0, "correlation": 0.965, "covers_first": 0.98}, "placed", False),
        ({"worst": 0.75, "correlation": 0.97, "correlation_coarse": 0.9}, "upright", True),
        ({"worst": 0.76, "correlation": 0.97, "correlation_coarse": 0.9}, "upright", False),
        ({"worst": 0.75, "correlation": 0.969, "correlation_coarse": 0.9}, "upright", False),
        # grain, which a page does not have
        ({"worst": 0.9, "correlation": 0.998, "correlation_coarse": 0.9}, "placed", True),
        ({"worst": 0.9, "correlation": 0.998, "correlation_coarse": 0.9, "drawn": True}, "placed", False),
        ({"worst": 0.91, "correlation": 0.998}, "upright", False),
        ({"worst": 0.9, "correlation": 0.9979, "correlation_coarse": 0.9}, "upright", False),
        # fine texture that was lost
        ({"worst": 0.9, "correlation": 0.94, "correlation_coarse": 0.99, "textured": 60}, "turned left", True),
        ({"worst": 0.9, "correlation": 0.94, "correlation_coarse": 0.989, "textured": 60}, "upright", False),
        ({"worst": 0.9, "correlation": 0.94, "correlation_coarse": 0.99, "textured": 59}, "upright", False),
        ({"worst": 0.9, "correlation": 0.94, "correlation_coarse": 0.99, "textured": 60}, "placed", False),
        # other tones, colours or sharpness
        ({"worst": 1.25, "correlation": 0.99, "tone_change": 2.1}, "upright", True),
        ({"worst": 1.25, "correlation": 0.99, "saturation_change": 0.121}, "upright", True),
        ({"worst": 1.25, "correlation": 0.99, "blur": 0.71}, "upright", True),
        (
            {"worst": 1.25, "correlation": 0.99, "tone_change": 2.0, "saturation_change": 0.12, "blur": 0.7},
            "upright",
            False,
        ),
        ({"worst": 1.26, "correlation": 0.99, "tone_change": 2.1}, "upright", False),
        ({"worst": 1.25, "correlation": 0.989, "tone_change": 2.1}, "upright", False),
        ({"worst": 1.25, "correlation": 0.9, "blur": 5.0}, "upright", False),
    ],
)
def test_when_pictures_agree_everywhere(measured: dict[str, Any], how: str, agrees: bool) -> None:
    assert matching.agrees(placed(how), agreed(**measured)) is agrees


@pytest.mark.parametrize(
    ("measured", "placement", "verdict"),
    [
        ({}, placed(), (Tier.SAME, "")),
        ({"textured": 10}, placed(), (Tier.SAME, "")),
        ({"textured": 9}, placed(), (Tier.NONE, "too little to see")),
        # what must lie over the other
        ({"covers_first": 0.15, "covers_second": 0.9}, placed("placed", 10), (Tier.EDITED, "frame")),
        ({"covers_first": 0.9, "covers_second": 0.15}, placed("placed", 10), (Tier.EDITED, "frame")),
        ({"covers_first": 0.15, "covers_second": 0.89}, placed("placed", 10), (Tier.NONE, "too little in common")),
        ({"covers_first": 0.14, "covers_second": 0.9}, placed("placed", 10), (Tier.NONE, "too little in common")),
        # what each shows that the other does not
        ({"blank_first": False}, placed(), (Tier.SAME, "")),
        ({"blank_second": False}, placed(), (Tier.SAME, "")),
        (
            {"blank_first": False, "blank_second": False},
            placed(),
            (Tier.NONE, "each shows what the other does not"),
        ),
        (
            {"covers_first": 0.95, "covers_second": 0.95},
            placed("placed"),
            (Tier.NONE, "each shows what the other does not"),
        ),
        # what was laid over
        ({**LETTERED, "pictured": 0.002}, placed(), (Tier.EDITED, "lettering")),
        ({**LETTERED, "pictured": 0.0021}, placed(), (Tier.NONE, PICTURE_OVER_IT)),
        ({**LETTERED, "pictured": 0.0021, "flat": 0.1}, placed(), (Tier.NONE, "something differs")),
        # light
        (RELIT, placed("mirrored"), (Tier.EDITED, "light")),
        (RELIT, placed("placed"), (Tier.NONE, "something differs")),
        ({**RELIT, "worst_evened": 1.2}, placed(), (Tier.NONE, "something differs")),
        ({"tone_change": 9.0}, placed(), (Tier.EDITED, "colours")),
    ],
)
def test_the_verdict(measured: dict[str, Any], placement: Placement, verdict: tuple[Tier, str]) -> None:
    assert matching.judge(placement, agreed(**measured)) == verdict


@pytest.mark.parametrize(
    ("covers", "degrees", "is_shifted"),
    [
        ((0.979, 0.97), 0, True),
        ((0.97, 0.979), 0, True),
        ((0.98, 0.9), 0, False),
        ((0.9, 0.98), 0, False),
        ((0.97, 0.97), 0.9, True),
        ((0.97, 0.97), -0.9, True),
        ((0.97, 0.97), 1.1, False),
        ((0.97, 0.97), -1.1, False),
        ((0.97, 0.97), 45, False),
        ((0.97, 0.97), 90.5, True),
        ((0.97, 0.97), -180, True),
        ((0.97, 0.97), 91.5, False),
    ],
)
def test_a_camera_that_moved(covers: tuple[float, float], degrees: float, is_shifted: bool) -> None:
    agreement = agreed(covers_first=covers[0], covers_second=covers[1])
    assert matching.is_shifted(placed("placed", degrees), agreement) is is_shifted


@pytest.mark.parametrize("degrees", [0, 30, -45, 90, 135, -170])
def test_the_angle_of_a_placement(degrees: float) -> None:
    assert matching.turned_by(placed("placed", degrees)) == pytest.approx(degrees)


@pytest.mark.parametrize(
    ("measured", "placement", "change"),
    [
        ({}, placed(), ""),
        ({"covers_first": 0.9}, placed("turned left"), "turned left"),
        ({}, placed("mirrored"), "mirrored"),
        ({"covers_first": 0.979}, placed("placed"), "frame"),
        ({"covers_second": 0.979}, placed("placed, mirrored"), "frame"),
        ({"covers_second": 0.98}, placed("placed"), ""),
        ({}, placed("placed, mirrored"), "placed, mirrored"),
        ({}, placed("placed", 1.1), "placed"),
        ({}, placed("placed", -1.1), "placed"),
        ({}, placed("placed", 0.9), ""),
        ({}, placed("placed", 0.9, stretch=1.2), "stretched"),
        ({"tone_change": 9.0}, placed(stretch=1.2), "stretched"),
        ({"tone_change": 2.0, "saturation_change": 0.12, "blur": 0.7}, placed(), ""),
        ({"tone_change": 2.1}, placed(), "colours"),
        ({"saturation_change": 0.13, "blur": 2.0}, placed(), "colours"),
        ({"blur": 0.8}, placed(), "sharpness"),
    ],
)
def test_the_word_for_a_change(measured: dict[str, Any], placement: Placement, change: str) -> None:
    assert matching.what_changed(placement, agreed(**measured)) == change


COPIED = {"clean_elsewhere": 0.7, "flat": 0.5, "shared": 0.1, "textured": 40, "textured_disagreeing": 0.0}
EXACT = {"clean_elsewhere": 0.22, "flat": 0.5, "shared": 0.3, "textured": 100, "textured_disagreeing": 0.0}


@pytest.mark.parametrize(
    ("measured", "how", "is_overlay"),
    [
        (COPIED, "upright", True),
        (COPIED, "placed", False),
        ({**COPIED, "clean_elsewhere": 0.71}, "upright", False),
        ({**COPIED, "flat": 0.49, "shared": 0.0}, "upright", False),
        ({**COPIED, "shared": 0.11}, "upright", False),
        ({**COPIED, "disagreeing": 0.3}, "upright", True),
        ({**COPIED, "disagreeing": 0.31}, "upright", False),
        ({**COPIED, "textured": 20}, "upright", True),
        ({**COPIED, "textured": 19}, "upright", False),
        ({**COPIED, "textured": 40, "textured_disagreeing": 0.3}, "upright", True),
        ({**COPIED, "textured": 400, "textured_disagreeing": 0.31}, "upright", False),
        ({**COPIED, "textured": 25, "textured_disagreeing": 0.25}, "upright", False),  # 18.75 agree
        ({**COPIED, "saturation_change": 0.2}, "upright", True),
        ({**COPIED, "saturation_change": 0.21}, "upright", False),
        ({**COPIED, "blur": 1.0}, "upright", True),
        ({**COPIED, "blur": 1.1}, "upright", False),
        # one exposure, grain for grain: less must be new, at any placement
        (EXACT, "upright", True),
        (EXACT, "placed", True),
        ({**EXACT, "clean_elsewhere": 0.23}, "upright", False),
        ({**EXACT, "textured": 99}, "upright", False),
        ({**EXACT, "flat": 0.49, "shared": 0.0}, "placed", False),
        ({**EXACT, "shared": 0.31}, "upright", False),
        ({**EXACT, "blur": 1.1}, "upright", False),
    ],
)
def test_what_is_laid_over_a_picture(measured: dict[str, Any], how: str, is_overlay: bool) -> None:
    assert matching.is_overlay(placed(how), agreed(**measured)) is is_overlay


@pytest.mark.parametrize(
    ("measured", "is_relit"),
    [
        ({"textured": 60}, True),
        ({"textured": 59}, False),
        ({"drawn": True}, False),
        ({"worst_evened": 1.11}, False),
        ({"correlation_evened": 0.977}, False),
    ],
)
def test_light_alone(measured: dict[str, Any], is_relit: bool) -> None:
    assert matching.is_relit(agreed(**{**RELIT, **measured})) is is_relit


def test_what_is_stored_of_a_verdict() -> None:
    agreement = knowing(
        covers_first=0.12345, covers_second=0.23456, blank_first=True, blank_second=False, set_off_first=False,
        set_off_second=True, correlation=0.345678, correlation_coarse=0.4, textured=7, disagreeing=0.456789,
        textured_disagreeing=0.567891, clean_elsewhere=6.789123, flat=0.789123, shared=0.891234, pictured=0.912345,
        tone_change=1.234567, saturation_change=0.2345678, blur=3.25, worst=4.567891, side=8, worst_evened=9.0,
        correlation_evened=0.1, drawn=False,
    )  # fmt: skip
    assert matching.evidence(placed("placed, mirrored"), agreement, "frame") == {
        "how": "placed, mirrored",
        "change": "frame",
        "worst": 4.568,
        "correlation": 0.3457,
        "covers_first": 0.123,
        "covers_second": 0.235,
        "blank_first": 1.0,
        "blank_second": 0.0,
        "set_off_first": 0.0,
        "set_off_second": 1.0,
        "saturation_change": 0.235,
        "tone_change": 1.23,
        "blur": 3.25,
        "flat": 0.79,
        "shared": 0.89,
        "pictured": 0.9123,
        "elsewhere": 6.79,
        "disagreeing": 0.4568,
        "textured_disagreeing": 0.5679,
    }


def test_a_verdict_turned_round() -> None:
    there = Match(
        Tier.EDITED,
        0.8,
        {"how": "turned left", "change": "turned left", "covers_first": 0.5, "shown_second": 0.25, "blur": 2.0},
        [2.0, 0, 0.5, 0, 4.0, 1.0],
    )
    back = there.turned_round()
    assert (back.tier, back.similarity) == (Tier.EDITED, 0.8)
    assert back.evidence == {
        "how": "turned right", "change": "turned right", "covers_second": 0.5, "shown_first": 0.25, "blur": 2.0
    }  # fmt: skip
    assert back.placement == pytest.approx([0.5, 0, -0.25, 0, 0.25, -0.25])
    assert back.turned_round() == there
    assert Match(Tier.NONE).turned_round() == Match(Tier.NONE)
    mirrored = Match(Tier.EDITED, 1.0, {"how": "mirrored", "change": "colours"}).turned_round()
    assert mirrored.evidence == {"how": "mirrored", "change": "colours"}


# --- placements, and which of them is told ----------------------------------------------------------------------------


def hows(one: Image.Image, other: Image.Image) -> list[str]:
    return [placement.how for placement in matching.placements(matching.prepare(one), matching.prepare(other))]


def test_the_likely_placements_come_first() -> None:
    picture = scene(2)
    mirrored = EDITS["mirrored and cropped"](picture)
    assert hows(picture, EDITS["turned"](picture))[0] == "turned right"
    assert hows(picture, EDITS["cropped"](picture)) == ["placed"]
    assert hows(picture, mirrored) == ["placed, mirrored"]
    assert hows(picture, EDITS["border"](picture))[1:] == ["placed", "placed"]  # by the border, and by what is seen
    assert hows(picture, scene(5, (300, 900))) == []


def test_a_mirrored_crop_is_laid_where_it_was() -> None:
    picture = scene(2)
    crop = picture.crop((60, 30, 640, 440))
    match = matching.compare(matching.prepare(picture), matching.prepare(ImageOps.mirror(crop)))
    left, right, top, bottom = 60 / 640, 1.0, 30 / 480, 440 / 480
    a, b, x, c, d, y = match.placement
    corners = [(a * u + b * v + x, c * u + d * v + y) for u, v in ((0, 0), (1, 0), (0, 1), (1, 1))]
    expected = [(right, top), (left, top), (right, bottom), (left, bottom)]
    assert np.array(corners) == pytest.approx(np.array(expected), abs=0.01)
    assert match.evidence["covers_first"] == pytest.approx(580 * 410 / (640 * 480), abs=0.02)


def test_the_placement_that_agrees_most_is_told_if_none_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = [Match(Tier.NONE, share, {"change": "something differs"}) for share in (0.3, 0.6, 0.5)]
    assert told(monkeypatch, tried) is tried[1]
    assert told(monkeypatch, []) is matching.NO_MATCH


@pytest.mark.parametrize(
    "final",
    [
        Match(Tier.SAME, 0.1),
        Match(Tier.EDITED, 0.1, {"change": "frame"}),
        Match(Tier.NONE, 0.1, {"change": OTHER_THINGS}),
        Match(Tier.NONE, 0.1, {"change": PICTURE_OVER_IT}),
    ],
)
def test_a_match_or_a_composite_ends_the_search(monkeypatch: pytest.MonkeyPatch, final: Match) -> None:
    assert told(monkeypatch, [Match(Tier.NONE, 0.9), final, Match(Tier.SAME, 1.0)]) is final


def told(monkeypatch: pytest.MonkeyPatch, matches: list[Match]) -> Match:
    """Which of these, one a placement, is the verdict."""
    first, second = matching.prepare(scene(1)), matching.prepare(scene(2))
    left = iter(matches)

    def laid(one: Picture, other: Picture, placement: Placement) -> Match:
        assert (one, other, placement.how) == (first, second, "placed")
        return next(left)

    monkeypatch.setattr(matching, "placements", lambda one, other: [placed("placed")] * len(matches))
    monkeypatch.setattr(matching, "laid", laid)
    return matching.lay_over(first, second)
