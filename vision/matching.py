"""Whether two pictures are the same one, decided by their pixels.

Vectors find candidates; this module lays one picture over the other and looks at the differences. A copy, however
compressed, turned, cropped or filtered, agrees with its original everywhere once place, tone and sharpness are matched.
Two photos of one scene do not: something has moved. If only lettering was added, the differences are flat and new. What
one picture shows around the other must be the same scene, or a border.

Pure: pictures in, a verdict out. Lengths are pixels of the work size, greys 0 to 255.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision import alignment, surroundings
from vision.agreement import Agreement, measure
from vision.alignment import ORIENTATIONS, Placement
from vision.copies import bands, borders, sketches
from vision.surroundings import Beyond

WORK_SIDE = 512
Way = tuple[alignment.Grey, alignment.Grey, alignment.Affine]
# Why a picture and a composite that contains it do not match, at any placement.
OTHER_THINGS = "other things around it"
PICTURE_OVER_IT = "another picture over it"
TOO_LITTLE = "too little in common"


@dataclass(frozen=True)
class Limits:
    """How far two pictures may differ and still be the same.

    Errors are multiples of what is allowed in a place (Agreement.worst). Shares and correlations are at most 1.
    """

    least_texture: int = 10
    """Cells that show something; with fewer nothing can be told."""
    worst_whole: float = 0.75
    """Error in the worst places, whole picture over whole picture. Copies of 250 photos stay below 0.6."""
    worst_retoned: float = 1.25
    """Error in the worst places, where tones, colours or sharpness were changed."""
    worst_placed: float = 1.0
    """Error if placed by features. Copies stay below 0.93; pages that differ in one line begin at 0.97."""
    worst_close: float = 0.5
    """Error so small in every place that lost fine texture explains a lower correlation."""
    worst_grain: float = 0.9
    """Error that grain or fewer colours make everywhere. On a page it might be a letter."""
    worst_evened: float = 1.1
    """Error once light is evened. Of 720 hard negatives, those that correlate so well begin at 1.57."""
    correlated_whole: float = 0.97
    """Correlation of greys, whole picture over whole picture."""
    correlated_retoned: float = 0.99
    """Correlation of greys, where tones, colours or sharpness were changed."""
    correlated_placed: float = 0.965
    """Correlation of greys, placed by features."""
    correlated_close: float = 0.93
    """Correlation of greys that goes with `worst_close`."""
    correlated_grain: float = 0.998
    """Correlation of greys that goes with `worst_grain`."""
    correlated_coarse: float = 0.99
    """Correlation of greys made smaller that goes with `worst_grain`, where fine texture was lost."""
    correlated_evened: float = 0.978
    """Correlation of greys that goes with `worst_evened`."""
    texture_evened: int = 60
    """Cells that must show something where light is evened, or fine texture lost."""
    same_saturation: float = 0.12
    """Share by which a mere copy may change the strength of colours."""
    same_tone: float = 2.0
    """Greys by which a mere copy may change tones."""
    same_blur: float = 0.7
    """Pixels by which a mere copy may be blurred more."""
    tilt: float = 1.0
    """Degrees: more is a picture that was turned."""
    whole: float = 0.98
    """Share of a picture that counts as all of it."""
    covered: float = 0.9
    """Share of the one picture that must lie over the other, or under it."""
    covered_least: float = 0.15
    """Share of the other picture that must do so."""
    overlay_flat: float = 0.5
    """Share of what differs that has two colours: lettering, a bar."""
    overlay_new: float = 0.4
    """The same share, less what has these colours in the other picture too."""
    overlay_elsewhere: float = 0.7
    """Error in the worst places away from what was laid over."""
    overlay_area: float = 0.3
    """Share of the common area that may be laid over."""
    overlay_pictured: float = 0.002
    """Share of the common area that a picture laid over takes. The benchmark’s lettering stays below 0.001."""
    overlay_blur: float = 1.0
    """Pixels by which one picture may be blurred more."""
    overlay_textured: float = 0.3
    """Share laid over of what shows something: screenshots of one app agree in what is blank."""
    overlay_recoloured: float = 0.2
    """Share by which the strength of colours may change."""
    surely_placed: int = 20
    """Features of sketches that place a picture so surely that this is tried before the whole on the whole."""
    exact_elsewhere: float = 0.22
    """Error elsewhere of one exposure, grain for grain. Bursts begin at 0.24."""
    exact_flat: float = 0.5
    """As `overlay_flat`, of one exposure."""
    exact_new: float = 0.2
    """As `overlay_new`, of one exposure."""
    exact_texture: int = 100
    """Cells that must show something to prove one exposure: screenshots of one app have few."""


LIMITS = Limits()
Evidence = dict[str, float | str]


class Tier(StrEnum):
    """What two pictures are to each other."""

    SAME = "same"
    EDITED = "edited"
    NONE = "none"


@dataclass(frozen=True)
class Picture:
    """A picture prepared for comparison: RGB, 0 to 255, its long side WORK_SIDE at most."""

    rgb: NDArray[np.float32]
    sketch: sketches.Sketch | None = None

    @cached_property
    def rank(self) -> tuple[float, float]:
        """The order that decides which picture is laid over which, whichever comes first: by pixels, then by light."""
        return float(self.rgb.size), float(self.rgb.sum(dtype=np.float64))

    @cached_property
    def grey(self) -> alignment.Grey:
        return cv2.cvtColor(self.rgb.astype(np.uint8), cv2.COLOR_RGB2GRAY)

    @cached_property
    def within(self) -> alignment.Box | None:
        """The part within its borders, if there are any."""
        return borders.box_within(self.rgb)

    @cached_property
    def features(self) -> alignment.Features:
        return alignment.features(self.grey)

    @cached_property
    def mirrored_features(self) -> alignment.Features:
        return self.features.mirrored(self.grey.shape[1])


@dataclass(frozen=True)
class Match:
    """The verdict. `similarity` is the share of the common area that agrees."""

    tier: Tier
    similarity: float = 0.0
    evidence: Evidence = field(default_factory=dict)
    placement: list[float] = field(default_factory=list)  # of the second over the first, between unit squares

    def turned_round(self) -> "Match":
        """The same verdict with the pictures exchanged."""
        found = {_other_way_round(name): value for name, value in self.evidence.items()}
        for name in ("how", "change"):
            if name in found:
                found[name] = _INVERSE.get(str(found[name]), found[name])
        return Match(self.tier, self.similarity, found, alignment.inverse(self.placement) if self.placement else [])


_INVERSE = {"turned left": "turned right", "turned right": "turned left"}


def _other_way_round(name: str) -> str:
    if name.endswith("_first"):
        return name.removesuffix("_first") + "_second"
    return name.removesuffix("_second") + "_first" if name.endswith("_second") else name


NO_MATCH = Match(Tier.NONE)


def prepare(image: Image.Image, sketch: sketches.Sketch | None = None) -> Picture:
    """Prepare an upright picture. Larger ones are scaled down. Its sketch spares most pairs the search for features."""
    small = image.convert("RGB")
    small.thumbnail((WORK_SIDE, WORK_SIDE), Image.Resampling.LANCZOS, reducing_gap=3)
    return Picture(np.asarray(small, np.float32), sketch)


def compare(first: Picture, second: Picture) -> Match:
    """The verdict on two pictures, the same in either order."""
    return lay_over(first, second) if first.rank >= second.rank else lay_over(second, first).turned_round()


def lay_over(first: Picture, second: Picture) -> Match:
    """Try placements of the second over the first until one matches."""
    best = NO_MATCH
    for placement in placements(first, second):
        match = laid(first, second, placement)
        if match.tier is not Tier.NONE or match.evidence.get("change") in (OTHER_THINGS, PICTURE_OVER_IT):
            return match
        best = max(best, match, key=lambda match: match.similarity)
    return best


def laid(first: Picture, second: Picture, placement: Placement) -> Match:
    """The verdict on one placement of the second over the first, the cheapest question first."""
    agreement = Agreement(first.rgb, second.rgb, placement.affine, placement)
    if misplaced(placement, agreement) == TOO_LITTLE or not agreement.is_enough:
        return NO_MATCH
    tier, why = judge(placement, agreement)
    if tier is Tier.NONE and placement.how == "upright" and is_under_a_band(first, second, agreement):
        tier, why = Tier.EDITED, "lettering"
    there = beyond(first, second, placement, agreement) if tier is not Tier.NONE else {}
    if there and (
        any(one.is_other for one in there.values())
        or is_print(first, second, placement, agreement)
        or (why == "lettering" and any(is_cut_off(name, first, second, placement) for name in there))
    ):
        tier, why = Tier.NONE, OTHER_THINGS
    if tier is Tier.NONE:
        return Match(tier, 1 - agreement.disagreeing, {"how": placement.how, "change": why, **agreement.in_brief()})
    found = evidence(placement, agreement, why)
    for name, one in there.items():
        found |= {f"shown_{name}": round(one.shown, 3), f"broken_{name}": round(one.broken, 3)}
    in_fractions = alignment.in_fractions(placement.affine, first.rgb.shape, second.rgb.shape)
    return Match(tier, 1 - agreement.disagreeing, found, in_fractions)


def both_ways(first: Picture, second: Picture, placement: Placement) -> dict[str, Way]:
    """Each of the two as the outer picture, the other one, and the map from that to it."""
    inverse = cv2.invertAffineTransform(placement.affine)
    return {"first": (first.rgb, second.rgb, placement.affine), "second": (second.rgb, first.rgb, inverse)}


def beyond(first: Picture, second: Picture, placement: Placement, agreement: Agreement) -> dict[str, Beyond]:
    """What the picture that shows more has around the other: the rest of an original, a frame, or other things."""
    covers = {"first": agreement.covers_first, "second": agreement.covers_second}
    ways = both_ways(first, second, placement).items()
    return {name: surroundings.beyond(*way) for name, way in ways if covers[name] < LIMITS.whole}


def is_cut_off(outer: str, first: Picture, second: Picture, placement: Placement) -> bool:
    """Whether other things on a screen lie over an edge of the picture that it shows."""
    return surroundings.is_covered_at_an_edge(*both_ways(first, second, placement)[outer])


def is_print(first: Picture, second: Picture, placement: Placement, agreement: Agreement) -> bool:
    """Whether one is a photo of the other, as a print on a table of one colour."""
    ways = both_ways(first, second, placement)
    if agreement.blank_first and agreement.set_off_first:
        return surroundings.lies_on_surface(*ways["first"])
    return agreement.blank_second and agreement.set_off_second and surroundings.lies_on_surface(*ways["second"])


def placements(first: Picture, second: Picture) -> Iterator[Placement]:
    """Placements of the second picture over the first, cheap and likely ones first."""
    whole = list(alignment.by_orientation(first.grey, second.grey))
    sketched = None
    if first.sketch and second.sketch:
        sketched = sketches.placed(first.sketch, second.sketch, (first.grey.shape[::-1], second.grey.shape[::-1]))
    if sketched and sketched.inliers >= LIMITS.surely_placed and not any(map(sketched.is_like, whole)):
        yield alignment.refine(first.grey, second.grey, sketched)  # a crop, or the like
        sketched = None
    yield from whole
    within = alignment.by_borders(first.grey, first.within, second.grey, second.within)
    if within:
        yield alignment.refine(first.grey, second.grey, within)
    if sketched:
        yield alignment.refine(first.grey, second.grey, sketched)
    placed = alignment.by_features(first.features, second.features, "placed")
    if placed:
        yield alignment.refine(first.grey, second.grey, placed)
        return
    placed = alignment.by_features(first.features, second.mirrored_features, "placed, mirrored")
    if placed:
        turned = alignment.after(placed.affine, alignment.mirror(second.grey.shape[1]))
        yield alignment.refine(first.grey, second.grey, Placement(turned, placed.how, placed.inliers))


def misplaced(placement: Placement, agreement: Agreement) -> str:
    """Why this placement alone speaks against a match, whatever agrees there; empty if it does not."""
    covers = sorted((agreement.covers_first, agreement.covers_second))
    if covers[1] < LIMITS.covered or covers[0] < LIMITS.covered_least:
        return TOO_LITTLE
    if is_shifted(placement, agreement) or not (agreement.blank_first or agreement.blank_second):
        return "each shows what the other does not"
    return ""


def judge(placement: Placement, agreement: Agreement) -> tuple[Tier, str]:
    """The verdict on one placement, with the change in a word, or the reason against it."""
    if why := misplaced(placement, agreement):
        return Tier.NONE, why
    if agreement.textured < LIMITS.least_texture:
        return Tier.NONE, "too little to see"
    if agrees(placement, agreement):
        change = what_changed(placement, agreement)
        return (Tier.EDITED, change) if change else (Tier.SAME, "")
    if is_overlay(placement, agreement):
        is_picture = agreement.pictured > LIMITS.overlay_pictured
        return (Tier.NONE, PICTURE_OVER_IT) if is_picture else (Tier.EDITED, "lettering")
    if placement.how in ORIENTATIONS and is_relit(agreement):
        return Tier.EDITED, "light"
    return Tier.NONE, "something differs"


def is_shifted(placement: Placement, agreement: Agreement) -> bool:
    """Whether each picture shows more than the other although neither is turned: the camera moved. A tilt cuts both."""
    reach = max(agreement.covers_first, agreement.covers_second)
    return reach < LIMITS.whole and abs(turned_by(placement)) % 90 < LIMITS.tilt


def turned_by(placement: Placement) -> float:
    """Degrees."""
    return float(np.degrees(np.arctan2(placement.affine[1, 0], placement.affine[0, 0])))


def agrees(placement: Placement, agreement: Agreement) -> bool:
    """Whether the pictures agree everywhere."""
    if agreement.worst <= LIMITS.worst_close and agreement.correlation >= LIMITS.correlated_close:
        return True
    if min(agreement.covers_first, agreement.covers_second) < LIMITS.whole:
        return agreement.worst <= LIMITS.worst_placed and agreement.correlation >= LIMITS.correlated_placed
    if agreement.worst <= LIMITS.worst_whole and agreement.correlation >= LIMITS.correlated_whole:
        return True
    if agreement.worst <= LIMITS.worst_grain and not agreement.drawn:
        if agreement.correlation >= LIMITS.correlated_grain:
            return True
        is_told = placement.how in ORIENTATIONS and agreement.textured >= LIMITS.texture_evened
        if is_told and agreement.correlation_coarse >= LIMITS.correlated_coarse:
            return True
    retoned = agreement.tone_change > LIMITS.same_tone or agreement.saturation_change > LIMITS.same_saturation
    return (
        (retoned or agreement.blur > LIMITS.same_blur)
        and agreement.worst <= LIMITS.worst_retoned
        and agreement.correlation >= LIMITS.correlated_retoned
    )


def what_changed(placement: Placement, agreement: Agreement) -> str:
    """What an edit did, in a word; empty for a mere copy."""
    if placement.how not in ORIENTATIONS:
        if min(agreement.covers_first, agreement.covers_second) < LIMITS.whole:
            return "frame"  # cropped, tilted, bordered, on a screen
        if "mirrored" in placement.how or abs(turned_by(placement)) > LIMITS.tilt:
            return placement.how
    elif placement.how != "upright":
        return placement.how
    if placement.is_stretched:
        return "stretched"
    if agreement.saturation_change > LIMITS.same_saturation or agreement.tone_change > LIMITS.same_tone:
        return "colours"
    return "sharpness" if agreement.blur > LIMITS.same_blur else ""


def is_overlay(placement: Placement, agreement: Agreement) -> bool:
    """Whether all differences are flat and in one picture only: lettering, a bar."""
    same = agreement.textured * (1 - agreement.textured_disagreeing)
    new = agreement.flat - agreement.shared
    if (
        agreement.disagreeing > LIMITS.overlay_area
        or agreement.textured_disagreeing > LIMITS.overlay_textured
        or same < 2 * LIMITS.least_texture
        or agreement.saturation_change > LIMITS.overlay_recoloured
        or agreement.blur > LIMITS.overlay_blur
    ):
        return False
    if agreement.clean_elsewhere <= LIMITS.exact_elsewhere and same >= LIMITS.exact_texture:
        return agreement.flat >= LIMITS.exact_flat and new >= LIMITS.exact_new
    if placement.how not in ORIENTATIONS or agreement.clean_elsewhere > LIMITS.overlay_elsewhere:
        return False
    return agreement.flat >= LIMITS.overlay_flat and new >= LIMITS.overlay_new


def is_under_a_band(first: Picture, second: Picture, agreement: Agreement) -> bool:
    """Whether the whole pictures agree but for a caption band over the upper or lower lines of one."""
    if agreement.disagreeing > LIMITS.overlay_area:
        return False
    whole = Placement(np.eye(2, 3), "upright")
    bare = (measure(one, other, whole) for one, other in bands.without(first.rgb, second.rgb))
    return any(left and left.textured >= bands.LIMITS.textured and agrees(whole, left) for left in bare)


def is_relit(agreement: Agreement) -> bool:
    """Whether only the light differs, gradually from place to place: a vignette, a phone's tone mapping."""
    return (
        not agreement.drawn
        and agreement.textured >= LIMITS.texture_evened
        and agreement.worst_evened <= LIMITS.worst_evened
        and agreement.correlation_evened >= LIMITS.correlated_evened
    )


def evidence(placement: Placement, agreement: Agreement, why: str) -> Evidence:
    """The evidence for the verdict, as it is stored."""
    return {"how": placement.how, "change": why, **agreement.told()}
