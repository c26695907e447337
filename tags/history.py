"""Descriptions of the actions on tags, for the history."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

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
    name = activity.detail.get("name") or (after[1] if after else "")
    said = {"name": name or _("without a name"), "new": after[1] if after else "", "others": len(rows) - 1}
    said["verb"] = verb = activity.verb.removeprefix("tags.")
    sentence = sentence_for(verb, said) % said
    return Told(sentence, reverse("tags:tag", args=[there[0]]) if len(there) == 1 else "")


def sentence_for(verb: str, said: Mapping[str, Any]) -> str:
    """The sentence about an action, with places for what is said in it."""
    match verb:
        case "added":
            return _("Made the tag %(name)s")
        case "renamed" if said["new"]:
            return _("Renamed the tag %(name)s to %(new)s")
        case "renamed":
            return _("Renamed the tag %(name)s")
        case "coloured":
            return _("Coloured the tag %(name)s")
        case "moved":
            return _("Moved the tag %(name)s")
        case "merged":
            return _("Merged the tag %(name)s into another")
        case "deleted" if said["others"] > 0:
            return ngettext(
                "Deleted the tag %(name)s and %(others)s below it",
                "Deleted the tag %(name)s and %(others)s below it",
                said["others"],
            )
        case "deleted":
            return _("Deleted the tag %(name)s")
        case _:
            return _("Changed the tag %(name)s (%(verb)s)")


# Adding tags to photos and removing them are changes of photos.
TAGS = ActionKind(
    _lazy("Tags"),
    tell,
    tree.revert,
    lambda activity: "tags" in activity.detail,
    also=("refused a tag", keywords.ChangeKeywords.verb, keywords.ResetKeywords.verb),
)
