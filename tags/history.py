"""Descriptions of the actions on tags, for the history."""

from collections.abc import Sequence

from django.urls import reverse

from accounts.action_kinds import ActionKind, Told
from accounts.models import Activity
from tags import keywords, tree
from tags.models import Tag


def tell(activities: Sequence[Activity]) -> dict[int, Told]:
    """Describe each action, with the tag's address if it changed a single tag that still exists."""
    changed = {activity.pk: [row[0] for row in activity.detail.get("tags", [])] for activity in activities}
    there = set(Tag.objects.filter(pk__in={pk for ids in changed.values() for pk in ids}).values_list("pk", flat=True))
    return {activity.pk: told(activity, [pk for pk in changed[activity.pk] if pk in there]) for activity in activities}


def told(activity: Activity, there: Sequence[int]) -> Told:
    """Describe an action. `there` are the changed tags that still exist."""
    rows = activity.detail.get("tags", [])
    after = next((row[2] for row in rows if row[2]), None)
    name = activity.detail.get("name") or (after[1] if after else "a tag")
    match activity.verb.removeprefix("tags."):
        case "added":
            sentence = f"Made the tag {name}"
        case "renamed":
            sentence = f"Renamed the tag {name}" + (f" to {after[1]}" if after else "")
        case "coloured":
            sentence = f"Coloured the tag {name}"
        case "moved":
            sentence = f"Moved the tag {name}"
        case "merged":
            sentence = f"Merged the tag {name} into another"
        case "deleted":
            others = len(rows) - 1
            below = f" and {others} below it" if others > 0 else ""
            sentence = f"Deleted the tag {name}{below}"
        case other:
            sentence = f"Changed the tag {name} ({other})"
    return Told(sentence, reverse("tags:tag", args=[there[0]]) if len(there) == 1 else "")


# Adding tags to photos and removing them are changes of photos.
TAGS = ActionKind(
    "Tags",
    tell,
    tree.revert,
    lambda activity: "tags" in activity.detail,
    also=("refused a tag", keywords.ChangeKeywords.verb, keywords.ResetKeywords.verb),
)
