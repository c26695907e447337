"""The history of people in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext, pgettext_lazy

from accounts.action_kinds import ActionKind, Told
from accounts.models import Activity
from mirage.wording import listed, number_in_words
from people.models import Person
from people.review import asking

# Translators: stands inside a sentence, instead of a name
UNNAMED = _lazy("somebody without a name")


def sentence(activity: Activity) -> str:
    """What was done, in words, and which faces no longer fitted."""
    given_up = what_was_given_up(activity)
    return f"{_deed(activity)}. {given_up}" if given_up else _deed(activity)


def what_was_given_up(*activities: Activity) -> str:
    """How many faces no longer fitted their person after these actions, as a sentence; "" for none."""
    count = sum(activity.detail.get("given_up", 0) for activity in activities)
    sentence = ngettext(
        "%(number)s face no longer fits and has no person now.",
        "%(number)s faces no longer fit and have no person now.",
        count,
    )
    return sentence % {"number": number_in_words(count)} if count else ""


def _deed(activity: Activity) -> str:
    detail: Mapping[str, Any] = activity.detail
    match activity.verb.removeprefix("people."):
        case "name":
            return _named(detail)
        case "merge":
            return _("Merged %(names)s") % {"names": _together(detail.get("names", []))}
        case "separate":
            return _("Marked %(names)s as different people") % {"names": _together(detail.get("names", []))}
        case "hide" | "show" as verb:
            return _of_people(verb, detail.get("count", 0))
        case "split" | "confirm" | "reject" | "move" | "not_a_face" as verb:
            return _of_faces(verb, detail.get("count", 1), detail.get("name", ""))
        case "draw":
            name = detail.get("name")
            return _("Drew a face of %(name)s") % {"name": name} if name else _("Drew a face")
        case "undo":
            undone = str(detail.get("undoes", "")).removeprefix("people.")
            return _("Undid: %(action)s") % {"action": str(UNDONE.get(undone, undone.replace("_", " ")))}
        case other:
            return str(ALONE.get(other, other.replace("_", " ").capitalize()))


ALONE = {
    "birthday": _lazy("Changed a birthday"),
    "cover": _lazy("Changed the cover"),
    "move_box": _lazy("Moved the box of a face"),
}
UNDONE = {
    "name": pgettext_lazy("an action that was undone", "name"),
    "merge": pgettext_lazy("an action that was undone", "merge"),
    "separate": pgettext_lazy("an action that was undone", "separate"),
    "split": pgettext_lazy("an action that was undone", "split"),
    "hide": pgettext_lazy("an action that was undone", "hide"),
    "show": pgettext_lazy("an action that was undone", "show"),
    "birthday": pgettext_lazy("an action that was undone", "birthday"),
    "cover": pgettext_lazy("an action that was undone", "cover"),
    "confirm": pgettext_lazy("an action that was undone", "confirm"),
    "reject": pgettext_lazy("an action that was undone", "reject"),
    "move": pgettext_lazy("an action that was undone", "move"),
    "not_a_face": pgettext_lazy("an action that was undone", "not a face"),
    "draw": pgettext_lazy("an action that was undone", "draw"),
    "move_box": pgettext_lazy("an action that was undone", "move box"),
    "undo": pgettext_lazy("an action that was undone", "undo"),
}


def _of_people(verb: str, count: int) -> str:
    sentence = (
        ngettext("Hid %(number)s person", "Hid %(number)s people", count)
        if verb == "hide"
        else ngettext("Showed %(number)s person again", "Showed %(number)s people again", count)
    )
    return sentence % {"number": number_in_words(count)}


def _of_faces(verb: str, count: int, name: str) -> str:
    """What was done with some faces, and with whom."""
    match verb:
        case "split":
            text = ngettext("Split %(number)s face off as %(name)s", "Split %(number)s faces off as %(name)s", count)
        case "confirm":
            text = ngettext("Confirmed %(number)s face as %(name)s", "Confirmed %(number)s faces as %(name)s", count)
        case "reject":
            text = ngettext("Marked %(number)s face as not %(name)s", "Marked %(number)s faces as not %(name)s", count)
        case "not_a_face":
            text = ngettext("Marked %(number)s face as not a face", "Marked %(number)s faces as not a face", count)
        case _ if name:
            text = ngettext("Moved %(number)s face to %(name)s", "Moved %(number)s faces to %(name)s", count)
        case _:
            text = ngettext(
                "Removed %(number)s face from their person", "Removed %(number)s faces from their person", count
            )
    return text % {"number": number_in_words(count), "name": name or UNNAMED}


def _named(detail: Mapping[str, Any]) -> str:
    name, was = detail.get("name"), detail.get("was")
    if not name:
        return _("Removed the name %(name)s") % {"name": was}
    return _("Renamed %(old)s to %(new)s") % {"old": was, "new": name} if was else _("Named %(name)s") % {"name": name}


def _together(names: list[str]) -> str:
    known = [name for name in names if name]
    rest = len(names) - len(known)
    if rest:
        several = ngettext("%(number)s without a name", "%(number)s without a name", rest) % {"number": rest}
        known.append(str(UNNAMED) if rest == 1 else several)
    if len(known) < 2:
        return "".join(known)
    # Translators: names are one or several with commas between, last is the last one
    return _("%(names)s and %(last)s") % {"names": listed(known[:-1]), "last": known[-1]}


def about(actions: QuerySet[Activity], person: Person) -> QuerySet[Activity]:
    """Those of the actions that changed the person."""
    changed = Q(detail__change__people__has_key=str(person.pk))
    return actions.filter(Q(target_type="person", target_id=person.pk) | changed)


def tell(activities: Sequence[Activity]) -> dict[int, Told]:
    """Each action in words."""
    return {activity.pk: Told(sentence(activity)) for activity in activities}


PEOPLE = ActionKind(_lazy("People"), tell, asking.revert, lambda activity: activity.detail.get("change") is not None)
