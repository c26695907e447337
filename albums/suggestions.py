"""Suggested albums (trips, and places with many photos), and making an album from any list."""

from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Avg, Count, Min, Q
from django.utils.translation import gettext as _

from accounts.models import Activity, User
from albums import actions
from albums.changes import AddToAlbum
from albums.models import Album
from albums.trips import Stay, Trip, find_trips
from mirage.refusals import NotPossible
from photos.access import photos_of
from photos.editing import bulk
from photos.models import PhotoQuerySet
from search.conditions.expressions import Day

PLACES = 24
LEAST_AT_PLACE = 10


def trips_of(user: User) -> list[Trip]:
    """The user's trips, the latest first."""
    placed = photos_of(user).on_timeline().filter(latitude__isnull=False).order_by()
    rows = placed.values_list(Day("taken_local"), "place").annotate(
        Avg("latitude"), Avg("longitude"), Count("pk"), photo=Min("pk", filter=Q(displayable=True))
    )
    stays = (Stay(day, north, east, place, count, photo) for day, place, north, east, count, photo in rows)
    return find_trips(list(stays))


def photos_of_days(user: User, first: date, last: date) -> PhotoQuerySet:
    """The user's photos from these days."""
    start, end = (datetime.combine(day, time(), tzinfo=UTC) for day in (first, last + timedelta(days=1)))
    return photos_of(user).on_timeline().filter(taken_local__gte=start, taken_local__lt=end)


def places_of(user: User) -> list[tuple[str, int]]:
    """The places with the most photos."""
    shown = photos_of(user).on_timeline().exclude(place="").order_by().values_list("place")
    return list(
        shown.annotate(count=Count("pk")).filter(count__gte=LEAST_AT_PLACE).order_by("-count", "place")[:PLACES]
    )


def album_from(user: User, name: str, photos: PhotoQuerySet) -> tuple[Album, Activity]:
    """Make an album of those photos that are the user's own. Raises NotPossible if there are none."""
    ids = list(photos.filter(owner=user).order_by().values_list("pk", flat=True))
    if not ids:
        raise NotPossible(_("None of these photos is yours."))
    album = actions.create(user, name)
    own = photos_of(user).filter(pk__in=photos.order_by().values("pk"))
    return album, bulk.make(user, own, AddToAlbum(album.pk, album.name), user)
