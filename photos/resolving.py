"""What owners do with groups of duplicates, and how it is taken back.

Each act is one transaction and one Activity whose detail holds what undo needs. Removed means moved to the trash.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Activity, User
from photos import keeping, merging, stacks
from photos.models import DuplicateDecision, DuplicateGroup, Photo, Stack

TARGET = "duplicates"
Status = DuplicateGroup.Status


class CannotResolve(ValueError):
    """The group is not what it was: resolved already, or its photos are gone. The message says so in words."""


@dataclass(frozen=True)
class Plan:
    """What keeping the best of a group would do: which photo stays, why, which go to the trash, bytes saved."""

    group: DuplicateGroup
    kept: Photo
    reasons: tuple[str, ...]
    removed: tuple[Photo, ...]

    @property
    def saving(self) -> int:
        return sum(photo.size for photo in self.removed)


def open_groups(owner: User, tier: str | None = None) -> QuerySet[DuplicateGroup]:
    """What waits for the owner's decision, the largest saving first."""
    groups = DuplicateGroup.objects.filter(owner=owner, status=Status.OPEN)
    groups = groups.filter(tier=tier) if tier else groups
    return groups.prefetch_related("members__photo").order_by("-saving", "-id")


def present(group: DuplicateGroup) -> list[Photo]:
    """The group's photos that are not in the trash."""
    return [member.photo for member in group.members.select_related("photo") if member.photo.trashed_at is None]


def plan(group: DuplicateGroup, order: Sequence[str] = keeping.ORDER, kept: Photo | None = None) -> Plan:
    """What keeping the suggested photo, or the one given, would do. Raises CannotResolve."""
    photos = present(group)
    if len(photos) < 2 or (kept is not None and kept not in photos):
        raise CannotResolve("Fewer than two of these photos are still here.")
    suggestion = keeping.suggest(photos, order)
    stays = kept or suggestion.photo
    reasons = suggestion.reasons if stays == suggestion.photo else ()
    return Plan(group, stays, reasons, tuple(photo for photo in photos if photo != stays))


def plans(groups: Iterable[DuplicateGroup], order: Sequence[str] = keeping.ORDER) -> list[Plan]:
    """A preview of keeping the best of many groups: exactly what `keep_best_of_all` would do with them.

    A photo that one group keeps is not removed by another, and none is removed twice.
    """
    made: list[Plan] = []
    kept: set[int] = set()
    gone: set[int] = set()
    for group in groups:
        photos = [photo for photo in present(group) if photo.pk not in gone]
        if len(photos) < 2:
            continue
        suggestion = keeping.suggest(photos, order)
        removed = tuple(photo for photo in photos if photo != suggestion.photo and photo.pk not in kept)
        kept.add(suggestion.photo.pk)
        gone.update(photo.pk for photo in removed)
        made.append(Plan(group, suggestion.photo, suggestion.reasons, removed))
    return made


# --- acts -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def keep_best(owner: User, made: Sequence[Plan], by: User, *, merge: bool = True) -> Activity:
    """Carry out plans: the kept photos get what the others know, unless `merge` is False; the others are trashed."""
    now = timezone.now()
    steps = []
    for one in made:
        lock(one.group)
        merged = merging.merge(one.kept, one.removed, now, by) if merge else {}
        removed = [photo.pk for photo in one.removed]
        Photo.objects.filter(pk__in=removed, owner=owner, trashed_at=None).update(trashed_at=now)
        set_status(one.group, Status.RESOLVED)
        step = {"group": one.group.pk, "kept": one.kept.pk, "trashed": removed, "merged": merged}
        steps.append({**step, "at": now.isoformat()})
    return note(owner, by, "kept the best of duplicates", steps)


@transaction.atomic
def keep_all(owner: User, group: DuplicateGroup, by: User) -> Activity:
    """They are different: never asked again of these, only when a new one joins."""
    lock(group)
    ids = sorted(photo.pk for photo in present(group))
    known = set(DuplicateDecision.objects.filter(first__in=ids, second__in=ids).values_list("first_id", "second_id"))
    fresh = [pair for pair in combinations(ids, 2) if pair not in known]
    verdict = DuplicateDecision.Verdict.DIFFERENT
    decisions = [DuplicateDecision(first_id=one, second_id=other, verdict=verdict, by=by) for one, other in fresh]
    DuplicateDecision.objects.bulk_create(decisions)
    set_status(group, Status.KEPT)
    return note(owner, by, "kept all of a group", [{"group": group.pk, "decided": fresh}])


@transaction.atomic
def stack(owner: User, group: DuplicateGroup, by: User) -> Activity:
    """Show them as one tile, the best on top."""
    lock(group)
    photos = present(group)
    if len(photos) < 2:
        raise CannotResolve("Fewer than two of these photos are still here.")
    before = {str(photo.pk): photo.stack_id for photo in photos}
    kind = Stack.Kind.BURST if group.tier == DuplicateGroup.Tier.BURST else Stack.Kind.DUPLICATE
    made = stacks.make(photos, keeping.suggest(photos).photo, kind)
    set_status(group, Status.RESOLVED)
    return note(owner, by, "stacked duplicates", [{"group": group.pk, "stack": made.pk, "before": before}])


@transaction.atomic
def undo(activity: Activity) -> None:
    """Take back what one of the acts did. Twice is once."""
    locked = Activity.objects.select_for_update().get(pk=activity.pk)
    if locked.undone_at is not None or locked.target_type != TARGET:
        return
    for step in reversed(locked.detail["steps"]):
        undo_step(step)
    locked.undone_at = timezone.now()
    locked.save(update_fields=["undone_at"])


def undo_step(step: dict[str, Any]) -> None:
    Photo.objects.filter(pk__in=step.get("trashed", [])).restore()
    if step.get("merged"):
        merging.unmerge(step["merged"], datetime.fromisoformat(step["at"]))
    for one, other in step.get("decided", []):
        DuplicateDecision.objects.filter(first_id=one, second_id=other).delete()
    if "stack" in step:
        Stack.objects.filter(pk=step["stack"]).delete()
        standing = set(Stack.objects.filter(pk__in=filter(None, step["before"].values())).values_list("pk", flat=True))
        for photo_id, stack_id in step["before"].items():
            Photo.objects.filter(pk=photo_id).update(stack_id=stack_id if stack_id in standing else None)
    DuplicateGroup.objects.filter(pk=step["group"]).update(status=Status.OPEN)


def lock(group: DuplicateGroup) -> None:
    """Raises CannotResolve when somebody else was faster."""
    locked = DuplicateGroup.objects.select_for_update().filter(pk=group.pk, status=Status.OPEN).first()
    if locked is None:
        raise CannotResolve("This group has been dealt with already.")


def set_status(group: DuplicateGroup, status: str) -> None:
    group.status = status
    group.save(update_fields=["status"])


def note(owner: User, by: User, verb: str, steps: list[dict[str, Any]]) -> Activity:
    return Activity.objects.create(
        owner=owner, actor=by, verb=verb, target_type=TARGET, target_id=steps[0]["group"] if steps else None,
        detail={"steps": steps},
    )  # fmt: skip
