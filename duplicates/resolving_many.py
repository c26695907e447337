"""Keeping the best of many duplicate groups, or stacking many bursts.

The preview is exact, the work is done in batches, and one undo covers all of it. It is recorded as an Activity, like a
single decision (resolving.py). Batches: accounts/batches.py.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import batches
from accounts.action_kinds import Batches
from accounts.models import Activity, User
from duplicates import resolving
from duplicates.models import DuplicateGroup
from duplicates.resolving import TARGET, CannotResolve, Plan
from photos.models import Photo

VERB = "kept the best of many duplicates"

Row = list[Any]  # group, kept photo, [removed photos], [spared photos], [stacked photos]: a plan as ids


@dataclass(frozen=True)
class Progress:
    """The progress so far. `stacked` counts groups; `left` ones changed after the preview and were skipped."""

    total: int
    done: int
    trashed: int
    saved: int
    stacked: int
    left: int
    finished: bool
    undone: bool


def rows_of(plans: Sequence[Plan]) -> list[Row]:
    return [row_of(plan) for plan in plans]


def row_of(plan: Plan) -> Row:
    others = ([photo.pk for photo in some] for some in (plan.removed, plan.spared, plan.stacked))
    return [plan.group.pk, plan.kept.pk, *others]


def digest(plans: Sequence[Plan]) -> str:
    """A digest that is equal for equal previews."""
    return hashlib.sha256(json.dumps(rows_of(plans)).encode()).hexdigest()[:24]


def make(owner: User, plans: Sequence[Plan], by: User, *, merge: bool = True) -> Activity:
    """Carry out the plans, now if there are few, else by a worker. See `progress_of`."""
    counts = {"trashed": 0, "saved": 0, "stacked": 0, "left": 0}
    activity = batches.begin(owner, by, VERB, TARGET, len(plans), todo=rows_of(plans), merge=merge, **counts)
    batches.run(activity)
    return activity


class Plans(Batches):
    """How plans are carried out and undone in batches."""

    size = 50
    at_once = 100

    def rows(self, activity: Activity) -> list[Row]:
        rows: list[Row] = activity.detail["todo"]
        return rows

    def do(self, activity: Activity, rows: Sequence[Row]) -> list[dict[str, Any]]:
        return [done for row in rows if (done := carry_out(activity, row))]

    def revert(self, activity: Activity, before: list[dict[str, Any]]) -> None:
        activity.detail["trashed"] -= sum(len(done.get("trashed", ())) for done in before)
        activity.detail["stacked"] -= sum("stack" in done for done in before)
        resolving.revert_steps(before)


def carry_out(activity: Activity, row: Row) -> dict[str, Any] | None:
    """Carry out one plan, unless its group or its photos have changed since. Returns what undo needs."""
    detail = activity.detail
    group_id, kept, *others = row
    ids = [kept, *(pk for some in others for pk in some)]
    group = DuplicateGroup.objects.filter(pk=group_id, owner=activity.owner).first()
    photos = Photo.objects.filter(owner=activity.owner).in_bulk(ids)
    try:
        if group is None or len(photos) < len(ids):
            raise CannotResolve(_("The group or one of its photos is gone."))
        plan = Plan(group, photos[kept], (), *(tuple(photos[pk] for pk in some) for some in others))
        with transaction.atomic():
            done = resolving.carry_out(plan, activity.actor or activity.owner, merge=detail["merge"])
    except CannotResolve:
        detail["left"] += 1
        return None
    trashed = done.get("trashed", ())
    detail["trashed"] += len(trashed)
    detail["saved"] += sum(photos[pk].size for pk in trashed)
    detail["stacked"] += "stack" in done
    return done


def progress_of(activity: Activity) -> Progress:
    """The progress of an action."""
    counts = {name: activity.detail[name] for name in ("total", "done", "trashed", "saved", "stacked", "left")}
    return Progress(**counts, finished=not batches.is_going_on(activity), undone=activity.undone_at is not None)
