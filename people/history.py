"""The history of people in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from accounts.action_kinds import ActionKind, Told
from accounts.models import Activity
from people.models import Person
from people.review import asking

UNNAMED = "somebody without a name"


def sentence(activity: Activity) -> str:
    """What was done, in words, and which faces no longer fitted."""
    given_up = what_was_given_up(activity)
    return f"{_deed(activity)}. {given_up}" if given_up else _deed(activity)


def what_was_given_up(*activities: Activity) -> str:
    """How many faces no longer fitted their person after these actions, as a sentence; "" for none."""
    match sum(activity.detail.get("given_up", 0) for activity in activities):
        case 0:
            return ""
        case 1:
            return "1 face no longer fits and has no person now."
        case count:
            return f"{count:,} faces no longer fit and have no person now."


def _deed(activity: Activity) -> str:
    detail: Mapping[str, Any] = activity.detail
    name = detail.get("name") or UNNAMED
    faces = "1 face" if detail.get("count", 1) == 1 else f"{detail['count']:,} faces"
    match activity.verb.removeprefix("people."):
        case "name":
            return _named(detail)
        case "merge":
            return f"Merged {_together(detail.get('names', []))}"
        case "separate":
            return f"Marked {_together(detail.get('names', []))} as different people"
        case "split":
            return f"Split {faces} off as {name}"
        case "hide" | "show" as verb:
            people = "1 person" if detail.get("count") == 1 else f"{detail.get('count', 0):,} people"
            return f"Hid {people}" if verb == "hide" else f"Showed {people} again"
        case "birthday":
            return "Changed a birthday"
        case "cover":
            return "Changed the cover"
        case "confirm":
            return f"Confirmed {faces} as {name}"
        case "reject":
            return f"Marked {faces} as not {name}"
        case "move":
            return f"Moved {faces} to {name}" if detail.get("name") else f"Removed {faces} from their person"
        case "not_a_face":
            return f"Marked {faces} as not a face"
        case "draw":
            return "Drew a face" + (f" of {name}" if detail.get("name") else "")
        case "move_box":
            return "Moved the box of a face"
        case "undo":
            undone = str(detail.get("undoes", "")).removeprefix("people.").replace("_", " ")
            return f"Undid: {undone}"
        case other:
            return other.replace("_", " ").capitalize()


def _named(detail: Mapping[str, Any]) -> str:
    name, was = detail.get("name"), detail.get("was")
    if not name:
        return f"Removed the name {was}"
    return f"Renamed {was} to {name}" if was else f"Named {name}"


def _together(names: list[str]) -> str:
    known = [name for name in names if name]
    rest = len(names) - len(known)
    if rest:
        known.append(UNNAMED if rest == 1 else f"{rest} without a name")
    return " and ".join([", ".join(known[:-1]), known[-1]] if len(known) > 1 else known)


def about(actions: QuerySet[Activity], person: Person) -> QuerySet[Activity]:
    """Those of the actions that changed the person."""
    changed = Q(detail__change__people__has_key=str(person.pk))
    return actions.filter(Q(target_type="person", target_id=person.pk) | changed)


def tell(activities: Sequence[Activity]) -> dict[int, Told]:
    """Each action in words."""
    return {activity.pk: Told(sentence(activity)) for activity in activities}


PEOPLE = ActionKind("People", tell, asking.revert, lambda activity: activity.detail.get("change") is not None)
