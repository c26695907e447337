"""Dialogs with a three-state checkbox for each album or tag: all, some or none of the chosen photos have it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse

from mirage.web.answers import open_dialog
from mirage.web.htmx import HtmxHttpRequest, render_page
from photos.access import chosen_keys
from photos.models import PhotoQuerySet


def show_ticks(
    request: HtmxHttpRequest,
    templates: tuple[str, str],
    photos: PhotoQuerySet,
    things: Iterable[Any],
    counts: Mapping[int, int],
) -> HttpResponse:
    """The dialog, or a page without HTMX. `counts` maps the ids of things to numbers of photos."""
    keys = list(photos.values_list("key", flat=True))
    rows = [(thing, state_of(counts.get(thing.pk, 0), len(keys))) for thing in things]
    context = {
        "rows": rows,
        "total": len(keys),
        "left_out": len(chosen_keys(request.POST)) - len(keys),  # photos of others
        "keys": ",".join(keys),
        "next": request.POST.get("next", ""),
    }
    return open_dialog(render_page(request, *templates, context))


def state_of(count: int, total: int) -> str:
    """Whether all, some or none of the photos have it."""
    return "all" if count >= total else "some" if count else "none"
