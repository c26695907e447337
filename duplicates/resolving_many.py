"""Keeping the best of many groups of duplicates at once: previewed exactly, done batch by batch, taken back as one.

A run is kept as an Activity like a single decision (resolving.py). Whoever finds it unfinished, after a kill or
in another process, goes on with the next batch; the row's lock lets nobody do one twice.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Activity, User
from duplicates import resolving
from duplicates.models import DuplicateGroup
from duplicates.resolving import TARGET, CannotResolve, Plan
from photos.editing import bulk
from photos.models import Photo

BATCH = 50  # groups
AT_ONCE = 100  # groups within a request's patience; more are a job
VERB = "kept the best of many duplicates"

Row = list[Any]  # group, kept photo, [removed photos], [spared photos]: a plan as ids


@dataclass(frozen=True)
class Progress:
    """How far a run is. `left` groups were changed since the preview, and left alone."""

    total: int
    done: int
    trashed: int
    saved: int
    left: int
    finished: bool
    undone: bool


def rows_of(plans: Sequence[Plan]) -> list[Row]:
    return [[plan.group.pk, plan.kept.pk, [p.pk for p in plan.removed], [p.pk for p in plan.spared]] for plan in plans]


def digest(plans: Sequence[Plan]) -> str:
    """What tells whether two previews are the same."""
    return hashlib.sha256(json.dumps(rows_of(plans)).encode()).hexdigest()[:24]


def make(owner: User, plans: Sequence[Plan], by: User, *, merge: bool = True) -> Activity:
    """Carry out the plans: now if they are few, else by a worker. See `progress_of`."""
    detail = {
        "todo": rows_of(plans), "steps": [], "total": len(plans), "merge": merge, "left": 0, "saved": 0,
        "finished": not plans, "undoing": False,
    }  # fmt: skip
    activity = Activity.objects.create(owner=owner, actor=by, verb=VERB, target_type=TARGET, detail=detail)
    if len(plans) > AT_ONCE and bulk.hand_over("duplicates.resolving_many.carry_on", activity.pk):
        return activity
    carry_on(activity.pk)
    activity.refresh_from_db()
    return activity


def is_run(activity: Activity) -> bool:
    """Whether the activity is one of these."""
    return activity.target_type == TARGET and "todo" in activity.detail


def carry_on(activity_id: int) -> None:
    """Do what is left of a run, or of taking it back."""
    while step(activity_id):
        pass


def step(activity_id: int) -> bool:
    """One batch, in one transaction. Whether more is to be done."""
    with transaction.atomic():
        activity = Activity.objects.select_for_update(of=("self",)).select_related("actor", "owner").get(pk=activity_id)
        detail = activity.detail
        if detail["undoing"]:
            return step_back(activity)
        batch, detail["todo"] = detail["todo"][:BATCH], detail["todo"][BATCH:]
        for row in batch:
            do(row, activity)
        detail["finished"] = not detail["todo"]
        activity.save(update_fields=["detail"])
    return not detail["finished"]


def do(row: Row, activity: Activity) -> None:
    """Carry out one plan, unless its group or its photos have changed since."""
    detail = activity.detail
    group_id, kept, removed, spared = row
    group = DuplicateGroup.objects.filter(pk=group_id, owner=activity.owner).first()
    photos = Photo.objects.filter(owner=activity.owner).in_bulk([kept, *removed, *spared])
    if group is None or len(photos) < 1 + len(removed) + len(spared):
        detail["left"] += 1
        return
    plan = Plan(group, photos[kept], (), tuple(photos[one] for one in removed), tuple(photos[one] for one in spared))
    try:
        with transaction.atomic():
            done = resolving.carry_out(plan, activity.actor or activity.owner, merge=detail["merge"])
    except CannotResolve:
        detail["left"] += 1
        return
    detail["steps"].append(done)
    detail["saved"] += sum(photos[one].size for one in done["trashed"])


def step_back(activity: Activity) -> bool:
    """Take one batch back, the last first. Whether more is to be taken back."""
    detail = activity.detail
    batch, detail["steps"] = detail["steps"][-BATCH:], detail["steps"][:-BATCH]
    for done in reversed(batch):
        resolving.undo_step(done)
    if not detail["steps"] and activity.undone_at is None:
        activity.undone_at, detail["finished"], detail["todo"] = timezone.now(), True, []
    activity.save(update_fields=["detail", "undone_at"])
    return bool(detail["steps"])


def undo(activity: Activity) -> Activity:
    """Take a run back, also one that is not through yet."""
    with transaction.atomic():
        locked = Activity.objects.select_for_update().get(pk=activity.pk)
        locked.detail["undoing"] = True
        locked.save(update_fields=["detail"])
    few = len(locked.detail["steps"]) <= AT_ONCE
    if few or not bulk.hand_over("duplicates.resolving_many.carry_on", activity.pk):
        carry_on(activity.pk)
    activity.refresh_from_db()
    return activity


def progress_of(activity: Activity) -> Progress:
    """How far it is."""
    detail = activity.detail
    return Progress(
        total=detail["total"],
        done=detail["total"] - len(detail["todo"]),
        trashed=sum(len(done["trashed"]) for done in detail["steps"]),
        saved=detail["saved"],
        left=detail["left"],
        finished=detail["finished"] and not (detail["undoing"] and activity.undone_at is None),
        undone=activity.undone_at is not None,
    )


def resume_unfinished() -> int:
    """Go on with runs that a kill has interrupted. How many there were."""
    stopped = Activity.objects.filter(target_type=TARGET, verb=VERB, undone_at=None, detail__finished=False)
    ids = list(stopped.values_list("pk", flat=True))
    for activity_id in ids:
        bulk.hand_over("duplicates.resolving_many.carry_on", activity_id)
    return len(ids)
