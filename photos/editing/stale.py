"""Texts that were changed elsewhere while a form was open: in another tab, by another program."""

from collections.abc import Mapping

from media.text import clean
from photos.editing.edits import InvalidEdit
from photos.models import Photo

TEXTS = ("title", "description")


class Stale(InvalidEdit):
    """The text is no longer what the form was filled in from. `now` is what it is."""

    def __init__(self, field: str, now: str) -> None:
        super().__init__(
            f"Meanwhile the {field} was changed elsewhere. Nothing was saved: below is what it is now, "
            "and what you wrote. Save again to put yours in its place."
        )
        self.now = now


def require_fresh(photo: Photo, form: Mapping[str, str]) -> None:
    """Raises Stale where the form's `before`, the text it was filled in from, is no longer what the photo says."""
    field = form.get("field", "")
    if field not in TEXTS or "before" not in form or form.get("reset"):
        return
    now = getattr(photo, field)
    if clean(now) not in (clean(form["before"]), clean(form.get("value", ""))):
        raise Stale(field, now)
