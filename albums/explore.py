"""The trips of the library on the page Explore: albums that Mirage suggests."""

from albums.suggestions import trips_of
from albums.trips import Trip
from mirage.wording import counted
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
            f"{days_text(trip)} · {counted(trip.count)}",
        )
        for trip in found
    ]


def days_text(trip: Trip) -> str:
    """When the trip was: 3 May, 3 – 10 May, 28 May – 2 June."""
    if trip.first == trip.last:
        return f"{trip.last:%-d %B}"
    same_month = (trip.first.year, trip.first.month) == (trip.last.year, trip.last.month)
    first = f"{trip.first:%-d}" if same_month else f"{trip.first:%-d %B}"
    return f"{first} – {trip.last:%-d %B}"


TRIPS = Shelf("Recent trips", 40, trips, shape="wide", more="albums:suggestions", kept=True)
