"""Memories of trips."""

from collections import Counter
from datetime import date, timedelta

from django.db.models import Count
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from albums.explore import days_text
from albums.models import KnownTrips
from albums.suggestions import trips_of
from albums.trips import Trip
from photos.gallery.memories.calendar import days_apart, taken_between
from photos.gallery.memories.kinds import Kind, Memory, named_date
from photos.gallery.memories.left_out import remembered_photos
from photos.models import PhotoQuerySet

SHOWN = 2
OLD_ENOUGH = timedelta(days=60)
LONGEST = timedelta(days=366)
REMEMBERED = timedelta(days=1)  # to find all trips, every photo with a position is read


def trips_for(user: User, today: date) -> list[Memory]:
    """The trips of earlier times that began nearest to this day of the year."""
    trips = [trip for trip in known_trips(user) if trip.last < today - OLD_ENOUGH]
    trips.sort(key=lambda trip: (days_apart(trip.first, today), -trip.first.toordinal()))
    photos = remembered_photos(user).filter(owner=user)
    return [trip_memory(trip, photos) for trip in trips[:SHOWN]]


def known_trips(user: User) -> list[Trip]:
    """The user's trips as they were found last."""
    known = KnownTrips.objects.filter(owner=user).first() or find_again(user)
    return [
        Trip(date.fromisoformat(first), date.fromisoformat(last), count, Counter(places), photo)
        for first, last, count, places, photo in known.trips
    ]


def find_again(user: User) -> KnownTrips:
    """Look for the user's trips and keep them."""
    rows = [(f"{one.first}", f"{one.last}", one.count, one.places, one.photo) for one in trips_of(user)]
    known, _ = KnownTrips.objects.update_or_create(owner=user, defaults={"trips": rows, "found_at": timezone.now()})
    return known


def keep_up() -> None:
    """Look again for the trips that are old news, and where none were known."""
    known = KnownTrips.objects.filter(found_at__gt=timezone.now() - REMEMBERED).exclude(trips=[])
    for user in User.objects.filter(memories=True, is_guest=False, is_active=True).exclude(
        pk__in=known.values("owner")
    ):
        find_again(user)


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
