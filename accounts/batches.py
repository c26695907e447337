"""Actions on thousands of rows: done and undone batch by batch, each batch in one transaction.

The Activity of such an action says what to do, how far it is, and what undo needs. Its row is locked for each batch, so
that no batch is done twice. After a kill, any process can continue with the next batch.
"""

import base64
import json
import zlib
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.action_kinds import ACTION_KINDS, Batches
from accounts.models import Activity, ActivityQuerySet, User
from mirage.runtime.queues import enqueue

JOB = "accounts.batches.carry_on"


def begin(owner: User, by: User | None, verb: str, kind: str, total: int, **detail: Any) -> Activity:
    """Record an action on `total` rows; `run` does it."""
    state = {"total": total, "done": 0, "before": [], "finished": not total, "undoing": False}
    return Activity.objects.create(owner=owner, actor=by, verb=verb, target_type=kind, detail={**state, **detail})


def run(activity: Activity) -> None:
    """Do the rest, or undo what was done: now if there are few rows, otherwise on a worker."""
    detail, batches = activity.detail, batches_of(activity)
    rows = len(detail["before"]) * batches.size if detail["undoing"] else detail["total"] - detail["done"]
    if rows > batches.at_once and enqueue("io", JOB, activity.pk):
        return
    carry_on(activity.pk)
    activity.refresh_from_db()


def carry_on(activity_id: int) -> None:
    """Do the rest, or undo what was done, to the end."""
    while step(activity_id):
        pass


def step(activity_id: int) -> bool:
    """Do the next batch, or undo the last one, in one transaction. Returns whether there is more."""
    with transaction.atomic():
        activity = Activity.objects.locked(activity_id)
        if not is_going_on(activity):
            return False
        if is_being_undone(activity):
            undo_last(activity)
        else:
            do(activity)
        activity.save(update_fields=["detail"])
    return is_going_on(activity)


def do(activity: Activity) -> None:
    """Do the next batch."""
    detail, batches = activity.detail, batches_of(activity)
    rows = batches.rows(activity)[detail["done"] : detail["done"] + batches.size]
    if before := batches.do(activity, rows):
        detail["before"].append(compact(before))
    detail["done"] += len(rows)
    detail["finished"] = detail["done"] >= detail["total"]


def undo_last(activity: Activity) -> None:
    """Undo the last batch."""
    before = activity.detail["before"]
    if before:
        batches_of(activity).revert(activity, expand(before.pop()))
    if not before:
        activity.mark_undone()


def resume_unfinished() -> int:
    """Let workers continue the actions that a kill has interrupted. Returns how many."""
    return sum(enqueue("io", JOB, activity.pk) for activity in unfinished().only("pk"))


def unfinished() -> ActivityQuerySet:
    """The actions of which something is left to do or to undo."""
    kinds = [name for name, kind in ACTION_KINDS.items() if kind.batches]
    going_on = Q(detail__finished=False) | Q(detail__undoing=True)
    return Activity.objects.filter(going_on, target_type__in=kinds, undone_at=None)


def batches_of(activity: Activity) -> Batches:
    """How to do actions of this kind."""
    batches = ACTION_KINDS[activity.kind].batches
    assert batches is not None
    return batches


def is_batched(activity: Activity) -> bool:
    """Whether the action is done in batches."""
    return "undoing" in activity.detail


def is_being_undone(activity: Activity) -> bool:
    """Whether the action is being undone, or was undone."""
    return bool(activity.detail.get("undoing"))


def is_going_on(activity: Activity) -> bool:
    """Whether something is left to do or to undo."""
    return activity.undone_at is None and (is_being_undone(activity) or not activity.detail["finished"])


def can_be_undone(activity: Activity) -> bool:
    """Whether there is something to undo or to stop."""
    return not is_being_undone(activity) and bool(activity.detail["before"] or not activity.detail["finished"])


def start_undo(activity: Activity) -> None:
    """Let the next steps undo the action, even if it has not finished. Call `run` afterwards."""
    activity.detail["undoing"] = True
    activity.save(update_fields=["detail"])


def percent(activity: Activity) -> int | None:
    """Its progress while it is running."""
    if not is_going_on(activity):
        return None
    detail = activity.detail
    if is_being_undone(activity):
        left = min(len(detail["before"]) * batches_of(activity).size, detail["done"])
        return 100 - 100 * left // (detail["done"] or 1)
    return 100 * detail["done"] // detail["total"]


def compact(value: Any) -> str:
    """Compressed JSON as text: the old titles of ten thousand photos take less space than one picture."""
    return base64.b64encode(zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 6)).decode()


def expand(text: str) -> Any:
    """The value that `compact` packed."""
    return json.loads(zlib.decompress(base64.b64decode(text)))
