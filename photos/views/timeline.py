"""The lists of the gallery: all, recently added, favourites, videos, archive, trash; and the months to jump to."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from mirage.web.htmx import HtmxHttpRequest, render_page
from photos.access import visible_photo_or_404
from photos.gallery.lists import timeline_of
from photos.gallery.pages import keys_asked_for, page_context, render_list
from photos.gallery.timeline import Timeline

MONTHS_SECONDS = 20  # counting a million photos takes a tenth of a second, and each page of the gallery asks for it


@require_safe
def listing(request: HtmxHttpRequest, name: str) -> HttpResponse:
    """A list, from the top or where the address says; HTMX gets a single page of tiles."""
    timeline = timeline_of(request.user, name)
    context = page_context(request, timeline) | {"trash_days": settings.MIRAGE_TRASH_DAYS}
    if not context["page"].days:
        context |= empty_library(timeline)
    return render_list(request, "photos/gallery/timeline.html", "photos/gallery/_grid.html", context)


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
def keys(request: HtmxHttpRequest) -> JsonResponse:
    """The keys of a whole day, or from one photo to another, as JSON: what a selection takes in unseen."""
    timeline = timeline_of(request.user, request.GET.get("in", "timeline"))
    return keys_asked_for(request, timeline, partial(visible_photo_or_404, request.user))
