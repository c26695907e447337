"""What owners do with duplicate groups, and its undo.

Each action is one transaction and one Activity whose detail holds what undo needs. Removed means moved to the trash.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Activity, User
from duplicates import keeping, merging
from duplicates.models import DuplicateGroup, DuplicateMember
from mirage.wording import Words
from photos.gallery.stacking import stacks
from photos.models import PairDecision, Photo, Stack

TARGET = "duplicates"
BEST, ALL, STACKED = "kept the best of duplicates", "kept all of a group", "stacked duplicates"
Status = DuplicateGroup.Status


class CannotResolve(ValueError):
    """The group has changed: it is resolved already, or its photos are gone. The message says so in words."""


@dataclass(frozen=True)
class Plan:
    """What keeping the best of a group would do: which photo stays, why, which go to the trash, bytes saved.

    The kept photo takes over what the removed ones have; `spared` ones stay beside it. `stacked` ones are shown under
    it as one tile: this is for bursts, whose photos are all different.
    """

    group: DuplicateGroup
    kept: Photo
    reasons: tuple[Words, ...]
    removed: tuple[Photo, ...] = ()
    spared: tuple[Photo, ...] = ()
    stacked: tuple[Photo, ...] = ()

    @property
    def saving(self) -> int:
        return sum(photo.size for photo in self.removed)


def open_groups(owner: User, tier: str | None = None) -> QuerySet[DuplicateGroup]:
    """Groups that wait for the owner's decision, the largest saving first: those with at least two photos present."""
    groups = DuplicateGroup.objects.filter(owner=owner, status=Status.OPEN)
    groups = groups.filter(tier=tier) if tier else groups
    here = Count("members", filter=Q(members__photo__trashed_at=None))
    members = DuplicateMember.objects.select_related("photo__stack")
    groups = groups.alias(here=here).filter(here__gte=2).order_by("-saving", "-id")
    return groups.prefetch_related(Prefetch("members", members))


def present(group: DuplicateGroup) -> list[Photo]:
    """The group's photos that are not in the trash."""
    return [member.photo for member in group.members.all() if member.photo.trashed_at is None]


def framed(group: DuplicateGroup) -> set[int]:
    """The ids of its photos that show another one of them on a screen or in a border."""
    return {member.evidence["framed"] for member in group.members.all() if "framed" in member.evidence}


def plan(group: DuplicateGroup, order: Sequence[str] = keeping.ORDER, kept: Sequence[Photo] = ()) -> Plan:
    """The plan for keeping the suggested photo, or the given ones; a burst is stacked instead. Raises CannotResolve."""
    photos = present(group)
    if len(photos) < 2 or any(photo not in photos for photo in kept):
        raise CannotResolve(_("Fewer than two of these photos are still here."))
    if not kept:
        return suggested(group, photos, order)
    best = keeping.suggest(kept, order, framed(group)).photo
    spared = tuple(photo for photo in photos if photo in kept and photo != best)
    return Plan(group, best, (), tuple(photo for photo in photos if photo not in kept), spared)


def suggested(
    group: DuplicateGroup, photos: Sequence[Photo], order: Sequence[str], needed: Container[int] = ()
) -> Plan:
    """The suggested plan for these photos of a group. Those with ids in `needed` are not removed."""
    return plan_of_burst(group, photos, order) if is_burst(group) else plan_of_copies(group, photos, order, needed)


def is_burst(group: DuplicateGroup) -> bool:
    return group.tier == DuplicateGroup.Tier.BURST


def plan_of_copies(
    group: DuplicateGroup, photos: Sequence[Photo], order: Sequence[str], needed: Container[int]
) -> Plan:
    """Keep the best of these. Halves of pairs and the ids in `needed` are spared."""
    suggestion = keeping.suggest(photos, order, framed(group))
    others = [photo for photo in photos if photo != suggestion.photo]
    removed = tuple(photo for photo in others if photo.pk not in needed and not keeping.is_paired(photo))
    spared = tuple(photo for photo in others if photo not in removed)
    return Plan(group, suggestion.photo, suggestion.reasons, removed, spared)


def plan_of_burst(group: DuplicateGroup, photos: Sequence[Photo], order: Sequence[str]) -> Plan:
    """Stack a burst. Photos in a stack stay there, and videos are not stacked."""
    free = [photo for photo in photos if photo.stack_id is None and not photo.is_video]
    free = free if len(free) > 1 else []
    suggestion = keeping.suggest(free or photos, order, framed(group))
    others = [photo for photo in photos if photo != suggestion.photo]
    stacked = tuple(photo for photo in others if photo in free)
    spared = tuple(photo for photo in others if photo not in stacked)
    return Plan(group, suggestion.photo, suggestion.reasons, spared=spared, stacked=stacked)


def plans(groups: Iterable[DuplicateGroup], order: Sequence[str] = keeping.ORDER) -> list[Plan]:
    """A preview of keeping the best of many groups: exactly what `keep_best` would do with them.

    A photo that one group keeps is not removed by another, and none is removed or stacked twice. Groups with nothing to
    do are left out.
    """
    made: list[Plan] = []
    kept: set[int] = set()
    gone: set[int] = set()
    for group in groups:
        photos = [photo for photo in present(group) if photo.pk not in gone]
        if is_burst(group):
            photos = [photo for photo in photos if photo.pk not in kept]
        if len(photos) < 2:
            continue
        one = suggested(group, photos, order, kept)
        if not one.removed and not one.stacked:
            continue
        kept.add(one.kept.pk)
        gone.update(photo.pk for photo in (*one.removed, *one.stacked))
        made.append(one)
    return made


