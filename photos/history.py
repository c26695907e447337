"""What was done with photos, in words: changes of many, stacks, comments."""

from collections.abc import Sequence

from django.urls import reverse

from accounts import batches
from accounts.action_kinds import ActionKind, Told
from accounts.models import Activity
from mirage.wording import counted
from photos.editing import bulk
from photos.gallery import comments, stacks
from photos.models import Comment

# --- changes of many --------------------------------------------------------------------------------------------------


def tell_changes(activities: Sequence[Activity]) -> dict[int, Told]:
    """Changes of photos/editing/bulk.py, with how far they are."""
    return {activity.pk: told_change(activity) for activity in activities}


def told_change(activity: Activity) -> Told:
    """In words; while it goes on, how many photos of how many."""
    detail = activity.detail
    words = bulk.unpack(detail["change"]).told
    going_on = batches.percent(activity)
    if going_on is None:
        return Told(f"{counted(detail['changed'])} {words}")
    if batches.is_being_undone(activity):
        return Told(f"{counted(detail['changed'])} {words}: being taken back", "", going_on)
    return Told(f"{detail['done']:,} of {counted(detail['total'])} {words}", "", going_on)


# --- stacks --------------------------------------------------------------------------------------------


def tell_plainly(activities: Sequence[Activity]) -> dict[int, Told]:
    """Those whose verb says it all."""
    return {activity.pk: Told(f"{activity.verb[:1].upper()}{activity.verb[1:]}") for activity in activities}


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


# --- all of them ------------------------------------------------------------------------------------------------------

CHANGES = ActionKind("Photos", tell_changes, batches=bulk.Changes())
STACKS = ActionKind("Stacks", tell_plainly, stacks.revert)
COMMENTS = ActionKind("Comments", tell_comments, comments.revert, can_undo_comment)
