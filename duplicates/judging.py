"""Verdicts on pairs of one owner's photos, the cheapest question first.

What the owner decided; what belongs together anyway; times, for bursts; sketches, which settle most pairs; what was
worked out before; and only then the pixels.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from accounts.models import User
from duplicates import comparing, sketching
from duplicates.comparing import Verdict
from duplicates.models import Comparison, DuplicateGroup
from photos.models import Embedding, PairDecision, Photo
from photos.vectors import unpack
from vision.copies import sketches
from vision.matching import Match
from vision.matching import Tier as Told

RULES = 2
"""Raise it when vision/matching.py tells pairs differently: what was told before is worked out again."""
BURST_COSINE = 0.5  # of fingerprints: two photos within seconds that are as near show one moment
SAID = "the owner decided"
Tier = DuplicateGroup.Tier
Pair = tuple[int, int]
Judge = Callable[[int, int], Verdict | None]  # two photos, by their ids
CouldBe = Callable[[int, int, str], bool]  # whether two photos could be of a tier to each other


@dataclass(frozen=True)
class Known:
    """What is known of a photo without opening its picture."""

    photo: Photo
    fingerprint: int  # the row's id
    vectors: NDArray[np.float32]  # one of the whole picture, one of what is within its borders
    views: list[sketches.Sketch]  # likewise; empty if they could not be drawn


def ordered(first: int, second: int) -> Pair:
    """The two in the order in which pairs are kept."""
    return min(first, second), max(first, second)


class Judging:
    """Verdicts on pairs of one owner's photos, each worked out once."""

    def __init__(self, owner: User) -> None:
        self.owner = owner
        self._comparer = comparing.Comparer()
        self._verdicts: dict[Pair, Verdict | None] = {}
        self._near: dict[Pair, bool] = {}
        self._known: dict[int, Known | None] = {}
        self._decisions: dict[Pair, str] = {}
        self._matches: dict[Pair, Match] = {}
        self._fresh: list[Comparison] = []

    def get_ready(self, pairs: Iterable[Pair]) -> None:
        """Read what is known of these pairs, all at once."""
        pairs = {pair for pair in pairs if pair not in self._near}
        self.know({one for pair in pairs for one in pair})
        for pair in pairs:
            self._near[pair] = self._is_near(*pair)

    def know(self, photo_ids: Collection[int]) -> None:
        """Read what is known of these photos, of each alone and of any two, all at once."""
        lacking = set(photo_ids) - self._known.keys()
        if not lacking:
            return
        sketching.draw_missing(lacking)
        self._read(lacking)
        every = self._known.keys()
        of_these = Q(first__in=lacking, second__in=every) | Q(first__in=every, second__in=lacking)
        for decision in PairDecision.objects.filter(of_these):
            self._decisions[decision.first_id, decision.second_id] = decision.verdict
        for told in Comparison.objects.filter(of_these, rules=RULES):
            match = Match(Told(told.tier), told.similarity, told.evidence, told.placement)
            self._matches[told.first_id, told.second_id] = match

    def is_near(self, first: int, second: int) -> bool:
        """Whether the two may be the same picture, as far as can be told without opening them."""
        pair = ordered(first, second)
        if pair not in self._near:
            self.get_ready([pair])
        return self._near[pair]

    def could_be(self, first: int, second: int, tier: str) -> bool:
        """Whether the two could be of this tier to each other, as far as times and sketches tell.

        So of twenty edits of one picture not every two are laid over each other to see that none are the same.
        """
        pair = ordered(first, second)
        if pair in self._verdicts or tier == Tier.EDITED or not self.is_near(*pair) or pair in self._decisions:
            return True
        one, other = self._known[pair[0]], self._known[pair[1]]
        if one is None or other is None or comparing.is_one_after_the_other(one.photo, other.photo):
            return tier == Tier.BURST
        if tier == Tier.BURST or not one.views or not other.views:
            return tier != Tier.BURST
        return sketches.may_be_copies(one.views[0], other.views[0])

    def photos(self, photo_ids: Iterable[int]) -> list[Photo]:
        """Those of these that are known."""
        return [known.photo for one in photo_ids if (known := self._known.get(one)) is not None]

    def __call__(self, first: int, second: int) -> Verdict | None:
        """The verdict on the two; None if they are not the same picture."""
        pair = ordered(first, second)
        if pair not in self._verdicts:
            self._verdicts[pair] = self._verdict(*pair) if self.is_near(*pair) else None
        return self._verdicts[pair]

    def remember(self) -> None:
        """Keep what the pixels said since the last time."""
        Comparison.objects.bulk_create(
            self._fresh,
            update_conflicts=True,
            unique_fields=["first", "second"],
            update_fields=[
                *("first_fingerprint", "second_fingerprint", "rules"),
                *("tier", "similarity", "evidence", "placement"),
            ],
        )
        self._fresh = []

    def _read(self, photo_ids: Collection[int]) -> None:
        rows: dict[int, list[Embedding]] = {}
        for row in sketching.fingerprints_of(photo_ids).select_related("sketch").order_by("frame"):
            rows.setdefault(row.photo_id, []).append(row)
        photos = Photo.objects.in_bulk(list(photo_ids))
        self._known |= dict.fromkeys(photo_ids)
        for photo_id in photos.keys() & rows.keys():
            known = self._known[photo_id] = known_by(photos[photo_id], rows[photo_id])
            if known.views:
                self._comparer.sketches[photo_id] = known.views[0]

    def _is_near(self, first: int, second: int) -> bool:
        decision = self._decisions.get((first, second))
        if decision is not None:
            return decision == PairDecision.Verdict.SAME
        one, other = self._known[first], self._known[second]
        if one is None or other is None:
            return False
        if one.photo.stack_id is not None and one.photo.stack_id == other.photo.stack_id:
            return False
        if (first, second) in self._matches or self._is_burst(one, other):
            return True
        if not one.views or not other.views:
            return True
        return sketches.may_be_same(one.views, other.views, cosine(one, other))

    def _is_burst(self, one: Known, other: Known) -> bool:
        """Whether times and fingerprints say so, and no pixel need be looked at."""
        together = comparing.is_one_after_the_other(one.photo, other.photo)
        return together and not one.photo.is_video and cosine(one, other) >= BURST_COSINE

    def _verdict(self, first: int, second: int) -> Verdict | None:
        one, other = self._known[first], self._known[second]
        if one is None or other is None:
            return None
        if self._is_burst(one, other):
            return Verdict(Tier.BURST, cosine(one, other))
        match = self._matches.get((first, second))
        if match is None:
            match = self._comparer.match(one.photo, other.photo)
            if match is not None:
                self._fresh.append(comparison(one, other, match))
        verdict = None if match is None else comparing.verdict_of(one.photo, other.photo, match)
        if verdict is None and (first, second) in self._decisions:
            return Verdict(Tier.SAME, 1.0, {"change": "", "how": SAID})
        return verdict


def known_by(photo: Photo, rows: Sequence[Embedding]) -> Known:
    """What the rows of its fingerprints say about a photo."""
    drawn = [row.sketch.data for row in rows if hasattr(row, "sketch")]
    views = [sketches.read(bytes(data)) for data in drawn] if len(drawn) == len(rows) else []
    return Known(photo, rows[0].pk, np.stack([unpack(bytes(row.vector)) for row in rows]), views)


def comparison(one: Known, other: Known, match: Match) -> Comparison:
    """What is kept of a match, which holds no evidence if there is none to show."""
    told = match.tier != Told.NONE
    return Comparison(
        first=one.photo,
        second=other.photo,
        first_fingerprint_id=one.fingerprint,
        second_fingerprint_id=other.fingerprint,
        rules=RULES,
        tier=match.tier.value,
        similarity=match.similarity,
        evidence=match.evidence if told else {},
        placement=match.placement if told else [],
    )


def cosine(one: Known, other: Known) -> float:
    """The nearest that two fingerprints of both come."""
    return float((one.vectors @ other.vectors.T).max())
