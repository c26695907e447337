"""What is made of a placement, and which placements are tried, while what measures them is replaced: all in no time."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from vision import matching
from vision.alignment import Placement
from vision.copies.sketches import Sketch
from vision.matching import NO_MATCH, OTHER_THINGS, TOO_LITTLE, Match, Picture, Tier
from vision.surroundings import Beyond
from vision.tests.test_matching_verdicts import EXACT, LETTERED, agreed, placed

Patch = pytest.MonkeyPatch
AROUND = Beyond(shown=0.12345, breaks=0.23456, alike=0)
OTHER = Beyond(shown=0.5, breaks=0.9, alike=0)


def noise(seed: int, height: int, width: int, sketch: Sketch | None = None) -> Picture:
    return Picture(np.random.default_rng(seed).integers(0, 255, (height, width, 3)).astype(np.float32), sketch)


FIRST, SECOND = noise(1, 64, 48), noise(2, 32, 40)
UPRIGHT, MIRRORED = placed("upright"), placed("mirrored")


def told(answer: Any, *expected: object) -> Callable[..., Any]:
    """A function that gives this answer to just these arguments."""

    def asked(*given: object) -> Any:
        assert all(
            one is other or (type(one) is tuple and one == other) for one, other in zip(given, expected, strict=True)
        )
        return answer

    return asked


# --- the verdict on one placement ------------------------------------------------------------------------------------


@pytest.fixture
def laid(monkeypatch: Patch) -> Callable[..., Match]:
    """The verdict on FIRST and SECOND at a placement, where they agree so far and have this around them."""

    def verdict(
        measured: dict[str, Any],
        placement: Placement = UPRIGHT,
        around: dict[str, Beyond] | None = None,
        *,
        band: bool = False,
        print_: bool = False,
        cut_off: tuple[str, ...] = (),
    ) -> Match:
        agreement = agreed(is_enough=True, **measured)
        asked_of = (FIRST, SECOND, placement, agreement)
        is_cut_off = {name: told(name in cut_off, *asked_of[:3]) for name in ("first", "second")}
        measure = told(agreement, FIRST.rgb, SECOND.rgb, placement.affine, placement)
        monkeypatch.setattr(matching, "Agreement", measure)
        monkeypatch.setattr(matching, "is_under_a_band", told(band, FIRST, SECOND, agreement))
        monkeypatch.setattr(matching, "beyond", told(around or {}, *asked_of))
        monkeypatch.setattr(matching, "is_print", told(print_, *asked_of))
        monkeypatch.setattr(matching, "is_cut_off", lambda name, *given: is_cut_off[name](*given))
        return matching.laid(FIRST, SECOND, placement)

    return verdict


def test_pictures_that_have_too_little_in_common_are_told_nothing_of(laid: Callable[..., Match]) -> None:
    assert laid({"covers_first": 0.14}) is NO_MATCH
    assert laid({"covers_first": 0.89, "covers_second": 0.89}) is NO_MATCH
    assert laid({"covers_first": 0.15}, placed("placed", 10)).tier is Tier.EDITED
    # that each shows what the other does not is told
    assert (
        laid({"blank_first": False, "blank_second": False}).evidence["change"] == "each shows what the other does not"
    )


def test_a_common_area_that_is_too_small_is_told_nothing_of(monkeypatch: Patch) -> None:
    monkeypatch.setattr(matching, "Agreement", lambda *_: agreed(is_enough=False))
    assert matching.laid(FIRST, SECOND, placed()) is NO_MATCH
    monkeypatch.setattr(matching, "Agreement", lambda *_: agreed(is_enough=True))
    assert matching.laid(FIRST, SECOND, placed()).tier is Tier.SAME


def test_a_match_tells_its_evidence_and_where_it_lies(laid: Callable[..., Match]) -> None:
    match = laid({"disagreeing": 0.25, "tone_change": 9.0}, placed("mirrored"), {"first": AROUND, "second": AROUND})
    assert (match.tier, match.similarity) == (Tier.EDITED, 0.75)
    assert (match.evidence["how"], match.evidence["change"]) == ("mirrored", "mirrored")
    assert match.evidence["tone_change"] == 9.0
    around = {name: value for name, value in match.evidence.items() if name.startswith(("shown", "broken"))}
    assert around == {"shown_first": 0.123, "broken_first": 0.235, "shown_second": 0.123, "broken_second": 0.235}
    x, y = 3 / 48, 5 / 64
    assert match.placement == pytest.approx([40 / 48, 0, x, 0, 32 / 64, y], abs=1e-5)
    assert not {"shown_first", "shown_second"} & set(laid({}).evidence)


def test_what_does_not_match_is_told_in_brief(laid: Callable[..., Match]) -> None:
    match = laid({**LETTERED, "flat": 0.1, "disagreeing": 0.4, "tone_change": 1.5}, placed("turned left"))
    assert match == Match(
        Tier.NONE,
        0.6,
        {
            "how": "turned left",
            "change": "something differs",
            "correlation": 0.8,
            "tone_change": 1.5,
            "saturation_change": 0.0,
        },
    )


def test_a_band_is_lettering_on_upright_pictures_that_do_not_match_otherwise(laid: Callable[..., Match]) -> None:
    differing = {**LETTERED, "flat": 0.1}
    match = laid(differing, band=True)
    assert (match.tier, match.evidence["change"]) == (Tier.EDITED, "lettering")
    assert laid(differing, placed("placed"), band=True).tier is Tier.NONE
    assert laid(differing, band=False).tier is Tier.NONE
    assert laid({}, band=True).tier is Tier.SAME


def test_other_things_around_a_picture_make_it_another(laid: Callable[..., Match]) -> None:
    for around in ({"first": OTHER}, {"first": AROUND, "second": OTHER}):
        match = laid({"disagreeing": 0.25}, around=around)
        assert (match.tier, match.similarity) == (Tier.NONE, 0.75)
        assert match.evidence["change"] == OTHER_THINGS
    assert laid({}, around={"first": AROUND, "second": AROUND}).tier is Tier.SAME
    assert laid({}, around={"second": AROUND}, print_=True).evidence["change"] == OTHER_THINGS
    assert laid({}, around={}, print_=True).tier is Tier.SAME  # nothing is around it
    # what does not match anyhow keeps its reason
    assert laid({**LETTERED, "flat": 0.1}, around={"first": OTHER}).evidence["change"] == "something differs"


def test_lettering_over_a_picture_that_is_cut_off_is_a_screen(laid: Callable[..., Match]) -> None:
    lettered = {**LETTERED, **EXACT, "shared": 0.0}
    around = {"first": AROUND, "second": AROUND}
    assert laid(lettered, around=around).evidence["change"] == "lettering"
    for name in around:
        assert laid(lettered, around=around, cut_off=(name,)).evidence["change"] == OTHER_THINGS
    assert laid(lettered, around={"first": AROUND}, cut_off=("second",)).tier is Tier.EDITED
    assert laid({}, around=around, cut_off=("first", "second")).tier is Tier.SAME  # nothing is written over it


def test_the_reason_against_a_placement() -> None:
    assert matching.misplaced(placed(), agreed(covers_first=0.14)) == TOO_LITTLE
    assert matching.misplaced(placed("placed", 10), agreed(covers_first=0.15, covers_second=0.9)) == ""


# --- what is around the pictures, from either side --------------------------------------------------------------------


def is_way(way: tuple[Any, ...], outer: Picture, inner: Picture, affine: NDArray[Any]) -> bool:
    return way[0] is outer.rgb and way[1] is inner.rgb and bool(np.allclose(way[2], affine))


def test_each_of_two_pictures_may_be_the_outer_one() -> None:
    there = placed("placed", 20, stretch=1.5)
    ways = matching.both_ways(FIRST, SECOND, there)
    assert list(ways) == ["first", "second"]
    assert is_way(ways["first"], FIRST, SECOND, there.affine)
    assert is_way(ways["second"], SECOND, FIRST, cv2.invertAffineTransform(there.affine))


@pytest.mark.parametrize(
    ("covers", "looked"),
    [((0.98, 0.98), []), ((0.979, 1.0), ["first"]), ((1.0, 0.979), ["second"]), ((0.9, 0.9), ["first", "second"])],
)
def test_only_around_what_is_not_covered_is_looked(
    monkeypatch: Patch, covers: tuple[float, float], looked: list[str]
) -> None:
    there = placed()
    ways = {"first": (FIRST, SECOND, there.affine), "second": (SECOND, FIRST, cv2.invertAffineTransform(there.affine))}
    found = {"first": AROUND, "second": OTHER}

    def beyond(*way: Any) -> Beyond:
        (name,) = (name for name, expected in ways.items() if is_way(way, *expected))
        return found[name]

    monkeypatch.setattr(matching.surroundings, "beyond", beyond)
    agreement = agreed(covers_first=covers[0], covers_second=covers[1])
    assert matching.beyond(FIRST, SECOND, there, agreement) == {name: found[name] for name in looked}


BLANK = ("blank_first", "set_off_first"), ("blank_second", "set_off_second")


@pytest.mark.parametrize(
    ("true", "on_surface", "is_print"),
    [
        (BLANK[0], "first", True),
        (BLANK[0], "second", False),
        (BLANK[1], "second", True),
        (BLANK[1], "first", False),
        (("blank_first",), "first", False),
        (("set_off_first",), "first", False),
        (("blank_second",), "second", False),
        (("set_off_second",), "second", False),
        (("blank_first", "set_off_second"), "second", False),
        (("blank_second", "set_off_first"), "first", False),
        (("blank_first", *BLANK[1]), "second", True),
        ((*BLANK[0], *BLANK[1]), "second", False),  # the first is asked first
    ],
)
def test_a_print_lies_on_a_surface_of_one_colour(
    monkeypatch: Patch, true: tuple[str, ...], on_surface: str, is_print: bool
) -> None:
    there = placed("placed", 8)
    way = matching.both_ways(FIRST, SECOND, there)[on_surface]
    outer, inner = (FIRST, SECOND) if on_surface == "first" else (SECOND, FIRST)
    monkeypatch.setattr(matching.surroundings, "lies_on_surface", lambda *given: is_way(given, outer, inner, way[2]))
    agreement = agreed(**{name: name in true for names in BLANK for name in names})
    assert bool(matching.is_print(FIRST, SECOND, there, agreement)) is is_print


# --- which placements are tried ---------------------------------------------------------------------------------------

SKETCH = object.__new__(Sketch)  # its content is not looked at here
FAR = Placement(np.array([[1.0, 0, 150], [0, 1.0, 90]]), "placed by sketches", 19)
SURE = replace(FAR, inliers=20)


def with_features(picture: Picture, sketch: Sketch | None) -> Picture:
    """The picture as if its features and borders were known."""
    known = replace(picture, sketch=sketch)
    vars(known).update(features=object(), mirrored_features=object(), within=(1, 2, 3, 4))
    return known


class Tried:
    """The placements that are tried where each way to place gives what is named."""

    def __init__(self, monkeypatch: Patch) -> None:
        self.patch = monkeypatch
        self.asked: list[str] = []  # which features were compared
        self.placements: list[Placement] = []

    def __call__(
        self, *, sketches: tuple[Any, Any] = (SKETCH, SKETCH), whole: Any = (UPRIGHT, MIRRORED), **found: Any
    ) -> list[str]:
        """How they are called, with a "+" if they were refined."""
        first, second = with_features(FIRST, sketches[0]), with_features(SECOND, sketches[1])
        greys, sizes = (first.grey, second.grey), ((48, 64), (40, 32))
        by_borders = told(found.get("borders"), first.grey, first.within, second.grey, second.within)
        by_features = {
            "placed": told(found.get("placed"), first.features, second.features),
            "placed, mirrored": told(found.get("mirrored"), first.features, second.mirrored_features),
        }

        def compared(one: object, other: object, how: str) -> Placement | None:
            self.asked.append(how)
            return by_features[how](one, other)

        def refine(one: object, other: object, placement: Placement) -> Placement:
            return told(replace(placement, how=f"{placement.how}+"), *greys)(one, other)

        self.asked.clear()
        self.patch.setattr(matching.alignment, "by_orientation", told(whole, *greys))
        self.patch.setattr(matching.alignment, "by_borders", by_borders)
        self.patch.setattr(matching.sketches, "placed", told(found.get("sketched"), *sketches, sizes))
        self.patch.setattr(matching.alignment, "by_features", compared)
        self.patch.setattr(matching.alignment, "refine", refine)
        self.placements = list(matching.placements(first, second))
        return [placement.how for placement in self.placements]


@pytest.fixture
def tried(monkeypatch: Patch) -> Tried:
    return Tried(monkeypatch)


def test_whole_pictures_come_first_then_borders_sketches_and_features(tried: Tried) -> None:
    there = {"borders": placed("within"), "sketched": FAR, "placed": placed("placed")}
    assert tried(**there) == ["upright", "mirrored", "within+", "placed by sketches+", "placed+"]
    assert tried.asked == ["placed"]  # whether it is mirrored is not asked
    assert tried() == ["upright", "mirrored"]
    assert tried.asked == ["placed", "placed, mirrored"]
    assert tried(whole=[]) == []


def test_what_sketches_place_surely_comes_before_the_whole(tried: Tried) -> None:
    assert tried(sketched=SURE) == ["placed by sketches+", "upright", "mirrored"]
    assert tried(sketched=FAR) == ["upright", "mirrored", "placed by sketches+"]
    whole = [MIRRORED, replace(SURE, how="upright")]
    assert tried(sketched=SURE, whole=whole) == ["mirrored", "upright", "placed by sketches+"]  # no news
    assert tried(sketched=SURE, whole=[]) == ["placed by sketches+"]


@pytest.mark.parametrize("given", [(None, SKETCH), (SKETCH, None), (None, None)])
def test_a_picture_without_a_sketch_is_not_placed_by_it(tried: Tried, given: tuple[Any, Any]) -> None:
    assert tried(sketched=SURE, sketches=given) == ["upright", "mirrored"]


def test_a_mirrored_picture_is_placed_by_its_mirrored_features(tried: Tried) -> None:
    there = Placement(np.array([[2.0, 0, 10], [0, 2.0, 20]]), "placed, mirrored", 31)
    assert tried(mirrored=there) == ["upright", "mirrored", "placed, mirrored+"]
    last = tried.placements[-1]
    assert last.inliers == 31
    assert last.affine == pytest.approx(np.array([[-2.0, 0, 10 + 2 * 39], [0, 2.0, 20]]))  # its width is 40


# --- the order of two pictures ----------------------------------------------------------------------------------------


def test_the_larger_picture_lies_below_whichever_comes_first(monkeypatch: Patch) -> None:
    match = Match(Tier.EDITED, 0.5, {"how": "turned left", "covers_first": 0.25}, [2.0, 0, 0, 0, 2.0, 0])

    def lay_over(below: Picture, above: Picture) -> Match:
        assert (below, above) == (FIRST, SECOND)
        return match

    monkeypatch.setattr(matching, "lay_over", lay_over)
    assert matching.compare(FIRST, SECOND) is match
    assert matching.compare(SECOND, FIRST) == match.turned_round()
    assert matching.compare(SECOND, FIRST).evidence == {"how": "turned right", "covers_second": 0.25}


def test_of_equal_pictures_the_first_lies_below(monkeypatch: Patch) -> None:
    twin = Picture(FIRST.rgb.copy())
    monkeypatch.setattr(matching, "lay_over", lambda below, above: Match(Tier.SAME, evidence={"below": id(below)}))
    assert matching.compare(FIRST, twin).evidence == {"below": id(FIRST)}
    assert matching.compare(twin, FIRST).evidence == {"below": id(twin)}


def test_the_rank_of_a_picture_is_its_size_and_then_its_light() -> None:
    assert Picture(np.full((4, 5, 3), 2, np.float32)).rank == (60.0, 120.0)


def test_a_picture_is_prepared_with_its_sketch() -> None:
    assert matching.prepare(Image.new("P", (8, 8)), SKETCH).sketch is SKETCH
    assert matching.prepare(Image.new("P", (8, 8))).sketch is None


def test_a_picture_knows_its_greys_and_its_mirrored_features() -> None:
    assert FIRST.grey.shape == (64, 48)
    assert FIRST.grey.dtype == np.uint8
    red, green, blue = FIRST.rgb[10, 20]
    assert FIRST.grey[10, 20] == pytest.approx(0.299 * red + 0.587 * green + 0.114 * blue, abs=1)
    picture = noise(3, 64, 48)
    assert picture.mirrored_features.points == pytest.approx(picture.features.mirrored(48).points)
    assert picture.features.points.shape[1] == 2
