"""Duplicates: candidates by fingerprint, verdicts by pixels, groups by verdicts.

Every member of a group matches the group's best photo, and copies match one another too: nothing is joined through a
third photo. Each pair is compared once, by the photo whose run comes later. What the owner decided about two photos
(PairDecision) is kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from duplicates import comparing, keeping
from duplicates.comparing import Verdict
from duplicates.judging import SAID, CouldBe, Judge, Judging, Pair
from duplicates.models import Comparison, DuplicateGroup, DuplicateMember
from photos import pipeline, vectors
from photos.gallery.stacking import stacks
from photos.models import Embedding, Photo, PhotoQuerySet, StageRun
from vision.fingerprints import KIND, MODEL

STAGE = "duplicates"
NEIGHBOURS = 32
LEAST_COSINE = 0.36  # of fingerprints: copies lie above it (screenshots lowest), pictures of other things reach 0.26
Tier = DuplicateGroup.Tier
TIERS = (Tier.SAME, Tier.EDITED, Tier.BURST)
JUDGED = (Tier.EDITED, Tier.SAME, Tier.BURST)  # edits first: what is judged for them may turn out to be the same
Status = DuplicateGroup.Status
_COVERS = ("covers_first", "covers_second")


@dataclass(frozen=True)
class Candidate:
    """Two photos that may be the same picture, and the cosine of their fingerprints."""

    first: int
    second: int
    cosine: float


def run(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `duplicates`: compare these photos with the rest of their owner's library."""
    check(photo_ids)
    vectors.refresh_if_due(KIND)
    return {}


def check(photo_ids: Sequence[int]) -> int:
    """Compare these photos with their owners' libraries and bring the groups up to date. How many pairs were linked."""
    stacks.stack(photo_ids)
    matches = 0
    for owner in User.objects.filter(photos__in=photo_ids).distinct():
        mine = Photo.objects.filter(owner=owner, id__in=photo_ids).present()
        judge = Judging(owner)
        found = candidates(owner, list(mine.values_list("id", flat=True)))
        nearest = [(pair.first, pair.second) for pair in sorted(found, key=lambda pair: -pair.cosine)]
        judge.get_ready(nearest)
        linked = links(best_first(nearest, judge, keeping.order_of(owner)), judge)
        regroup(owner, linked, judge)
        judge.remember()
        matches += len(linked)
    return matches


def best_first(pairs: Sequence[Pair], judge: Judging, order: Sequence[str]) -> list[Pair]:
    """The pairs in the order of the better photo of each: groups form around it, and ask for its pairs anyway."""
    ranked = keeping.ranked(judge.photos({one for pair in pairs for one in pair}), order)
    places = {photo.pk: place for place, photo in enumerate(ranked)}
    return sorted(pairs, key=lambda pair: min(places.get(one, len(places)) for one in pair))


def links(pairs: Iterable[Pair], judge: Judge) -> list[Pair]:
    """Those that match, less those whose photos earlier ones link already: `form_groups` asks what it needs of them."""
    parts = Parts()
    return [pair for pair in pairs if not parts.are_together(*pair) and judge(*pair) and parts.join(*pair)]


def candidates(owner: User, photo_ids: Sequence[int]) -> list[Candidate]:
    """Pairs of these photos and others of the owner with similar fingerprints, each pair once.

    Without pairs that the other photo will compare itself, because its run is still to come.
    """
    rows = Embedding.objects.filter(kind=KIND, model=MODEL, photo__owner=owner, photo__trashed_at=None)
    wanted = list(rows.filter(photo_id__in=photo_ids).values_list("photo_id", "vector", "photo__kind"))
    if not wanted:
        return []
    queries = np.stack([vectors.unpack(vector) for _, vector, _ in wanted])
    answers = vectors.search(KIND, queries, NEIGHBOURS, within=rows, least=LEAST_COSINE)
    photo_of = {hit.id: 0 for answer in answers for hit in answer}
    kind_of: dict[int, str] = {}
    for row_id, photo_id, kind in rows.filter(id__in=photo_of).values_list("id", "photo_id", "photo__kind"):
        photo_of[row_id], kind_of[photo_id] = photo_id, kind
    pairs: dict[tuple[int, int], float] = {}
    for (photo_id, _, kind), answer in zip(wanted, answers, strict=True):
        for hit in answer:
            other = photo_of[hit.id]
            if other not in (0, photo_id) and kind_of[other] == kind:
                pair = min(photo_id, other), max(photo_id, other)
                pairs[pair] = max(pairs.get(pair, -1.0), hit.similarity)
    later = set(
        StageRun.objects.filter(
            stage=STAGE, status=StageRun.Status.WAITING, photo_id__in={one for pair in pairs for one in pair}
        ).values_list("photo_id", flat=True)
    )
    return [
        Candidate(first, second, cosine)
        for (first, second), cosine in pairs.items()
        if not later.intersection((first, second)).difference(photo_ids)
    ]


