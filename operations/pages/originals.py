"""What the page shows about where originals are stored: the template, examples, and a move that goes on."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from media import storage_template
from mirage.changeable import TABLE, Wrong
from photos.storage import rearranging

SECONDS = 2
NAME = "MIRAGE_STORAGE_TEMPLATE"
WORDS = {
    "owner": _lazy("whose library it is; always first"),
    "yyyy": _lazy("year, also {yy}, {mm}, {dd}, {hh}, {min}, {ss}: when it was taken"),
    "name": _lazy("the name that the file came with"),
    "album": _lazy("the first album that it is in"),
    "camera": _lazy("make and model"),
    "kind": _lazy("photos or videos"),
    "folder": _lazy("the folders that it came from"),
    "place": _lazy("the town, and {country}"),
}
PROPOSED = (
    "{owner}/{yyyy}/{mm}/{name}",
    "{owner}/{yyyy}/{yyyy}-{mm}-{dd}/{name}",
    "{owner}/{album|yyyy}/{name}",
    "{owner}/{folder|yyyy}/{name}",
    "{owner}/{camera|kind}/{yyyy}/{yyyy}{mm}{dd}_{hh}{min}{ss}",
)


def describe(user: User, typed: str | None = None) -> dict[str, Any]:
    """The template that is typed, or else the current one, what would come of it, and how far a move is."""
    error, pattern = "", settings.MIRAGE_STORAGE_TEMPLATE if typed is None else typed.strip()
    context: dict[str, Any] = {"words": WORDS, "proposed": PROPOSED, "template": pattern, **progress()}
    try:
        TABLE[NAME].read(pattern)
    except Wrong as reason:
        error = str(reason)
    else:
        context["examples"] = rearranging.examples(user, pattern)
        context["moving"], context["examined"] = rearranging.to_move(pattern)
        context["late"] = bool(storage_template.LATE & storage_template.words_in(pattern))
    looked = pattern != settings.MIRAGE_STORAGE_TEMPLATE
    return {**context, "error": error, "looked": looked, "max": rearranging.EXAMINED}


def progress() -> dict[str, Any]:
    """How far a move is."""
    return {"move": rearranging.latest(), "seconds": SECONDS}


def begin() -> str:
    rearranging.ask()
    return _("Originals are being moved.")


def stop() -> str:
    rearranging.stop()
    return _("The move ends after the file that is being moved. What is moved stays moved.")


ACTIONS: dict[str, Callable[[], str]] = {"move": begin, "stop": stop}
