"""Reads keywords from forms, for photos/editing/form_readers.py."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from accounts.models import User
from photos.editing.bulk import Change
from photos.editing.edits import InvalidEdit
from tags import keywords


def read_keywords(user: User, form: Mapping[str, str]) -> Change:
    """Keywords to `add` and to `remove`, separated by commas; with `reset` the keywords of the files."""
    if "reset" in form:
        return keywords.ResetKeywords()
    add, remove = (form.get(name, "").split(",") for name in ("add", "remove"))
    change = keywords.change_keywords(add, remove)
    if not change.add and not change.remove:
        raise InvalidEdit(_("Say which keywords to add or to remove."))
    return change
