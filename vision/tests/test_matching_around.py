"""What is around a picture, as the verdict on a pair sees it; and how pictures are prepared."""

import cv2
import numpy as np
import pytest
from PIL import Image

from vision import matching
from vision.alignment import Placement
from vision.matching import Picture, Tier
from vision.surroundings import Beyond
from vision.tests.test_matching import COPIES, EDITS, app, on_a_screen, scene
from vision.tests.test_matching_verdicts import agreed, placed
from vision.tests.test_surroundings import askew, beside


def test_of_whole_pictures_nothing_is_beyond() -> None:
    picture = matching.prepare(scene(1))
    for covers in ({}, {"covers_first": 0.98, "covers_second": 0.98}):
        assert matching.beyond(picture, picture, placed(), agreed(**covers)) == {}


def test_what_is_beyond_is_seen_from_either_side() -> None:
    sheet, part = (matching.prepare(image) for image in (beside(scene(2), scene(31)), scene(2)))
    affine = np.eye(2, 3) * sheet.rgb.shape[0] / part.rgb.shape[0]
    there = matching.beyond(sheet, part, Placement(affine, "placed"), agreed(covers_first=0.979))
    back = matching.beyond(
        part, sheet, Placement(cv2.invertAffineTransform(affine), "placed"), agreed(covers_second=0.979)
    )
    assert (list(there), list(back)) == (["first"], ["second"])
    assert there["first"].shown == pytest.approx(1, abs=0.1)
    assert there["first"].is_other
    assert back["second"].shown == pytest.approx(there["first"].shown, abs=0.02)
    assert back["second"].is_other
    both = matching.beyond(sheet, part, Placement(affine, "placed"), agreed(covers_first=0.9, covers_second=0.9))
    assert list(both) == ["first", "second"]
    assert both["second"] == Beyond()  # the part has nothing around the sheet


def test_a_print_is_one_whichever_comes_first() -> None:
    picture = scene(1)
    table, print_ = matching.prepare(askew(picture, 8, 9)), matching.prepare(picture)
    *_, placement = matching.placements(table, print_)
    inverse = Placement(cv2.invertAffineTransform(placement.affine), placement.how)
    framed = {"blank_first": True, "set_off_first": True, "blank_second": False, "set_off_second": False}
    turned = {"blank_first": False, "set_off_first": False, "blank_second": True, "set_off_second": True}
    assert matching.is_print(table, print_, placement, agreed(**framed))
    assert matching.is_print(print_, table, inverse, agreed(**turned))
    assert not matching.is_print(print_, table, inverse, agreed(**framed))
    assert not matching.is_print(table, print_, placement, agreed(**turned))
    for name in ("blank_first", "set_off_first"):
        assert not matching.is_print(table, print_, placement, agreed(**{**framed, name: False, "blank_second": False}))
    for name in ("blank_second", "set_off_second"):
        assert not matching.is_print(print_, table, inverse, agreed(**{**turned, name: False, "blank_first": False}))


def test_a_covered_edge_is_seen_from_either_side() -> None:
    picture = scene(1)
    screen = picture.copy()
    screen.paste("#141414", (0, 360, 640, 480))
    part = picture.crop((60, 40, 580, 440))
    outer, inner = (Picture(np.asarray(image, np.float32)) for image in (screen, part))
    there = Placement(np.array([[1.0, 0, 60], [0, 1.0, 40]]), "placed")
    back = Placement(cv2.invertAffineTransform(there.affine), "placed")
    assert matching.is_cut_off("first", outer, inner, there)
    assert matching.is_cut_off("second", inner, outer, back)
    whole = Picture(np.asarray(picture, np.float32))
    assert not matching.is_cut_off("first", whole, inner, there)
    assert not matching.is_cut_off("second", inner, whole, back)


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
