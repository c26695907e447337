"""Suggested albums, and making an album from any list: a person, a place, a tag, a search."""

from datetime import date

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from albums import suggestions
from mirage.web.answers import lead_to
from mirage.web.htmx import HtmxHttpRequest, render_page
from photos.access import photos_of
from photos.gallery.lists import timeline_of
from photos.models import PhotoQuerySet

TRIPS = 60


@require_safe
def listing(request: HtmxHttpRequest) -> HttpResponse:
    """Trips with a picture, and places, each with a button that makes the album."""
    trips = suggestions.trips_of(request.user)[:TRIPS]
    pictures = photos_of(request.user).in_bulk([trip.photo for trip in trips if trip.photo])
    pictured = [(trip, pictures.get(trip.photo or 0)) for trip in trips]
    context = {"trips": pictured, "places": suggestions.places_of(request.user)}
    return render_page(request, "albums/making/suggestions.html", "albums/making/_suggestions.html", context)


@require_POST
def make(request: HtmxHttpRequest) -> HttpResponse:
    """Make an album of the days from `first` to `last`, of `place`, or of the list `in`. The answer leads to it."""
    name, photos = asked_for(request)
    album, _activity = suggestions.album_from(request.user, request.POST.get("name", "") or name, photos)
    return lead_to(request, album.get_absolute_url())


def asked_for(request: HtmxHttpRequest) -> tuple[str, PhotoQuerySet]:
    """The name of the new album and its photos. Raises Http404."""
    form = request.POST
    if "first" in form:
        try:
            first, last = date.fromisoformat(form["first"]), date.fromisoformat(form.get("last", ""))
        except ValueError as error:
            raise Http404("no such days") from error
        return _("Trip"), suggestions.photos_of_days(request.user, first, last)
    if "place" in form:
        return form["place"], photos_of(request.user).on_timeline().filter(place=form["place"])
    timeline = timeline_of(request.user, form.get("in", "timeline"))
    return str(timeline.listing.title), timeline.listing.select(timeline.owned)
