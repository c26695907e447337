"""Pages of lists: the part of a list that the address asks for, and its template context."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse

from mirage.web.htmx import HtmxHttpRequest, render_page
from photos.access import visible_photo_or_404
from photos.editing.form_readers import EDIT_CHOICES
from photos.gallery.timeline import Page, Timeline
from photos.models import Photo

TILES = "photos/gallery/_page.html"
KEYS_LIMIT = 20_000  # of one selection


def page_context(
    request: HtmxHttpRequest, timeline: Timeline, *, page: Page | None = None, tiles: str = TILES
) -> dict[str, Any]:
    """The context for the template of a list.

    `page` is the part of the list to show, by default the one that the address asks for. `tiles` is the template of a
    part. Raises Http404 if the address asks for a place that does not exist.
    """
    return {
        "listing": timeline.listing,
        "page": page_asked_for(request, timeline) if page is None else page,
        "page_template": tiles,
        "direction": "newer" if "after" in request.GET else "older" if "before" in request.GET else "",
        "edit_choices": EDIT_CHOICES,
    }


def render_list(request: HtmxHttpRequest, page: str, fragment: str, context: dict[str, Any]) -> HttpResponse:
    """The page, its fragment, or the next tiles while the user scrolls. `context` includes page_context."""
    return render_page(request, page, context["page_template"] if context["direction"] else fragment, context)


def page_asked_for(request: HtmxHttpRequest, timeline: Timeline) -> Page:
    """The part around a photo, after or before a cursor, or from a day on. Raises Http404."""
    place = request.GET
    if "photo" in place:
        return timeline.around(visible_photo_or_404(request.user, place["photo"]))
    try:
        if "after" in place:
            return timeline.newer(timeline.parse(place["after"]))
        if "before" in place:
            return timeline.older(timeline.parse(place["before"]))
        return timeline.older(timeline.place_of(place["at"]) if "at" in place else None)
    except ValueError as error:
        raise Http404("no such place in the list") from error


def keys_asked_for(request: HtmxHttpRequest, timeline: Timeline, photo_or_404: Callable[[str], Photo]) -> JsonResponse:
    """The keys of a whole day, or from one photo to another, so that selections include tiles that are not loaded."""
    if "day" in request.GET:
        try:
            keys = timeline.keys_of_day(request.GET["day"], KEYS_LIMIT)
        except ValueError as error:
            raise Http404("no such day") from error
    else:
        one, other = (photo_or_404(request.GET.get(end, "")) for end in ("from", "to"))
        keys = timeline.keys_between(one, other, KEYS_LIMIT)
    return JsonResponse({"keys": keys})