def start_again(photos: PhotoQuerySet, groups: QuerySet[DuplicateGroup]) -> None:
    """Compare all of these photos again. Open groups are deleted; decisions stay."""
    with transaction.atomic():
        groups.filter(status=Status.OPEN).delete()
        Comparison.objects.filter(first__in=photos).delete()
        pipeline.retry(StageRun.objects.filter(stage=STAGE, photo__in=photos))


# --- groups -----------------------------------------------------------------------------------------------------------


def regroup(owner: User, pairs: Sequence[Pair], judge: Judging) -> None:
    """Form the groups around these pairs again, tier by tier."""
    if not pairs:
        return
    order = keeping.order_of(owner)
    photos, old = around(owner, pairs)
    judge.know([photo.pk for photo in photos])
    for part, tier in product(parted(photos, pairs, old.values()), JUDGED):
        form_groups(part, tier, judge, order, judge.could_be)  # so that the transaction finds all verdicts made
    judge.remember()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # one at a time
        photos, old = around(owner, pairs)
        together = parted(photos, pairs, old.values())
        for tier in TIERS:
            formed = [group for part in together for group in form_groups(part, tier, judge, order, judge.could_be)]
            save_groups(owner, tier, formed, {group: ids for group, ids in old.items() if group.tier == tier})


def parted(photos: Sequence[Photo], pairs: Iterable[Pair], groups: Iterable[set[int]]) -> list[list[Photo]]:
    """The photos in parts that no pair and no group links: what lies in different parts need not be compared."""
    parts = Parts()
    found: dict[int, list[Photo]] = {}
    for one, other in [*pairs, *((min(ids), one) for ids in groups for one in ids)]:
        parts.join(one, other)
    for photo in photos:
        found.setdefault(parts.name_of(photo.pk), []).append(photo)
    return list(found.values())


class Parts:
    """What is linked, directly or through others, is together."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def name_of(self, one: int) -> int:
        while (above := self._above.get(one, one)) != one:
            self._above[one] = self._above.get(above, above)
            one = above
        return one

    def are_together(self, one: int, other: int) -> bool:
        return self.name_of(one) == self.name_of(other)

    def join(self, one: int, other: int) -> bool:
        """Link the two; always true."""
        self._above[self.name_of(one)] = self.name_of(other)
        return True


def around(owner: User, pairs: Iterable[Pair]) -> tuple[list[Photo], dict[DuplicateGroup, set[int]]]:
    """The photos of these pairs and all that share an open group with them; and those groups with their photos' ids."""
    photo_ids = {one for pair in pairs for one in pair}
    open_groups = DuplicateGroup.objects.filter(owner=owner, status=Status.OPEN)
    touched = open_groups.filter(members__photo__in=photo_ids).distinct().prefetch_related("members")
    old = {group: {member.photo_id for member in group.members.all()} for group in touched}
    ids = photo_ids.union(*old.values())
    return list(Photo.objects.filter(id__in=ids, owner=owner).present().order_by("pk")), old


