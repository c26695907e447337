"""The lists of the gallery: timeline, recently added, favourites, videos, archive, trash. Also their months."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts.models import User
from mirage.web.htmx import HtmxHttpRequest, render_page, wants_fragment
from photos import first_run
from photos.access import visible_photo_or_404
from photos.gallery.lists import timeline_of
from photos.gallery.memories import today
from photos.gallery.pages import keys_asked_for, page_context, render_list
from photos.gallery.timeline import Timeline

MONTHS_SECONDS = 20  # cached: every page of the gallery asks, and counting a million photos takes 0.1 s


@require_safe
def listing(request: HtmxHttpRequest, name: str) -> HttpResponse:
    """A list from the top or from the place in the address. HTMX gets one page of tiles."""
    timeline = timeline_of(request.user, name)
    context = page_context(request, timeline) | {"trash_days": settings.MIRAGE_TRASH_DAYS}
    if not context["page"].days:
        context |= empty_library(timeline, request.user)
    elif name == "timeline" and not context["page"].newer and not wants_fragment(request):
        context["looks_back"] = today.may_have(request.user, today.today_of(request.user), timeline.owned)
    return render_list(request, "photos/gallery/timeline.html", "photos/gallery/_grid.html", context)


def empty_library(timeline: Timeline, user: User) -> dict[str, Any]:
    """For an empty list: whether the library is empty or being read, and how many photos are still being prepared."""
    coming = timeline.owned.present().filter(displayable=False)
    return {
        "coming": coming.count(),
        "library_empty": not timeline.owned.exists(),
        "reading": first_run.is_reading(user),
    }


@require_safe
def months(request: HtmxHttpRequest) -> HttpResponse:
    """The months of a list with their counts, for the scrubber. Without JavaScript, a page of links."""
    timeline = timeline_of(request.user, request.GET.get("in", "timeline"))
    context = {"listing": timeline.listing, "months": timeline.months()}
    response = render_page(request, "photos/gallery/months.html", "photos/gallery/_months.html", context)
    patch_cache_control(response, private=True, max_age=MONTHS_SECONDS)
    return response


@require_safe
def keys(request: HtmxHttpRequest) -> JsonResponse:
    """The keys of a whole day, or from one photo to another, as JSON, for the selection."""
    timeline = timeline_of(request.user, request.GET.get("in", "timeline"))
    return keys_asked_for(request, timeline, partial(visible_photo_or_404, request.user))
