"""Whether two videos are the same one, re-encoded or trimmed.

The fingerprints of their frames give the offset of one in the other; then some frames are compared like photos
(vision/matching.py). Times are seconds from each video's own beginning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision import matching
from vision.matching import Match, Picture, Tier

Frames = Callable[[Sequence[float]], list[Image.Image | None]]


@dataclass(frozen=True)
class Limits:
    """How far two videos may differ and still be the same."""

    cosine: float = 0.6
    """Cosine of two frames’ fingerprints from which they may show the same."""
    share: float = 0.6
    """Share of the frames both should have in common that must agree."""
    looked_at: int = 3
    """Frames that are laid over each other."""
    agreeing: float = 2 / 3
    """Share of them that must be the same."""
    same_seconds: float = 0.5
    """Seconds by which two videos of one length may differ."""
    same_share: float = 0.02
    """Share of their length by which they may differ, where that is more."""
    slack: float = 0.25
    """Seconds by which an offset may be off, beyond the distance of frames."""
    similarity: float = 0.85
    """Similarity of two frames that are a fraction of a second apart."""
    correlation: float = 0.93
    """Correlation of the greys of such frames."""
    retoned: float = 8.0
    """Greys by which encoding may change tones."""
    recoloured: float = 0.3
    """Share by which encoding may change the strength of colours."""
    tie: float = 0.005
    """Difference of correlations that tells nothing."""
    finer: tuple[int, ...] = (7, 5, 5)
    """Instants tried around the offset, ever closer."""


LIMITS = Limits()


@dataclass(frozen=True)
class Sampled:
    """A video's fingerprints, and a function that returns its frames."""

    duration: float
    instants: Sequence[float]
    vectors: NDArray[np.float32]
    frames: Frames

    @property
    def step(self) -> float:
        return self.duration / max(len(self.instants), 1)


@dataclass(frozen=True)
class Offset:
    """The second video begins `seconds` into the first, uncertain by `within`. `pairs`: frames that agree."""

    seconds: float
    within: float
    pairs: list[tuple[int, int]]


def compare(first: Sampled, second: Sampled) -> Match:
    """The verdict on two videos."""
    offset = find_offset(first, second)
    if offset is None:
        return matching.NO_MATCH
    chosen = offset.pairs[:: max(len(offset.pairs) // LIMITS.looked_at, 1)][: LIMITS.looked_at]
    instants = [second.instants[number] for _, number in chosen]
    verdicts = []
    for at, image in zip(instants, second.frames(instants), strict=True):
        if image is not None:
            picture = matching.prepare(image)
            verdicts.append((at, counterpart(first, picture, at, offset)))
    telling = [verdict for verdict in verdicts if verdict[1][1].evidence.get("change") != "too little to see"]
    agreeing = [(seconds, match) for _, (seconds, match) in telling if is_same_frame(match)]
    if not agreeing or len(agreeing) < LIMITS.agreeing * len(telling):
        return matching.NO_MATCH
    seconds = float(np.median([seconds for seconds, _ in agreeing]))
    return conclude(first, second, seconds, [match for _, match in agreeing])


def is_same_frame(match: Match) -> bool:
    """Whether two frames agree as far as frames a fraction of a second apart can: something may have moved a little."""
    if match.tier is not Tier.NONE:
        return True
    if match.evidence.get("change") in (matching.OTHER_THINGS, matching.PICTURE_OVER_IT):
        return False
    return match.similarity >= LIMITS.similarity and float(match.evidence.get("correlation", 0)) >= LIMITS.correlation


def conclude(first: Sampled, second: Sampled, seconds: float, agreeing: list[Match]) -> Match:
    """The same if both are as long and all frames match; what is missing at an end was trimmed."""
    slack = max(LIMITS.same_seconds, LIMITS.same_share * max(first.duration, second.duration))
    whole = abs(first.duration - second.duration) <= slack and abs(seconds) <= slack
    edits = [str(match.evidence["change"]) for match in agreeing if is_edited(match)]
    tier = Tier.SAME if whole and not edits else Tier.EDITED
    change = "trimmed" if not whole else (edits or [""])[0]
    similarity = float(np.mean([match.similarity for match in agreeing]))
    evidence: matching.Evidence = {"change": change, "offset": round(seconds, 2), "frames": float(len(agreeing))}
    if whole:
        evidence |= {"covers_first": 1.0, "covers_second": 1.0}
    return Match(tier, similarity, evidence)


def is_edited(match: Match) -> bool:
    """Whether more was done to a frame than encoding does, which changes tones a little and softens."""
    retoned = (
        float(match.evidence["tone_change"]) > LIMITS.retoned
        or float(match.evidence["saturation_change"]) > LIMITS.recoloured
    )
    return retoned or (match.tier is Tier.EDITED and match.evidence["change"] not in ("colours", "sharpness"))


def find_offset(first: Sampled, second: Sampled) -> Offset | None:
    """The offset that most frames agree on; None if too few of the frames in common do."""
    cosines = first.vectors @ second.vectors.T
    within = (first.step + second.step) / 2 + LIMITS.slack
    near = [(int(one), int(other)) for one, other in np.argwhere(cosines >= LIMITS.cosine)]
    best: Offset | None = None
    for one, other in sorted(near, key=lambda pair: abs(first.instants[pair[0]] - second.instants[pair[1]])):
        seconds = first.instants[one] - second.instants[other]
        pairs: dict[int, int] = {}
        for a, b in near:
            apart = abs(first.instants[a] - second.instants[b] - seconds)
            if apart <= within and (b not in pairs or cosines[a, b] > cosines[pairs[b], b]):
                pairs[b] = a
        if best is None or len(pairs) > len(best.pairs):
            best = Offset(seconds, within, sorted((a, b) for b, a in pairs.items()))
    if best is None:
        return None
    expected = [at for at in second.instants if -within <= at + best.seconds <= first.duration + within]
    whole = min(first.duration, second.duration)
    covered = len(expected) * second.step >= 0.5 * whole
    return best if covered and len(best.pairs) >= max(LIMITS.share * len(expected), 1) else None


def counterpart(first: Sampled, picture: Picture, at: float, offset: Offset) -> tuple[float, Match]:
    """The frame of the first video most similar to one of the second: its offset, and the verdict on the two."""
    target = small(Image.fromarray(picture.rgb.astype(np.uint8)))
    best: tuple[float, float, Image.Image | None] = offset.seconds, -1.0, None
    seconds, within = offset.seconds, offset.within
    for count in LIMITS.finer:
        shifts = sorted(np.linspace(-within, within, count).tolist(), key=abs)  # among equals the one that moves least
        tried = [seconds + shift for shift in shifts]
        for one, image in zip(tried, first.frames([max(at + one, 0.0) for one in tried]), strict=True):
            score = float((small(image) * target).mean()) if image else -1.0
            if score > best[1] + LIMITS.tie:
                best = one, score, image
        seconds, within = best[0], within / (count - 1) * 1.2
    if best[2] is None:
        return seconds, matching.NO_MATCH
    return seconds, matching.compare(matching.prepare(best[2]), picture)


def small(image: Image.Image) -> NDArray[np.float32]:
    """48 × 48 greys, standardised."""
    pixels = np.asarray(image.convert("L").resize((48, 48), Image.Resampling.BOX), np.float32)
    return (pixels - pixels.mean()) / max(float(pixels.std()), 1e-3)
