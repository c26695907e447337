"""The history of photos in words: changes of many photos, stacks, comments."""

from collections.abc import Sequence

from django.urls import reverse

from accounts import batches
from accounts.action_kinds import ActionKind, Told
from accounts.models import Activity
from mirage.wording import counted
from photos.editing import bulk
from photos.gallery import comments, stacks
from photos.models import Comment

SHOWN = 60  # characters of a comment


def tell_changes(activities: Sequence[Activity]) -> dict[int, Told]:
    """Describe changes by photos/editing/bulk.py, with their progress."""
    return {activity.pk: told_change(activity) for activity in activities}


def told_change(activity: Activity) -> Told:
    detail = activity.detail
    words = bulk.unpack(detail["change"]).told
    percent = batches.percent(activity)
    if percent is None:
        return Told(f"{counted(detail['changed'])} {words}")
    if batches.is_being_undone(activity):
        return Told(f"{counted(detail['changed'])} {words}: being undone", "", percent)
    return Told(f"{detail['done']:,} of {counted(detail['total'])} {words}", "", percent)


def tell_plainly(activities: Sequence[Activity]) -> dict[int, Told]:
    """Describe activities by their verb alone."""
    return {activity.pk: Told(f"{activity.verb[:1].upper()}{activity.verb[1:]}") for activity in activities}


def tell_comments(activities: Sequence[Activity]) -> dict[int, Told]:
    """Describe comments: the photo's address, and the text if the comment still exists."""
    texts = dict(Comment.objects.filter(pk__in=[one.detail["comment"] for one in activities]).values_list("pk", "text"))
    verbs = {"comments.added": "Commented", "comments.edited": "Changed a comment", "comments.removed": "Removed"}
    found = {}
    for activity in activities:
        words = activity.detail.get("text") or texts.get(activity.detail["comment"], "")
        short = f": {words[:SHOWN]}…" if len(words) > SHOWN else f": {words}" if words else " on a photo"
        address = reverse("photos:photo", args=[activity.detail["photo"]])
        found[activity.pk] = Told(f"{verbs.get(activity.verb, 'Comment')}{short}", address)
    return found


CHANGES = ActionKind("Photos", tell_changes, batches=bulk.Changes())
STACKS = ActionKind("Stacks", tell_plainly, stacks.revert)
COMMENTS = ActionKind("Comments", tell_comments, comments.revert, lambda activity: activity.verb == "comments.removed")
OWN = {bulk.TARGET: CHANGES, stacks.TARGET: STACKS, "comments": COMMENTS}
