"""Whether two pictures are the same one, decided by their pixels.

Vectors bring candidates; this module lays one picture over the other and looks at what remains. A copy, however
compressed, turned, cropped or filtered, agrees with its original in every place once place, tone and sharpness are
brought into line. Two photos of one scene do not: something has moved. Where only lettering was laid over a part, what
differs is flat there and new.

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

from vision import alignment
from vision.agreement import Agreement, measure
from vision.alignment import ORIENTATIONS, Placement

WORK_SIDE = 512
_LEAST_TEXTURE = 10  # cells that show something; below, nothing can be told
# How well the worst places must agree (Agreement.worst), by how the placement was found. Copies of 250 photos stay
# below 0.6 whole on whole and 0.93 placed by features; pages that differ in one line begin at 0.97.
_WORST_WHOLE, _WORST_RETONED, _WORST_PLACED = 0.75, 1.25, 1.0
# Where no place is off by more than half of what is allowed, fine texture that was lost explains a lower correlation.
_WORST_CLOSE, _CORRELATED_CLOSE = 0.5, 0.93
_CORRELATED_WHOLE, _CORRELATED_RETONED, _CORRELATED_PLACED = 0.97, 0.99, 0.965
# Grain that was added or lost, fewer colours: a little is off everywhere. On a page it might be a letter.
_WORST_GRAIN, _CORRELATED_GRAIN = 0.9, 0.998
# Light brought into line place by place (agreement.evened). Of 720 hard negatives, whole on whole, those that correlate
# so well begin at 1.57.
_WORST_EVENED, _CORRELATED_EVENED, _TEXTURE_EVENED = 1.1, 0.978, 60
# A copy that was only compressed, resized or converted keeps its colours and its sharpness.
_SAME_SATURATION, _SAME_TONE, _SAME_BLUR = 0.12, 2.0, 0.7
_TILT = 1.0  # degrees
_WHOLE, _COVERED, _COVERED_LEAST = 0.98, 0.9, 0.15  # share of the one, and of the other picture
# What was laid over: Agreement.flat, that less .shared, .clean_elsewhere, .disagreeing.
_OVERLAY_FLAT, _OVERLAY_NEW, _OVERLAY_ELSEWHERE, _OVERLAY_AREA = 0.5, 0.4, 0.7, 0.3
_OVERLAY_BLUR = 1.0
# So little is off elsewhere that it is one exposure, grain for grain: less of what was laid over need be flat.
# Bursts begin at 0.24, but screenshots of one app at 0, which have little to show.
_EXACT_ELSEWHERE, _EXACT_FLAT, _EXACT_NEW, _EXACT_TEXTURE = 0.22, 0.5, 0.2, 100
# Most of what shows something must be the same: screenshots of one app agree in what is blank.
_OVERLAY_TEXTURED, _OVERLAY_RECOLOURED = 0.3, 0.2


Evidence = dict[str, float | str]


class Tier(StrEnum):
    """How two pictures belong together."""

    SAME = "same"
    EDITED = "edited"
    NONE = "none"


@dataclass(frozen=True)
class Picture:
    """A picture made ready for comparison: RGB, 0 to 255, its long side WORK_SIDE at most."""

    rgb: NDArray[np.float32]

    @cached_property
    def rank(self) -> tuple[float, float]:
        """Which of two pictures the other is laid over: the one with more pixels, or light, however they come."""
        return float(self.rgb.size), float(self.rgb.sum(dtype=np.float64))

    @cached_property
    def grey(self) -> alignment.Grey:
        return cv2.cvtColor(self.rgb.astype(np.uint8), cv2.COLOR_RGB2GRAY)

    @cached_property
    def features(self) -> alignment.Features:
        return alignment.features(self.grey)

    @cached_property
    def mirrored_features(self) -> alignment.Features:
        return alignment.features(np.ascontiguousarray(self.grey[:, ::-1]))


@dataclass(frozen=True)
class Match:
    """The verdict. `similarity` is the share of the common area that agrees; `evidence` is what it rests on."""

    tier: Tier
    similarity: float = 0.0
    evidence: Evidence = field(default_factory=dict)
    placement: list[float] = field(default_factory=list)  # of the second over the first, between unit squares

    def turned_round(self) -> "Match":
        """The same verdict, told with the second picture first."""
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


def prepare(image: Image.Image) -> Picture:
    """Make an upright picture ready. Larger ones are made smaller, smaller ones left alone."""
    small = image.convert("RGB")
    small.thumbnail((WORK_SIDE, WORK_SIDE), Image.Resampling.LANCZOS, reducing_gap=3)
    return Picture(np.asarray(small, np.float32))


def compare(first: Picture, second: Picture) -> Match:
    """The verdict on two pictures. Whichever comes first, it is the same."""
    return lay_over(first, second) if first.rank >= second.rank else lay_over(second, first).turned_round()


def lay_over(first: Picture, second: Picture) -> Match:
    """Lay the second over the first in the ways that suggest themselves, until one of them explains both."""
    best = NO_MATCH
    for placement in placements(first, second):
        agreement = measure(first.rgb, second.rgb, placement)
        if agreement is None:
            continue
        tier, why = judge(placement, agreement)
        found = evidence(placement, agreement, why)
        laid = alignment.in_fractions(placement.affine, first.rgb.shape, second.rgb.shape)
        if tier is not Tier.NONE:
            return Match(tier, 1 - agreement.disagreeing, found, laid)
        if 1 - agreement.disagreeing > best.similarity:
            best = Match(Tier.NONE, 1 - agreement.disagreeing, found, laid)
    return best


def placements(first: Picture, second: Picture) -> Iterator[Placement]:
    """Ways to lay the second picture over the first, cheap and likely ones first."""
    yield from alignment.by_orientation(first.grey, second.grey)
    placed = alignment.by_features(first.features, second.features, "placed")
    if placed:
        yield alignment.refine(first.grey, second.grey, placed)
        return
    placed = alignment.by_features(first.features, second.mirrored_features, "placed, mirrored")
    if placed:
        turned = alignment.after(placed.affine, alignment.mirror(second.grey.shape[1]))
        yield alignment.refine(first.grey, second.grey, Placement(turned, placed.how, placed.inliers))


def judge(placement: Placement, agreement: Agreement) -> tuple[Tier, str]:
    """The verdict on one placement, and what was done to the one to make the other (or why it is none), in a word."""
    if agreement.textured < _LEAST_TEXTURE:
        return Tier.NONE, "too little to see"
    covers = sorted((agreement.covers_first, agreement.covers_second))
    if covers[1] < _COVERED or covers[0] < _COVERED_LEAST:
        return Tier.NONE, "too little in common"
    if not (agreement.blank_first or agreement.blank_second) or is_shifted(placement, agreement):
        return Tier.NONE, "each shows what the other does not"
    if agrees(placement, agreement):
        change = what_changed(placement, agreement)
        return (Tier.EDITED, change) if change else (Tier.SAME, "")
    if is_overlay(placement, agreement):
        return Tier.EDITED, "lettering"
    if placement.how in ORIENTATIONS and is_relit(agreement):
        return Tier.EDITED, "light"
    return Tier.NONE, "something differs"


def is_shifted(placement: Placement, agreement: Agreement) -> bool:
    """Whether each picture reaches beyond the other without being turned: the camera moved. A tilt cuts both."""
    reach = max(agreement.covers_first, agreement.covers_second)
    return reach < _WHOLE and abs(turned_by(placement)) % 90 < _TILT


def turned_by(placement: Placement) -> float:
    """Degrees."""
    return float(np.degrees(np.arctan2(placement.affine[1, 0], placement.affine[0, 0])))


def agrees(placement: Placement, agreement: Agreement) -> bool:
    """Whether the pictures agree in every place."""
    if agreement.worst <= _WORST_CLOSE and agreement.correlation >= _CORRELATED_CLOSE:
        return True
    if min(agreement.covers_first, agreement.covers_second) < _WHOLE:
        return agreement.worst <= _WORST_PLACED and agreement.correlation >= _CORRELATED_PLACED
    if agreement.worst <= _WORST_WHOLE and agreement.correlation >= _CORRELATED_WHOLE:
        return True
    if agreement.worst <= _WORST_GRAIN and agreement.correlation >= _CORRELATED_GRAIN and not agreement.drawn:
        return True
    retoned = agreement.tone_change > _SAME_TONE or agreement.saturation_change > _SAME_SATURATION
    return (
        (retoned or agreement.blur > _SAME_BLUR)
        and agreement.worst <= _WORST_RETONED
        and agreement.correlation >= _CORRELATED_RETONED
    )


def what_changed(placement: Placement, agreement: Agreement) -> str:
    """What an edit did, in a word; empty for a mere copy."""
    if placement.how not in ORIENTATIONS:
        if min(agreement.covers_first, agreement.covers_second) < _WHOLE:
            return "frame"  # cropped, tilted, bordered, on a screen
        if "mirrored" in placement.how or abs(turned_by(placement)) > _TILT:
            return placement.how
    elif placement.how != "upright":
        return placement.how
    if placement.is_stretched:
        return "stretched"
    if agreement.saturation_change > _SAME_SATURATION or agreement.tone_change > _SAME_TONE:
        return "colours"
    return "sharpness" if agreement.blur > _SAME_BLUR else ""


def is_overlay(placement: Placement, agreement: Agreement) -> bool:
    """Whether all that differs is flat, and shown by one picture only: lettering, a bar."""
    same = agreement.textured * (1 - agreement.textured_disagreeing)
    new = agreement.flat - agreement.shared
    if (
        agreement.disagreeing > _OVERLAY_AREA
        or agreement.textured_disagreeing > _OVERLAY_TEXTURED
        or same < 2 * _LEAST_TEXTURE
        or agreement.saturation_change > _OVERLAY_RECOLOURED
        or agreement.blur > _OVERLAY_BLUR
    ):
        return False
    if agreement.clean_elsewhere <= _EXACT_ELSEWHERE and same >= _EXACT_TEXTURE:
        return agreement.flat >= _EXACT_FLAT and new >= _EXACT_NEW
    if placement.how not in ORIENTATIONS or agreement.clean_elsewhere > _OVERLAY_ELSEWHERE:
        return False
    return agreement.flat >= _OVERLAY_FLAT and new >= _OVERLAY_NEW


def is_relit(agreement: Agreement) -> bool:
    """Whether the light alone differs, softly from place to place: a vignette, a phone's tone mapping."""
    return (
        not agreement.drawn
        and agreement.textured >= _TEXTURE_EVENED
        and agreement.worst_evened <= _WORST_EVENED
        and agreement.correlation_evened >= _CORRELATED_EVENED
    )


def evidence(placement: Placement, agreement: Agreement, why: str) -> Evidence:
    """What the verdict rests on, as it is kept with it."""
    return {
        "how": placement.how,
        "change": why,
        "worst": round(agreement.worst, 3),
        "correlation": round(agreement.correlation, 4),
        "covers_first": round(agreement.covers_first, 3),
        "covers_second": round(agreement.covers_second, 3),
        "blank_first": float(agreement.blank_first),
        "blank_second": float(agreement.blank_second),
        "set_off_first": float(agreement.set_off_first),
        "set_off_second": float(agreement.set_off_second),
        "saturation_change": round(agreement.saturation_change, 3),
        "tone_change": round(agreement.tone_change, 2),
        "blur": agreement.blur,
        "flat": round(agreement.flat, 2),
        "shared": round(agreement.shared, 2),
        "elsewhere": round(agreement.clean_elsewhere, 2),
        "disagreeing": round(agreement.disagreeing, 4),
        "textured_disagreeing": round(agreement.textured_disagreeing, 4),
    }
