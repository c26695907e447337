"""The trips of the library on the page Explore: albums that Mirage suggests."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext

from albums.suggestions import trips_of
from albums.trips import Trip
from mirage.wording import photos_in_words
from photos.gallery.explore import Shelf, Tile, Visitor, pictures, search_url

SHOWN = 8


def trips(visitor: Visitor) -> list[Tile]:
    """The latest trips."""
    found = trips_of(visitor.user)[:SHOWN]
    covers = pictures(trip.photo for trip in found)
    return [
        Tile(
            trip.name,
            search_url(f"date:{trip.first}..{trip.last}"),
            covers.get(trip.photo or 0, ""),
            "map",
            f"{days_text(trip)} · {photos_in_words(trip.count)}",
        )
        for trip in found
    ]


def days_text(trip: Trip, *, year: bool = False) -> str:
    """When the trip was: 3 May, 3 – 10 May, 28 May – 2 June. With `year` that of its last day follows."""
    last = date_format(trip.last, _("j F Y") if year else _("j F"))
    if trip.first == trip.last:
        return last
    same_month = (trip.first.year, trip.first.month) == (trip.last.year, trip.last.month)
    # Translators: the format of the first day where both are in one month: 3 – 10 May
    first = date_format(trip.first, pgettext("first day of several in one month", "j") if same_month else _("j F"))
    return _("%(first)s – %(last)s") % {"first": first, "last": last}


TRIPS = Shelf(_lazy("Recent trips"), 40, trips, shape="wide", more="albums:suggestions", kept=True)
