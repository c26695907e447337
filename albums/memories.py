"""Memories of trips."""

from collections import Counter
from datetime import date, timedelta

from django.core.cache import cache
from django.db.models import Count
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from albums.explore import days_text
from albums.suggestions import trips_of
from albums.trips import Trip
from photos.gallery.memories.calendar import days_apart, taken_between
from photos.gallery.memories.kinds import Kind, Memory, named_date
from photos.gallery.memories.left_out import remembered_photos
from photos.models import PhotoQuerySet

SHOWN = 2
OLD_ENOUGH = timedelta(days=60)
LONGEST = timedelta(days=366)
REMEMBERED_SECONDS = 24 * 3600  # to find all trips, every photo with a position is read
NOTHING_SECONDS = 600  # the same if there are none: photos may be coming in just now


def trips_for(user: User, today: date) -> list[Memory]:
    """The trips of earlier times that began nearest to this day of the year."""
    trips = [trip for trip in known_trips(user) if trip.last < today - OLD_ENOUGH]
    trips.sort(key=lambda trip: (days_apart(trip.first, today), -trip.first.toordinal()))
    photos = remembered_photos(user).filter(owner=user)
    return [trip_memory(trip, photos) for trip in trips[:SHOWN]]


def known_trips(user: User) -> list[Trip]:
    """The user's trips as they were up to a day ago."""
    key = f"memories:trips:{user.pk}"
    trips: list[Trip] | None = cache.get(key)
    if trips is None:
        trips = trips_of(user)
        cache.set(key, trips, REMEMBERED_SECONDS if trips else NOTHING_SECONDS)
    return trips


def trip_memory(trip: Trip, photos: PhotoQuerySet) -> Memory:
    """The days of a trip among these photos."""
    where = trip.where or _("A trip")
    when = days_text(trip, year=True)
    return Memory(f"trip.{trip.first}.{trip.last}", where, when, taken_between(photos, trip.first, trip.last))


def trip_named(user: User, text: str) -> Memory:
    """The trip from one day to another, as yyyy-mm-dd.yyyy-mm-dd."""
    first, last = map(named_date, (text.partition(".")[0], text.partition(".")[2]))
    if not timedelta() <= last - first <= LONGEST:
        raise Http404("no such trip")
    photos = remembered_photos(user).filter(owner=user)
    located = taken_between(photos, first, last).exclude(place="").values_list("place")
    places = Counter(dict(located.annotate(Count("pk"))))
    return trip_memory(Trip(first, last, places=places), photos)


TRIPS = Kind(30, trips_for, trip_named)
