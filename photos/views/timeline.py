"""The lists of the gallery: all, recently added, favourites, videos, archive, trash; and the months to jump to."""

import zoneinfo
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts.models import User
from mirage.web.htmx import HtmxHttpRequest, render_page
from photos.access import photos_of, timeline_photos, visible_photo_or_404
from photos.editing.form_readers import EDIT_CHOICES
from photos.gallery.timeline import LISTERS, LISTINGS, Page, Timeline

KEYS_LIMIT = 20_000  # of one selection
MONTHS_SECONDS = 20  # counting a million photos takes a tenth of a second, and each page of the gallery asks for it


def timeline_of(user: User, name: str) -> Timeline:
    """The user's list of that name; 404 if there is none."""
    kind, _, key = name.partition(".")
    if kind in LISTERS:
        return LISTERS[kind](user, key)
    if name not in LISTINGS:
        raise Http404(f"no list {name}")
    listing = LISTINGS[name]
    if name == "timeline":
        return Timeline(listing, timeline_photos(user))
    if listing.by_taken:
        return Timeline(listing, photos_of(user))
    return Timeline(listing, photos_of(user), zoneinfo.ZoneInfo(user.home_zone or settings.MIRAGE_HOME_ZONE))


@require_safe
def listing(request: HtmxHttpRequest, name: str) -> HttpResponse:
    """A list, from the top or where the address says (before, after, at, photo); HTMX gets a single page of tiles."""
    timeline = timeline_of(request.user, name)
    try:
        page = page_asked_for(timeline, request)
    except ValueError as error:
        raise Http404("no such place in the list") from error
    scrolling = "before" in request.GET or "after" in request.GET
    context = {
        "listing": timeline.listing,
        "page": page,
        "direction": "newer" if "after" in request.GET else "older" if "before" in request.GET else "",
        "trash_days": settings.MIRAGE_TRASH_DAYS,
        "edit_choices": EDIT_CHOICES,
        "tiles": settings.MIRAGE_MAP_TILES,
        "tiles_credit": settings.MIRAGE_MAP_CREDIT,
        **(empty_library(timeline) if not page.days else {}),
    }
    fragment = "photos/gallery/_page.html" if scrolling else "photos/gallery/_grid.html"
    return render_page(request, "photos/gallery/timeline.html", fragment, context)


def page_asked_for(timeline: Timeline, request: HtmxHttpRequest) -> Page:
    """The page of the address; raises ValueError for a cursor or a date that is none."""
    place = request.GET
    if "photo" in place:
        return timeline.around(visible_photo_or_404(request.user, place["photo"]))
    if "after" in place:
        return timeline.newer(timeline.parse(place["after"]))
    if "before" in place:
        return timeline.older(timeline.parse(place["before"]))
    if "at" in place:
        return timeline.older(timeline.place_of(place["at"]))
    return timeline.older()


def empty_library(timeline: Timeline) -> dict[str, Any]:
    """What an empty list tells of the rest: whether there are photos elsewhere, and how many are on their way."""
    coming = timeline.owned.present().filter(displayable=False)
    return {"coming": coming.count(), "library_empty": not timeline.owned.exists()}


@require_safe
def months(request: HtmxHttpRequest) -> HttpResponse:
    """The months of a list with their counts: what the scrubber is made of, and a page of links without JavaScript."""
    timeline = timeline_of(request.user, request.GET.get("in", "timeline"))
    context = {"listing": timeline.listing, "months": timeline.months()}
    response = render_page(request, "photos/gallery/months.html", "photos/gallery/_months.html", context)
    patch_cache_control(response, private=True, max_age=MONTHS_SECONDS)
    return response


@require_safe
def keys(request: HtmxHttpRequest) -> HttpResponse:
    """The keys of a whole day, or from one photo to another, as JSON: what a selection takes in unseen."""
    timeline = timeline_of(request.user, request.GET.get("in", "timeline"))
    if "day" in request.GET:
        try:
            found = timeline.keys_of_day(request.GET["day"], KEYS_LIMIT)
        except ValueError as error:
            raise Http404("no such day") from error
    else:
        one, other = (visible_photo_or_404(request.user, request.GET.get(end, "")) for end in ("from", "to"))
        found = timeline.keys_between(one, other, KEYS_LIMIT)
    return JsonResponse({"keys": found})
