"""Reading the forms of the info panel and of the dialog for many photos. The result is a change of photos.

The form's `field` selects the reader. Other apps add their own, such as tags for keywords.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from accounts.models import User
from mirage.registry import Registry
from photos.access import photos_of
from photos.editing import edits
from photos.editing.bulk import Change
from photos.editing.edits import InvalidEdit

Reader = Callable[[User, Mapping[str, str]], Change]
READERS: Registry[Reader] = Registry("form reader")
SPAN = re.compile(r"([+-]?)\s*(\d{1,7}):([0-5]\d)(?::([0-5]\d))?")
OFFSET = re.compile(r"(?:UTC)?\s*([+-])(\d{1,2})(?::?([0-5]\d))?")
EDIT_CHOICES = (  # for the dialog for many photos
    ("taken", _lazy("Date")), ("shift", _lazy("Shift time")), ("zone", _lazy("Time zone")),
    ("position", _lazy("Place")), ("title", _lazy("Title")), ("description", _lazy("Description")),
    ("rating", _lazy("Rating")), ("keywords", _lazy("Tags")), ("copy", _lazy("Copy from")),
    ("reset", pgettext_lazy("verb", "Reset")), ("files", _lazy("Write into files")),
)  # fmt: skip


def change_of(user: User, form: Mapping[str, str]) -> Change:
    """The change that a form asks for. Raises InvalidEdit, which tells the user what is wrong."""
    if form.get("reset") in edits.RESETTABLE:
        return edits.reset([form["reset"]])
    reader = READERS.get(form.get("field", ""))
    if reader is None:
        raise InvalidEdit(_("Choose what to change."))
    return reader(user, form)


def read_words(user: User, form: Mapping[str, str]) -> Change:
    """Title or description."""
    return edits.set_words(**{form["field"]: form.get("value", "")})


def read_rating(user: User, form: Mapping[str, str]) -> Change:
    """0 to 5, -1 for rejected, empty for no rating."""
    value = form.get("value", "")
    try:
        return edits.set_words(rating=int(value) if value else None)
    except ValueError as error:
        raise InvalidEdit(str(error) if isinstance(error, InvalidEdit) else _("A rating must be a number.")) from error


def read_time(user: User, form: Mapping[str, str]) -> Change:
    """Local date and time, how much of it is known, and perhaps the time zone."""
    try:
        local = datetime.fromisoformat(f"{form.get('date', '')}T{form.get('time') or '12:00'}")
    except ValueError as error:
        raise InvalidEdit(_("Give a date and a time.")) from error
    zone, known = form.get("zone", "").strip(), form.get("known") or "time"
    if not zone:
        return edits.set_time(local, precision=known)
    offset = edits.offset_in(normal_zone(zone), local)
    if offset is None:
        raise InvalidEdit(_("%(zone)s is not a time zone.") % {"zone": zone})
    return edits.set_time(local, offset, known)


def read_shift(user: User, form: Mapping[str, str]) -> Change:
    """h:mm or h:mm:ss, forward or back."""
    match = SPAN.fullmatch(form.get("by", "").strip())
    if not match:
        raise InvalidEdit(_("Say by how many hours and minutes, such as 1:07 or -0:30."))
    sign, hours, minutes, seconds = match.groups()
    by = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds or 0))
    return edits.shift_time(-by if sign == "-" else by)


def read_zone(user: User, form: Mapping[str, str]) -> Change:
    """A time zone by name or offset."""
    return edits.set_zone(normal_zone(form.get("zone", "")), keep=form.get("keep", "wall"))


def normal_zone(text: str) -> str:
    """+02:00 for UTC+2 and the like. Anything else stays as it is."""
    match = OFFSET.fullmatch(text.strip().replace("−", "-"))
    return f"{match[1]}{int(match[2]):02}:{match[3] or '00'}" if match else text.strip()


def read_position(user: User, form: Mapping[str, str]) -> Change:
    """Latitude and longitude, both empty for no position."""
    latitude, longitude = form.get("latitude", "").strip(), form.get("longitude", "").strip()
    if not latitude and not longitude:
        return edits.clear_place()
    try:
        return edits.set_place(float(latitude), float(longitude))
    except ValueError as error:
        words = _("Latitude and longitude must be numbers, such as 38.7167 and -9.1333.")
        raise InvalidEdit(str(error) if isinstance(error, InvalidEdit) else words) from error


def read_copy(user: User, form: Mapping[str, str]) -> Change:
    """Copy a field, or date and place, from another photo."""
    what = form.get("what", "")
    source = photos_of(user).filter(key=form.get("from", "").strip().rstrip("/").rpartition("/")[2]).first()
    if source is None:
        raise InvalidEdit(
            _("There is no such photo in your library. Give the photo's address as the browser shows it.")
        )
    return edits.copy_from(source, [what] if what else ["taken", "position"])


def read_turn(user: User, form: Mapping[str, str]) -> Change:
    """left, right, round or mirror."""
    return edits.turn(form.get("way", ""))


def read_reset(user: User, form: Mapping[str, str]) -> Change:
    """Reset one field or all to what the files say."""
    return edits.reset([form["what"]]) if form.get("what") else edits.reset()


OWN: dict[str, Reader] = {
    "title": read_words,
    "description": read_words,
    "rating": read_rating,
    "taken": read_time,
    "shift": read_shift,
    "zone": read_zone,
    "position": read_position,
    "copy": read_copy,
    "reset": read_reset,
    "turn": read_turn,
}
