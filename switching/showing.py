"""What the pages of switches show, and the first step that leads there."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext

from accounts import batches, undoing
from accounts.models import User
from photos.access import photos_of
from photos.first_run import Step
from switching.keeping import all_switches
from switching.models import Switch
from switching.readers import READERS
from switching.report import from_dict, sentences, shown_lists

SECONDS = 2  # between two looks at what runs
SHOWN = 30  # switches on the page
IN_LIST = 200  # entries of a list on the page
STATES = {  # of what was not brought
    Switch.State.WAITING: _lazy("waits to be read"),
    Switch.State.READING: _lazy("is being read"),
    Switch.State.READY: _lazy("looked at, not brought"),
    Switch.State.FAILED: _lazy("could not be read"),
}


def listed(owner: User | None = None) -> list[dict[str, Any]]:
    """The last switches, or the last to one library, each with its program and how far it is."""
    rows = all_switches() if owner is None else all_switches().filter(owner=owner)
    return [{"row": row, "program": READERS[row.program].program, "said": state(row)} for row in rows[:SHOWN]]


def state(row: Switch) -> str:
    """How far a switch is, in a few words."""
    if row.activity is None:
        return str(STATES[Switch.State(row.state)])
    if row.activity.undone_at:
        return _("undone")
    if batches.is_going_on(row.activity):
        return _("is being undone") if batches.is_being_undone(row.activity) else _("is being brought")
    return pgettext("from another program", "brought")


def describe(row: Switch) -> dict[str, Any]:
    """A switch with its report, its progress, and what can be done with it."""
    report = from_dict(row.report)
    activity = row.activity
    going_on = activity is not None and batches.is_going_on(activity)
    return {
        "switch": row,
        "program": f"{READERS[row.program].program} {report.version}".strip(),
        "said": state(row),
        "sentences": sentences(report) if row.state == Switch.State.READY else [],
        "notes": report.notes,
        "lists": [(heading, count, entries[:IN_LIST]) for heading, count, entries in shown_lists(report)],
        "lost": report.lost,
        "percent": batches.percent(activity) if activity else None,
        "running": row.is_pending or going_on,
        "seconds": SECONDS,
        "can_bring": row.state == Switch.State.READY and activity is None and report.changes > 0,
        "can_discard": activity is None,
        "can_undo": activity is not None and not going_on and undoing.can_undo(activity),
    }


# --- among the first steps --------------------------------------------------------------------------------------------


def what_may_come(user: User) -> str:
    """What another program may know; empty while there is no photo that it could be told of."""
    if not photos_of(user).exists():
        return ""
    return _("If Immich, digiKam or Lightroom knows who is in your photos, you need not name anybody twice.")


def has_come_from_nowhere(user: User) -> bool:
    """Whether the user has a library, and has not brought anything yet."""
    return user.may_upload and not Switch.objects.filter(owner=user).exclude(activity=None).exists()


FIRST_STEP = Step(
    _lazy("Do you come from another program?"),
    "cloud-upload",
    _lazy("Bring what it knows"),
    "bringing:switches",
    5,
    what_may_come,
    _lazy("People, albums and tags come after the photos."),
    has_come_from_nowhere,
)
