"""The player: the photos of a list full screen, one after the other."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mirage.web.htmx import HtmxHttpRequest, wants_fragment
from photos.gallery.lists import timeline_of
from photos.gallery.memories.kinds import memory_or_404
from photos.gallery.timeline import Timeline
from photos.models import Photo


@require_safe
def play(request: HtmxHttpRequest) -> HttpResponse:
    """The player with the beginning of the list `in`, or more of its photos. Without HTMX, the page of the list."""
    name = request.GET.get("in", "timeline")
    timeline = timeline_of(request.user, name)
    if not wants_fragment(request):
        listing = timeline.listing
        return redirect(f"{listing.address or reverse(f'photos:{listing.slug}')}?{listing.query}".rstrip("?&"))
    context = slides_of(timeline, request.GET.get("before", "")) | {"listing": timeline.listing}
    if "before" in request.GET:
        return render(request, "photos/play/_slides.html", context)
    kind, _, key = name.partition(".")
    memory = memory_or_404(request.user, key) if kind == "memory" else None
    return render(request, "photos/play/_player.html", context | {"memory": memory})


def slides_of(timeline: Timeline, before: str) -> dict[str, Any]:
    """Some photos of a list in the order in which they are played, and the cursor of those that follow."""
    try:
        page = timeline.older(timeline.parse(before) if before else None)
    except (ValueError, OverflowError) as error:
        raise Http404("no such place in the list") from error
    photos: list[Photo] = [photo for day in page.days for photo in day.photos]
    if timeline.listing.slug.startswith("memory."):
        photos.reverse()  # a memory goes forward in time, and has one page
    return {"photos": photos, "more": page.older}
