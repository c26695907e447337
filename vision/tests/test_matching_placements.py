"""Where one picture is laid over another, what is around it, and what of that the verdict tells."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from vision import matching, surroundings
from vision.alignment import Placement
from vision.matching import OTHER_THINGS, PICTURE_OVER_IT, Match, Picture, Tier
from vision.surroundings import Beyond
from vision.tests.test_matching import COPIES, EDITS, app, on_a_screen, scene
from vision.tests.test_matching_verdicts import agreed, placed
from vision.tests.test_surroundings import askew, beside


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


# --- what is around a picture -----------------------------------------------------------------------------------------


def test_of_whole_pictures_nothing_is_beyond() -> None:
    picture = matching.prepare(scene(1))
    for covers in ({}, {"covers_first": 0.98, "covers_second": 0.98}):
        assert matching.beyond(matching.both_ways(picture, picture, placed()), agreed(**covers)) == {}


def test_what_is_beyond_is_seen_from_either_side() -> None:
    sheet, part = (matching.prepare(image) for image in (beside(scene(2), scene(31)), scene(2)))
    affine = np.eye(2, 3) * sheet.rgb.shape[0] / part.rgb.shape[0]
    ways = matching.both_ways(sheet, part, Placement(affine, "placed"))
    inverse = matching.both_ways(part, sheet, Placement(cv2.invertAffineTransform(affine), "placed"))
    there = matching.beyond(ways, agreed(covers_first=0.979))
    back = matching.beyond(inverse, agreed(covers_second=0.979))
    assert (list(there), list(back)) == (["first"], ["second"])
    assert there["first"].shown == pytest.approx(1, abs=0.1)
    assert there["first"].is_other
    assert back["second"].shown == pytest.approx(there["first"].shown, abs=0.02)
    assert back["second"].is_other
    both = matching.beyond(ways, agreed(covers_first=0.9, covers_second=0.9))
    assert list(both) == ["first", "second"]
    assert both["second"] == Beyond()  # the part has nothing around the sheet


def test_a_print_is_one_whichever_comes_first() -> None:
    picture = scene(1)
    table, print_ = matching.prepare(askew(picture, 8, 9)), matching.prepare(picture)
    *_, placement = matching.placements(table, print_)
    inverse = Placement(cv2.invertAffineTransform(placement.affine), placement.how)
    there, back = matching.both_ways(table, print_, placement), matching.both_ways(print_, table, inverse)
    framed = {"blank_first": True, "set_off_first": True, "blank_second": False, "set_off_second": False}
    turned = {"blank_first": False, "set_off_first": False, "blank_second": True, "set_off_second": True}
    assert matching.is_print(there, agreed(**framed))
    assert matching.is_print(back, agreed(**turned))
    assert not matching.is_print(back, agreed(**framed))
    assert not matching.is_print(there, agreed(**turned))
    for name in ("blank_first", "set_off_first"):
        assert not matching.is_print(there, agreed(**{**framed, name: False, "blank_second": False}))
    for name in ("blank_second", "set_off_second"):
        assert not matching.is_print(back, agreed(**{**turned, name: False, "blank_first": False}))


def test_a_covered_edge_is_seen_from_either_side() -> None:
    picture = scene(1)
    screen = picture.copy()
    screen.paste("#141414", (0, 360, 640, 480))
    part = picture.crop((60, 40, 580, 440))
    outer, inner = (Picture(np.asarray(image, np.float32)) for image in (screen, part))
    covered = surroundings.is_covered_at_an_edge
    there = Placement(np.array([[1.0, 0, 60], [0, 1.0, 40]]), "placed")
    back = Placement(cv2.invertAffineTransform(there.affine), "placed")
    assert covered(*matching.both_ways(outer, inner, there)["first"])
    assert covered(*matching.both_ways(inner, outer, back)["second"])
    whole = Picture(np.asarray(picture, np.float32))
    assert not covered(*matching.both_ways(whole, inner, there)["first"])
    assert not covered(*matching.both_ways(inner, whole, back)["second"])


def test_what_is_shown_around_a_picture_is_stored() -> None:
    picture = scene(2)
    part = EDITS["cropped"](picture)
    match = matching.compare(matching.prepare(picture), matching.prepare(part))
    shown = float(match.evidence["shown_first"])
    assert shown == pytest.approx(640 * 480 / (580 * 410) - 1, abs=0.1)
    assert shown == round(shown, 3)
    assert match.evidence["broken_first"] == round(float(match.evidence["broken_first"]), 3)
    assert "shown_second" not in match.evidence
    back = matching.compare(matching.prepare(part), matching.prepare(picture))
    assert back.evidence["shown_second"] == shown


def test_whole_pictures_store_nothing_around_them() -> None:
    picture = matching.prepare(scene(3))
    match = matching.compare(picture, matching.prepare(COPIES["JPEG 30"](scene(3))))
    assert not {"shown_first", "shown_second", "broken_first", "broken_second"} & set(match.evidence)
    assert match.similarity == 1
    assert match.placement == pytest.approx([1, 0, 0, 0, 1, 0], abs=0.01)


def test_the_share_that_agrees_is_the_similarity() -> None:
    picture = scene(2)
    match = matching.compare(matching.prepare(picture), matching.prepare(EDITS["text"](picture)))
    assert match.similarity == pytest.approx(1 - float(match.evidence["disagreeing"]), abs=1e-4)
    assert 0.8 < match.similarity < 1


def test_a_strip_tells_nothing() -> None:
    line = Picture(np.zeros((3, 400, 3), np.float32))
    assert matching.laid(line, line, placed()) is matching.NO_MATCH


@pytest.mark.parametrize("disagreeing", [0.3, 0.31])
def test_a_band_that_hides_too_much_is_no_caption(disagreeing: float) -> None:
    picture = scene(1)
    captioned = picture.copy()
    captioned.paste("black", (0, 412, 640, 480))
    first, second = matching.prepare(picture), matching.prepare(captioned)
    found = matching.is_under_a_band(first, second, agreed(disagreeing=disagreeing))
    assert found is (disagreeing <= 0.3)
    assert not matching.is_under_a_band(first, matching.prepare(scene(2)), agreed(disagreeing=disagreeing))


def test_screenshots_of_one_app_are_told_from_a_screen_with_the_picture() -> None:
    picture = scene(1)
    screen = matching.compare(matching.prepare(picture), matching.prepare(on_a_screen(picture)))
    assert (screen.tier, screen.evidence["change"]) == (Tier.EDITED, "frame")
    other = matching.compare(matching.prepare(app(picture)), matching.prepare(app(scene(2))))
    assert other.tier is Tier.NONE


# --- preparing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "prepared"), [((1024, 768), (384, 512)), ((600, 1200), (512, 256)), ((300, 200), (200, 300))]
)
def test_larger_pictures_are_scaled_down(size: tuple[int, int], prepared: tuple[int, int]) -> None:
    picture = matching.prepare(Image.new("RGB", size, "#204060"))
    assert picture.rgb.shape == (*prepared, 3)
    assert picture.rgb.dtype == np.float32
    assert (picture.rgb == (0x20, 0x40, 0x60)).all()


def test_pictures_of_any_mode_are_prepared_and_the_given_one_stays() -> None:
    grey = Image.new("L", (700, 700), 90)
    assert (matching.prepare(grey).rgb == 90).all()
    assert (grey.size, grey.mode) == ((700, 700), "L")


def test_the_larger_picture_and_then_the_lighter_is_the_first() -> None:
    small, dark, light = (Picture(np.full(shape, value, np.float32)) for shape, value in RANKED)
    assert small.rank < dark.rank < light.rank
    for one, other in ((dark, small), (light, dark)):
        assert matching.compare(one, other).tier is matching.compare(other, one).tier is Tier.NONE


RANKED = (((100, 100, 3), 250), ((100, 101, 3), 20), ((100, 101, 3), 21))
