"""The player: the photos of a list, or those that are selected, full screen, one after the other."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from mirage.web.answers import next_page, open_dialog
from mirage.web.htmx import HtmxHttpRequest, wants_fragment
from mirage.wording import number_in_words
from photos.access import chosen_keys, visible_by_keys
from photos.gallery.lists import timeline_of
from photos.gallery.memories.choosing import timeline_for
from photos.gallery.memories.kinds import memory_or_404
from photos.gallery.timeline import TILE_FIELDS, Timeline
from photos.models import Photo

MOST_CHOSEN = 500  # photos of a selection that are played


@require_http_methods(["GET", "HEAD", "POST"])
def play(request: HtmxHttpRequest) -> HttpResponse:
    """The player with the beginning of the list `in`, or more of its photos. Without HTMX, the page of the list."""
    if request.method == "POST":
        return play_chosen(request)
    kind, _, key = (name := request.GET.get("in", "timeline")).partition(".")
    memory = memory_or_404(request.user, key) if kind == "memory" else None
    timeline = timeline_for(request.user, memory) if memory else timeline_of(request.user, name)
    listing = timeline.listing
    if not wants_fragment(request):
        return redirect(f"{listing.address or reverse(f'photos:{listing.slug}')}?{listing.query}".rstrip("?&"))
    context = slides_of(timeline, request.GET.get("before", "")) | {"title": listing.title}
    if "before" in request.GET:
        return render(request, "photos/play/_slides.html", context)
    return render(request, "photos/play/_player.html", context | {"memory": memory})


def slides_of(timeline: Timeline, before: str) -> dict[str, Any]:
    """Some photos of a list in the order in which they are played, and the address of those that follow."""
    try:
        page = timeline.older(timeline.parse(before) if before else None)
    except (ValueError, OverflowError) as error:
        raise Http404("no such place in the list") from error
    slug = timeline.listing.slug
    photos: list[Photo] = [photo for day in page.days for photo in day.photos]
    if slug.startswith("memory."):
        photos.reverse()  # a memory goes forward in time, and has one page
    more = f"{reverse('photos:play')}?{urlencode({'in': slug, 'before': str(page.older)})}" if page.older else ""
    return {"photos": photos, "more": more, "within": "" if slug == "timeline" else f"?{urlencode({'in': slug})}"}


def play_chosen(request: HtmxHttpRequest) -> HttpResponse:
    """The player with the chosen photos, in the order in which they were taken."""
    keys = chosen_keys(request.POST)[:MOST_CHOSEN]
    photos = [photo for batch in visible_by_keys(request.user, keys) for photo in batch.only(*TILE_FIELDS)]
    photos = [photo for photo in photos if photo.displayable]
    if not photos:
        raise Http404("nothing to be played")
    if not wants_fragment(request):
        return redirect(next_page(request))
    photos.sort(key=lambda photo: (photo.taken_local, photo.pk))
    words = ngettext("Photo", "%(number)s photos", len(photos))
    context = {"photos": photos, "title": words % {"number": number_in_words(len(photos))}}
    return open_dialog(render(request, "photos/play/_player.html", context))
