"""Refusing an edit of a text that was changed elsewhere while the form was open, such as in another tab."""

from collections.abc import Mapping

from media.text import clean
from photos.editing.edits import InvalidEdit
from photos.models import Photo

TEXTS = ("title", "description")


class Stale(InvalidEdit):
    """The text has changed since the form was opened. `now` is the current text."""

    def __init__(self, field: str, now: str) -> None:
        super().__init__(
            f"The {field} was changed elsewhere in the meantime, so nothing was saved. Its current text and "
            "yours are below. Save again to replace it with yours."
        )
        self.now = now


def require_fresh(photo: Photo, form: Mapping[str, str]) -> None:
    """Raises Stale if the photo's text is no longer the form's `before`, the text when the form was opened."""
    field = form.get("field", "")
    if field not in TEXTS or "before" not in form or form.get("reset"):
        return
    now = getattr(photo, field)
    if clean(now) not in (clean(form["before"]), clean(form.get("value", ""))):
        raise Stale(field, now)
