"""What was done with photos, in words: changes of many, stacks, comments."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from accounts.history import Telling, Told, register
from accounts.models import Activity, User
from mirage.wording import counted
from photos.editing import bulk
from photos.gallery import comments, stacks
from photos.models import Comment


def percent(done: int, total: int) -> int:
    return 100 * done // (total or 1)


# --- changes of many --------------------------------------------------------------------------------------------------


def tell_changes(activities: Sequence[Activity]) -> dict[int, Told]:
    """Changes of photos/editing/bulk.py, with how far they are."""
    return {activity.pk: told_change(activity) for activity in activities}


def told_change(activity: Activity) -> Told:
    """In words; while it goes on, how many photos of how many."""
    detail = activity.detail
    words = bulk.unpack(detail["change"]).told
    if detail["undoing"] and activity.undone_at is None:
        left = min(len(detail["before"]) * bulk.BATCH, detail["changed"])
        return Told(
            f"{counted(detail['changed'])} {words}: being taken back",
            "",
            percent(detail["changed"] - left, detail["changed"]),
        )
    if not detail["finished"]:
        sentence = f"{detail['done']:,} of {counted(detail['total'])} {words}"
        return Told(sentence, "", percent(detail["done"], detail["total"]))
    return Told(f"{counted(detail['changed'])} {words}")


def can_undo_change(activity: Activity) -> bool:
    return bool(activity.detail["changed"] and not activity.detail["undoing"])


def undo_change(activity: Activity, user: User) -> Any:
    return bulk.undo(activity)


# --- stacks --------------------------------------------------------------------------------------------


def tell_plainly(activities: Sequence[Activity]) -> dict[int, Told]:
    """Those whose verb says it all."""
    return {activity.pk: Told(f"{activity.verb[:1].upper()}{activity.verb[1:]}") for activity in activities}


def undo_stack(activity: Activity, user: User) -> Any:
    return stacks.undo(activity)


# --- comments ---------------------------------------------------------------------------------------------------------

SHOWN = 60  # characters of a comment


def tell_comments(activities: Sequence[Activity]) -> dict[int, Told]:
    """With the photo's address, and the words of a comment that is still there."""
    texts = dict(Comment.objects.filter(pk__in=[one.detail["comment"] for one in activities]).values_list("pk", "text"))
    verbs = {"comments.added": "Commented", "comments.edited": "Changed a comment", "comments.removed": "Removed"}
    found = {}
    for activity in activities:
        words = activity.detail.get("text") or texts.get(activity.detail["comment"], "")
        short = f": {words[:SHOWN]}…" if len(words) > SHOWN else f": {words}" if words else " on a photo"
        address = reverse("photos:photo", args=[activity.detail["photo"]])
        found[activity.pk] = Told(f"{verbs.get(activity.verb, 'Comment')}{short}", address)
    return found


def can_undo_comment(activity: Activity) -> bool:
    return activity.verb == "comments.removed"


def undo_comment(activity: Activity, user: User) -> Any:
    return comments.undo_removal(activity)


# --- all of them ------------------------------------------------------------------------------------------------------


def register_all() -> None:
    """Make them known to the history."""
    register(bulk.TARGET, Telling("Photos", tell_changes, undo_change, can_undo_change))
    register(stacks.TARGET, Telling("Stacks", tell_plainly, undo_stack, lambda activity: True))
    register("comments", Telling("Comments", tell_comments, undo_comment, can_undo_comment, (comments.NotAllowed,)))
