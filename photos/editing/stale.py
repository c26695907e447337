"""Refusing an edit of what was changed elsewhere while the form was open, such as in another tab."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from mirage.web.stale import as_text, differs
from photos.editing import renditions
from photos.editing.edits import InvalidEdit
from photos.models import Photo


class Stale(InvalidEdit):
    """The field has changed since the form was opened. `now` is its current text."""

    def __init__(self, field: str, now: str) -> None:
        words = {
            "title": _("The title was changed elsewhere in the meantime, so nothing was saved."),
            "description": _("The description was changed elsewhere in the meantime, so nothing was saved."),
            "taken": _("The date was changed elsewhere in the meantime, so nothing was saved."),
            "position": _("The place was changed elsewhere in the meantime, so nothing was saved."),
            "picture_edit": _("The picture was changed elsewhere in the meantime, so nothing was saved."),
        }
        below = _("What it says now and what you wrote are below. Save again to replace it with yours.")
        super().__init__(f"{words[field]} {below}")
        self.now = now


def require_fresh(photo: Photo, form: Mapping[str, str]) -> None:
    """Raises Stale if the photo's field is no longer the form's `before`, its text when the form was opened."""
    field = form.get("field", "")
    if "before" not in form or form.get("reset") or field not in shown_in_forms(photo):
        return
    now = shown_in_forms(photo)[field]
    if differs(now, form["before"], written(field, form)):
        raise Stale(field, now)


def shown_in_forms(photo: Photo) -> dict[str, str]:
    """What the forms of the panel hold, by field, each in one text."""
    at = "" if photo.latitude is None else f"{photo.latitude:.6f}, {photo.longitude:.6f}"
    return {
        "title": as_text(photo.title),
        "description": as_text(photo.description),
        "taken": f"{photo.taken_local:%Y-%m-%d %H:%M:%S}, {photo.taken_precision}",
        "position": at,
        "picture_edit": f"{renditions.key_of(photo)}-{photo.turn}",
    }


def written(field: str, form: Mapping[str, str]) -> str:
    """The same of what the form now says."""
    if field == "taken":
        return f"{form.get('date', '')} {form.get('time', '')}, {form.get('known') or 'time'}"
    if field == "picture_edit":
        return form.get("edit", "")
    if field == "position":
        return ", ".join(text for text in (form.get("latitude"), form.get("longitude")) if text)
    return form.get("value", "")
