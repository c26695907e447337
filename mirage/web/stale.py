"""Forms whose values were changed elsewhere while they were open, such as in another tab or by another user.

A form holds what it showed when it was opened, by {% before "name" album.name %}. The view reads the form through
`fresh(request.POST, {"name": album.name})`: a value that only others changed stays theirs, and one that both changed is
refused. The answer shows both texts, and a button that saves the user's after all.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _lazy

from mirage.refusals import NotPossible
from mirage.web.answers import next_page, open_dialog
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.wording import Words

PREFIX = "before-"  # of the field that holds what another showed when the form was opened
CHANGED_ELSEWHERE = _lazy("This was changed elsewhere in the meantime, so nothing was saved.")

LABELS: dict[str, Words] = {  # of fields that many forms have
    "name": _lazy("Name"),
    "title": _lazy("Title"),
    "description": _lazy("Description"),
}


@dataclass(frozen=True)
class Conflict:
    """A field that both changed: its current text, and what the user wrote."""

    field: str
    label: str
    now: str
    wrote: str


class Stale(NotPossible):
    """Others changed what the user changed too."""

    def __init__(self, conflicts: list[Conflict]) -> None:
        super().__init__(str(CHANGED_ELSEWHERE))
        self.conflicts = conflicts


def as_text(value: object) -> str:
    """The value as a form holds it: in normal form C, with \\n for line ends, which browsers send as \\r\\n."""
    if isinstance(value, bool):
        return "yes" if value else ""
    text = "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text).strip()


def differs(now: object, before: object, wrote: object) -> bool:
    """Whether a value is neither what the form showed nor what the user wants it to be."""
    return as_text(now) not in (as_text(before), as_text(wrote))


def fresh(form: QueryDict, now: Mapping[str, object], labels: Mapping[str, Words] | None = None) -> dict[str, str]:
    """The form with the current value of each field that only others changed. Raises Stale for those both changed.

    Fields of which the form does not say what it showed, as programs send them, stay as they are.
    """
    merged, conflicts = {name: str(form[name]) for name in form}, []
    for field, value in now.items():
        before = form.get(PREFIX + field)
        wrote = field in form if isinstance(value, bool) else form.get(field)
        if before is None or wrote is None or not differs(value, before, wrote):
            continue
        if as_text(wrote) == as_text(before):
            put(merged, field, value)
        else:
            label = {**LABELS, **(labels or {})}.get(field, field.replace("_", " ").capitalize())
            conflicts.append(Conflict(field, str(label), as_text(value), as_text(wrote)))
    if conflicts:
        raise Stale(conflicts)
    return merged


def put(form: dict[str, str], field: str, value: object) -> None:
    """Set a field; a box that is not ticked is not there."""
    if value is False:
        form.pop(field, None)
    else:
        form[field] = as_text(value)


def show_both(request: HtmxHttpRequest, stale: Stale) -> HttpResponse:
    """A dialog or page with both texts. Its form is the one that was refused, and knows the current text."""
    known = {PREFIX + conflict.field: conflict.now for conflict in stale.conflicts}
    sent = [(name, text) for name, texts in request.POST.lists() for text in texts if name not in known]
    context: dict[str, Any] = {
        "stale": stale,
        "address": request.get_full_path(),
        "target": f"#{request.htmx.target}" if request.htmx and request.htmx.target else "",
        "fields": [pair for pair in sent if pair[0] != "csrfmiddlewaretoken"] + list(known.items()),
        "page": page_of(request),
    }
    return open_dialog(render_page(request, "includes/stale.html", "includes/_stale.html", context, status=422))


def page_of(request: HtmxHttpRequest) -> str:
    """The page that the form is on, to be shown as it is now."""
    shown = request.htmx.current_url_abs_path if request.htmx else None
    return shown or next_page(request)
