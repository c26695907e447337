"""Adding photos from within an album: the whole library to choose from, with search."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from albums.access import Role, manual_album_or_404
from albums.changes import AddToAlbum
from albums.models import Album, AlbumItem
from albums.views.albums import CHANGED
from mirage.web.htmx import HtmxHttpRequest
from mirage.web.parameters import typed
from mirage.web.time_limit import TakesTooLong
from mirage.wording import number_in_words
from photos.access import own_chosen, photo_or_404, photos_of
from photos.editing import bulk
from photos.editing.answers import report_change
from photos.gallery.lists import LISTINGS, timeline_of
from photos.gallery.pages import keys_asked_for, page_context, render_list
from photos.gallery.timeline import Page, Timeline
from photos.models import Photo
from search.language.grammar import Mistake
from search.results.timeline import Results, find, of_found

TILES = "albums/picker/_page.html"


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The user's photos to choose from, or those that `q` finds; a POST adds the chosen ones."""
    album = manual_album_or_404(request.user, key, Role.CONTRIBUTOR)
    if request.method == "POST":
        photos = own_chosen(request.user, request.POST, to_be="put into albums")
        activity = bulk.make(request.user, photos, AddToAlbum(album.pk, album.name), request.user)
        count = bulk.progress_of(activity).total
        # Translators: number is that of the photos
        added = ngettext("%(number)s added to %(album)s", "%(number)s added to %(album)s", count)
        text = added % {"number": number_in_words(count), "album": album.name}
        return report_change(request, text, activity, home=album.get_absolute_url(), event=CHANGED)
    text = typed(request.GET, "q")
    context: dict[str, Any] = {"album": album, "text": text} | offered(request, text)
    context["inside"] = inside(album, (photo for day in context["page"].days for photo in day.photos))
    return render_list(request, "albums/picker/picker.html", "albums/picker/_grid.html", context)


@require_safe
def add_keys(request: HtmxHttpRequest, key: str) -> JsonResponse:
    """The keys of a day or a range for the selection: only the user's own photos can be added."""
    manual_album_or_404(request.user, key, Role.CONTRIBUTOR)
    timeline = timeline_of(request.user, request.GET.get("in", "timeline"))
    own = replace(timeline, owned=timeline.owned.filter(owner=request.user))
    return keys_asked_for(request, own, partial(photo_or_404, request.user))


def offered(request: HtmxHttpRequest, text: str) -> dict[str, Any]:
    """The context of the part of the list that is asked for; an empty one if the search fails."""
    everything = Timeline(LISTINGS["timeline"], photos_of(request.user))
    if not text:
        return page_context(request, everything, tiles=TILES)
    try:
        found = of_found(request.user, find(request.user, text))
        if isinstance(found, Results):  # only own photos go into albums
            found = replace(found, owned=found.owned.filter(owner=request.user))
        return page_context(request, found, tiles=TILES)
    except (Mistake, TakesTooLong) as problem:
        empty = page_context(request, everything, page=Page([], None, None), tiles=TILES)
        return empty | {"mistake": problem}


def inside(album: Album, photos: Iterable[Photo]) -> list[str]:
    """The keys of those photos that are in the album already."""
    items = AlbumItem.objects.filter(album=album, photo__in=[photo.pk for photo in photos])
    return list(items.values_list("photo__key", flat=True))