def form_groups(
    photos: Sequence[Photo],
    tier: str,
    judge: Judge,
    order: Sequence[str] = keeping.ORDER,
    could_be: CouldBe = lambda first, second, tier: True,
) -> list[list[tuple[Photo, Verdict | None]]]:
    """Groups of one tier: the best photo, without a verdict, and all that match it; then the same with the rest.

    Photos that match the best one but not each other form groups of their own with it, such as two crops that share
    nothing. Pairs that could not be of the tier are not judged.
    """
    left = keeping.ranked(photos, order)
    groups = []
    demoted: set[int] = set()
    while len(left) > 1:
        best, *others = left
        verdicts = {
            photo.pk: judge(best.pk, photo.pk) if could_be(best.pk, photo.pk, tier) else None for photo in others
        }
        matching = [photo for photo in others if is_of(verdicts[photo.pk], tier)]
        bare = next((photo for photo in matching if is_framed(best, verdicts[photo.pk])), None)
        if bare is not None and best.pk not in demoted:  # the picture itself is better than a view of it
            demoted.add(best.pk)
            left = [bare, *(photo for photo in left if photo != bare and photo != best), best]
            continue
        for camp in camps(matching, verdicts, judge):
            groups.append([(best, None), *((photo, verdicts[photo.pk]) for photo in camp)])
        left = [photo for photo in others if photo not in matching]
    return groups


def camps(photos: Sequence[Photo], verdicts: Mapping[int, Verdict | None], judge: Judge) -> list[list[Photo]]:
    """Photos that match one photo, by `verdicts`, divided so that within each part all match each other."""
    found: list[list[Photo]] = []
    for photo in photos:
        for camp in found:
            if all(
                match_anyway(verdicts[photo.pk], verdicts[one.pk]) or is_copy(judge(photo.pk, one.pk)) for one in camp
            ):
                camp.append(photo)
                break
        else:
            found.append([photo])
    return found


def match_anyway(one: Verdict | None, other: Verdict | None) -> bool:
    """Whether two photos that match a third, by these verdicts, need no comparison.

    A whole copy of a picture matches every part of it. Photos of a burst need not match, nor what the owner joined.
    """
    if one is None or other is None:
        return False
    exempt = [verdict.tier == Tier.BURST or verdict.evidence.get("how") == SAID for verdict in (one, other)]
    wholes = [is_whole(verdict) for verdict in (one, other)]
    return all(map(max, exempt, wholes)) or (any(wholes) and not any(exempt))


def is_whole(verdict: Verdict) -> bool:
    """Whether all of both pictures agrees. Under lettering something is hidden, which may be all that a crop shows."""
    if verdict.evidence.get("change") == "lettering":
        return False
    return min(verdict.evidence.get(name, 0) for name in _COVERS) >= comparing.WHOLE


def is_copy(verdict: Verdict | None) -> bool:
    return is_of(verdict, Tier.SAME) or is_of(verdict, Tier.EDITED)


def is_of(verdict: Verdict | None, tier: str) -> bool:
    return verdict is not None and verdict.tier == tier


def is_framed(photo: Photo, verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.evidence.get("framed") == photo.pk


def save_groups(
    owner: User,
    tier: str,
    formed: Iterable[list[tuple[Photo, Verdict | None]]],
    old: dict[DuplicateGroup, set[int]],
) -> None:
    """Save the groups, in the rows of the old ones that they continue. Other old groups are deleted."""
    for members in formed:
        ids = {photo.pk for photo, _ in members}
        group = max(old, key=lambda group: len(old[group] & ids), default=None)
        if group is None or not old[group] & ids:
            group = DuplicateGroup.objects.create(owner=owner, tier=tier)
        else:
            del old[group]
        group.saving = sum(photo.size for photo, _ in members[1:])
        group.save(update_fields=["saving"])
        group.members.all().delete()
        DuplicateMember.objects.bulk_create(
            DuplicateMember(
                group=group,
                photo=photo,
                role=DuplicateMember.Role.COPY if verdict else DuplicateMember.Role.BEST,
                similarity=verdict.similarity if verdict else 1.0,
                evidence=verdict.evidence if verdict else {},
            )
            for photo, verdict in members
        )
    DuplicateGroup.objects.filter(id__in=[group.pk for group in old]).delete()