# --- actions ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def keep_best(owner: User, made: Sequence[Plan], by: User, *, merge: bool = True) -> Activity:
    """Carry out plans: the others are trashed; unless `merge` is False, kept photos take over what they have."""
    verb = STACKED if made and all(one.stacked for one in made) else BEST
    return note(owner, by, verb, [carry_out(one, by, merge=merge) for one in made])


def carry_out(one: Plan, by: User, *, merge: bool = True) -> dict[str, Any]:
    """Carry out one plan in the caller's transaction. Returns what undo needs. Raises CannotResolve if outdated."""
    if one.stacked:
        return carry_out_stacking(one, by)
    now = timezone.now()
    lock(one.group)
    staying = Photo.objects.select_for_update().filter(pk=one.kept.pk).present()
    if not staying.exists():
        raise CannotResolve(_("The photo to keep is in the trash."))
    merged = merging.merge(one.kept, one.removed, now, by) if merge and one.removed else {}
    here = Photo.objects.filter(pk__in=[photo.pk for photo in one.removed], owner=one.group.owner_id).present()
    removed = sorted(here.values_list("pk", flat=True))
    Photo.objects.filter(pk__in=removed).trash(now)
    decided = PairDecision.objects.decide_different([one.kept.pk, *(photo.pk for photo in one.spared)], by)
    set_status(one.group, Status.RESOLVED)
    return {
        "group": one.group.pk, "kept": one.kept.pk, "trashed": removed, "merged": merged, "decided": decided,
        "at": now.isoformat(),
    }  # fmt: skip


def carry_out_stacking(one: Plan, by: User) -> dict[str, Any]:
    """Stack the photos of a plan that are still present and in no stack. Raises CannotResolve."""
    lock(one.group)
    planned = [one.kept.pk, *(photo.pk for photo in one.stacked)]
    photos = list(Photo.objects.filter(pk__in=planned, owner=one.group.owner_id, stack=None).present())
    if one.kept not in photos or len(photos) < 2:
        raise CannotResolve(_("These photos are in other stacks, or in the trash."))
    decided = PairDecision.objects.decide_different([one.kept.pk, *(photo.pk for photo in one.spared)], by)
    return stack_photos(one.group, photos, one.kept) | {"decided": decided}


def stack_photos(group: DuplicateGroup, photos: Sequence[Photo], cover: Photo) -> dict[str, Any]:
    """Stack photos of a group, which resolves it. Returns what undo needs."""
    before = {str(photo.pk): photo.stack_id for photo in photos}
    kind = Stack.Kind.BURST if is_burst(group) else Stack.Kind.DUPLICATE
    made = stacks.make(photos, cover, kind)
    set_status(group, Status.RESOLVED)
    return {"group": group.pk, "stack": made.pk, "before": before}


@transaction.atomic
def keep_all(owner: User, group: DuplicateGroup, by: User) -> Activity:
    """Record that they are different: these are not asked about again unless a new photo joins."""
    lock(group)
    decided = PairDecision.objects.decide_different([photo.pk for photo in present(group)], by)
    set_status(group, Status.KEPT)
    return note(owner, by, ALL, [{"group": group.pk, "decided": decided}])


@transaction.atomic
def stack(owner: User, group: DuplicateGroup, by: User) -> Activity:
    """Show them as one tile, the best photo on top."""
    lock(group)
    photos = present(group)
    if len(photos) < 2:
        raise CannotResolve(_("Fewer than two of these photos are still here."))
    cover = keeping.suggest(photos, keeping.order_of(owner), framed(group)).photo
    return note(owner, by, STACKED, [stack_photos(group, photos, cover)])


def revert(activity: Activity, by: User) -> None:
    """Undo one of these actions."""
    revert_steps(activity.detail["steps"])


def revert_steps(steps: Sequence[dict[str, Any]]) -> None:
    """Undo what was done to several groups, the last first."""
    for step in reversed(steps):
        Photo.objects.filter(pk__in=step.get("trashed", [])).restore()
        if step.get("merged"):
            merging.unmerge(step["merged"], datetime.fromisoformat(step["at"]))
        PairDecision.objects.forget(step.get("decided", []))
        if "stack" in step:
            stacks.put_back(step["before"], made=step["stack"])
        DuplicateGroup.objects.filter(pk=step["group"]).update(status=Status.OPEN)


def lock(group: DuplicateGroup) -> None:
    """Lock the group. Raises CannotResolve if somebody else was faster."""
    locked = DuplicateGroup.objects.select_for_update().filter(pk=group.pk, status=Status.OPEN).first()
    if locked is None:
        raise CannotResolve(_("This group is resolved already."))


def set_status(group: DuplicateGroup, status: str) -> None:
    group.status = status
    group.save(update_fields=["status"])


def note(owner: User, by: User, verb: str, steps: list[dict[str, Any]]) -> Activity:
    return Activity.objects.create(
        owner=owner, actor=by, verb=verb, target_type=TARGET, target_id=steps[0]["group"] if steps else None,
        detail={"steps": steps},
    )  # fmt: skip
