"""Actions on thousands of rows: done batch by batch, each whole or not at all, and taken back in the same way.

The Activity of such an action holds what is to be done, how far it is, and what undo needs. Its row is locked for each
batch, so that none is done twice. After a kill any process can go on with the next one.
"""

import base64
import json
import zlib
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.action_kinds import ACTION_KINDS, Batches
from accounts.models import Activity, User
from mirage.runtime.queues import enqueue

JOB = "accounts.batches.carry_on"


def begin(owner: User, by: User | None, verb: str, kind: str, total: int, **detail: Any) -> Activity:
    """Write down what is to be done to `total` rows; `run` does it."""
    state = {"total": total, "done": 0, "before": [], "finished": not total, "undoing": False}
    return Activity.objects.create(owner=owner, actor=by, verb=verb, target_type=kind, detail={**state, **detail})


def run(activity: Activity) -> None:
    """Do what is left, or take back what was done: now if it is little, else by a worker."""
    detail, batches = activity.detail, batches_of(activity)
    rows = len(detail["before"]) * batches.size if detail["undoing"] else detail["total"] - detail["done"]
    if rows > batches.at_once and enqueue("io", JOB, activity.pk):
        return
    carry_on(activity.pk)
    activity.refresh_from_db()


def carry_on(activity_id: int) -> None:
    """Do what is left, or take back what was done, to the end."""
    while step(activity_id):
        pass


def step(activity_id: int) -> bool:
    """Do the next batch, or take the last one back, in one transaction. Whether there is more."""
    with transaction.atomic():
        activity = Activity.objects.locked(activity_id)
        if not is_going_on(activity):
            return False
        if is_turning_back(activity):
            take_back(activity)
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


def take_back(activity: Activity) -> None:
    """Take the last batch back."""
    before = activity.detail["before"]
    if before:
        batches_of(activity).revert(activity, expand(before.pop()))
    if not before:
        activity.mark_undone()


def resume_unfinished() -> int:
    """Let workers go on with what a kill has interrupted. How many actions were handed to one."""
    kinds = [name for name, kind in ACTION_KINDS.items() if kind.batches]
    unfinished = Q(detail__finished=False) | Q(detail__undoing=True)
    stopped = Activity.objects.filter(unfinished, target_type__in=kinds, undone_at=None)
    return sum(enqueue("io", JOB, activity.pk) for activity in stopped.only("pk"))


# --- how far it is ----------------------------------------------------------------------------------------------------


def batches_of(activity: Activity) -> Batches:
    """How the actions of its kind are done."""
    batches = ACTION_KINDS[activity.kind].batches
    assert batches is not None
    return batches


def is_batched(activity: Activity) -> bool:
    """Whether it is such an action."""
    return "undoing" in activity.detail


def is_turning_back(activity: Activity) -> bool:
    """Whether it is being taken back, or was."""
    return bool(activity.detail.get("undoing"))


def is_going_on(activity: Activity) -> bool:
    """Whether something is left to be done, or to be taken back."""
    return activity.undone_at is None and (is_turning_back(activity) or not activity.detail["finished"])


def can_turn_back(activity: Activity) -> bool:
    """Whether there is something to take back, or to stop."""
    return not is_turning_back(activity) and bool(activity.detail["before"] or not activity.detail["finished"])


def turn_back(activity: Activity) -> None:
    """Let the next steps take it back, also where it is not through yet. `run` it afterwards."""
    activity.detail["undoing"] = True
    activity.save(update_fields=["detail"])


def percent(activity: Activity) -> int | None:
    """How far it is while it goes on, of 100."""
    if not is_going_on(activity):
        return None
    detail = activity.detail
    if is_turning_back(activity):
        left = min(len(detail["before"]) * batches_of(activity).size, detail["done"])
        return 100 - 100 * left // (detail["done"] or 1)
    return 100 * detail["done"] // detail["total"]


# --- what is kept -----------------------------------------------------------------------------------------------------


def compact(value: Any) -> str:
    """JSON, compressed, as text: the old titles of ten thousand photos take less than a picture."""
    return base64.b64encode(zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 6)).decode()


def expand(text: str) -> Any:
    """What was compacted."""
    return json.loads(zlib.decompress(base64.b64decode(text)))
