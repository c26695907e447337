"""Trips, suggested from when and where photos were taken: runs of days away from home.

Home is where photos were taken on the most days. A trip is a run of days far from home without a long gap and without
photos taken at home in between. Photos without a position that were taken during a trip belong to it.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

FAR_KM = 60
GAP = timedelta(days=3)  # the longest between two days of one trip
LEAST_PHOTOS = 8
CELL = 0.5  # degrees: places within a cell count as one
EARTH_KM = 6371


@dataclass(frozen=True)
class Stay:
    """The photos of one day in one town: their mean position and number, and the id of one to show."""

    day: date
    latitude: float
    longitude: float
    place: str
    count: int
    photo: int | None = None


@dataclass
class Trip:
    """Days away from home, with the number of photos in each place, and the id of one to show."""

    first: date
    last: date
    count: int = 0
    places: Counter[str] = field(default_factory=Counter)
    photo: int | None = None

    @property
    def where(self) -> str:
        """The most frequent places: Lisbon and Sintra; empty if none is known."""
        places = [place for place, _count in self.places.most_common(2)]
        if len(places) == 2:
            return _("%(place)s and %(other)s") % {"place": places[0], "other": places[1]}
        return "".join(places)

    @property
    def name(self) -> str:
        """The most frequent places and the month: Lisbon and Sintra, May 2019."""
        month = date_format(self.first, _("F Y"))
        return _("%(places)s, %(month)s") % {"places": self.where or _("Trip"), "month": month}


def home_of(stays: Iterable[Stay]) -> tuple[float, float] | None:
    """Where photos were taken on the most days; None without photos."""
    cells: dict[tuple[int, int], list[Stay]] = {}
    for stay in stays:
        cells.setdefault((round(stay.latitude / CELL), round(stay.longitude / CELL)), []).append(stay)
    if not cells:
        return None
    found = cells[max(cells, key=lambda cell: (len({stay.day for stay in cells[cell]}), cell))]
    return sum(stay.latitude for stay in found) / len(found), sum(stay.longitude for stay in found) / len(found)


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The great-circle distance (haversine)."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, place)) for place in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def find_trips(stays: Sequence[Stay]) -> list[Trip]:
    """The trips in these days, the latest first."""
    home = home_of(stays)
    if home is None:
        return []
    trips: list[Trip] = []
    running: Trip | None = None
    for stay in sorted(stays, key=lambda stay: stay.day):
        away = distance_km(home, (stay.latitude, stay.longitude)) > FAR_KM
        if running and (not away or stay.day - running.last > GAP):
            running = running if not away and stay.day == running.last else None
        if not away:
            continue
        if running is None:
            running = Trip(stay.day, stay.day)
            trips.append(running)
        running.last = stay.day
        running.count += stay.count
        running.photo = running.photo or stay.photo
        if stay.place:
            running.places[stay.place] += stay.count
    return [trip for trip in reversed(trips) if trip.count >= LEAST_PHOTOS]
