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
PICTURES_AT_ONCE = 32  # that a page fetches before anybody scrolls, in phones' windows
PICTURES_FIRST = 6  # that every window shows: browsers fetch them before they know how the page is laid out
KEYS_LIMIT = 20_000  # of one selection


def page_context(
    request: HtmxHttpRequest, timeline: Timeline, *, page: Page | None = None, tiles: str = TILES
) -> dict[str, Any]:
    """The context for the template of a list.

    `page` is the part of the list to show, by default the one that the address asks for. `tiles` is the template of a
    part. Raises Http404 if the address asks for a place that does not exist.
    """
    shown = page_asked_for(request, timeline) if page is None else page
    direction = direction_of(request)
    if not direction:
        put_off(shown)
    return {
        "listing": timeline.listing,
        "page": shown,
        "page_template": tiles,
        "direction": direction,
        "edit_choices": EDIT_CHOICES,
    }


def put_off(page: Page) -> None:
    """Mark which pictures of a whole page browsers fetch at once, and which when the page is scrolled."""
    photos = [photo for day in page.days for photo in day.photos]
    for photo in photos[:PICTURES_FIRST]:
        photo.first = True  # type: ignore[attr-defined]
    for photo in photos[PICTURES_AT_ONCE:]:
        photo.late = True  # type: ignore[attr-defined]


def direction_of(request: HtmxHttpRequest) -> str:
    """Which part of a list a browser asks for that has others: newer, older, or again one that it had."""
    asked = {"after": "newer", "before": "older", "from": "again"}
    return next((direction for name, direction in asked.items() if name in request.GET), "")


def render_list(request: HtmxHttpRequest, page: str, fragment: str, context: dict[str, Any]) -> HttpResponse:
    """The page, its fragment, or the next tiles while the user scrolls. `context` includes page_context."""
    return render_page(request, page, context["page_template"] if context["direction"] else fragment, context)


def page_asked_for(request: HtmxHttpRequest, timeline: Timeline) -> Page:
    """The part around a photo, after or before a cursor, between two, or from a day on. Raises Http404."""
    place = request.GET
    if "photo" in place:
        return timeline.around(visible_photo_or_404(request.user, place["photo"]))
    try:
        if "from" in place:
            return timeline.part(timeline.parse(place["from"]), timeline.parse(place.get("to", "")))
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
