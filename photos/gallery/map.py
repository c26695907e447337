"""The library on a map: photos in a part of the world, and their clusters at a zoom.

The database groups positions into cells of the map, and only the clusters on the screen are sent. For the timeline,
small cells are kept (photos/gallery/kept/cells.py), so that a map of the world need not look at all photos.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, Self

from django.db.models import F, Max, Min, Q, QuerySet
from django.db.models.expressions import Combinable

from accounts.models import User
from photos.access import visible_and_shared
from photos.gallery.kept import cells
from photos.gallery.lists import timeline_of
from photos.gallery.timeline import Timeline
from photos.models import MapCell, PhotoQuerySet

WORLD_PX = 512  # the width of the world at zoom 0 in MapLibre
CELL_PX = 84
APART_PX = 60  # closer markers are merged
DEEPEST_ZOOM = 22


@dataclass(frozen=True)
class Box:
    """A part of the world in degrees. `west` is greater than `east` if it spans the date line."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse "west,south,east,north" as MapLibre writes it, with longitudes of any size. Raises ValueError."""
        west, south, east, north = (float(part) for part in text.split(","))
        if not all(map(math.isfinite, (west, south, east, north))) or south > north or west > east:
            raise ValueError(f"not a part of the world: {text}")
        south, north = max(south, -90.0), min(north, 90.0)
        if east - west >= 360:
            return cls(-180.0, south, 180.0, north)
        return cls(turned(west), south, turned(east), north)

    def __str__(self) -> str:
        east = self.east + 360 if self.west > self.east else self.east
        return ",".join(f"{value:.6f}" for value in (self.west, self.south, east, self.north))

    @property
    def nearest_equator(self) -> float:
        """The latitude in the box that is nearest to the equator."""
        return 0.0 if self.south <= 0 <= self.north else min(abs(self.south), abs(self.north))

    def condition(self) -> Q:
        """The condition for photos taken in the box."""
        if self == WORLD:
            return Q(latitude__isnull=False)  # as ranges, SQLite would read all positions for each stack
        inside = Q(latitude__range=(self.south, self.north))
        if self.west > self.east:
            return inside & (Q(longitude__gte=self.west) | Q(longitude__lte=self.east))
        return inside & Q(longitude__range=(self.west, self.east))


WORLD = Box(-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True)
class Cluster:
    """Photos near each other: their centre, their number, the box around them, and the highest id as the cover."""

    latitude: float
    longitude: float
    count: int
    box: Box
    cover: int


def turned(longitude: float) -> float:
    """The same longitude between -180 and 180."""
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180


@dataclass(frozen=True)
class Everywhere(Timeline):
    """All photos that a user may see: the user's own, whose cells of the map are kept, and what others share."""

    user: User = field(kw_only=True)
    shared: PhotoQuerySet = field(kw_only=True)

    def cells(self, zoom: int) -> QuerySet[MapCell] | None:
        """The user's own photos in cells for a zoom. None if the photos themselves have to be looked at."""
        return cells.cells_at(self.user.pk, zoom)

    def of_others(self) -> PhotoQuerySet:
        """What others share, with a position."""
        return self.listing.select(self.shared).filter(latitude__isnull=False).as_tiles()


def list_of(user: User, name: str) -> Timeline:
    """The user's list of that name; for `timeline` all photos that the user may see. Raises Http404."""
    timeline = timeline_of(user, name)
    if name != "timeline":
        return timeline
    visible, shared = visible_and_shared(user)
    return Everywhere(timeline.listing, visible, timeline.zone, user=user, shared=shared)


def located(timeline: Timeline) -> PhotoQuerySet:
    """The photos of the list that have a position."""
    return timeline.listing.select(timeline.owned).filter(latitude__isnull=False).as_tiles()


def list_in(timeline: Timeline, box: Box) -> Timeline:
    """The photos of the list in the box, newest first."""
    by_time = replace(timeline.listing, order="taken_local")  # even if the list has another order
    return Timeline(by_time, timeline.owned.filter(box.condition()))


def bounds(photos: PhotoQuerySet) -> Box | None:
    """The box around all positions. None if there are none."""
    found = photos.filter(latitude__isnull=False).aggregate(
        west=Min("longitude"), south=Min("latitude"), east=Max("longitude"), north=Max("latitude")
    )
    return None if found["west"] is None else Box(**found)


def bounds_of(timeline: Timeline) -> Box | None:
    """The box around all positions in a list, from kept cells if there are any. None if there are none."""
    kept = timeline.cells(0) if isinstance(timeline, Everywhere) else None
    if kept is None or not isinstance(timeline, Everywhere):
        return bounds(located(timeline))
    own = kept.aggregate(west=Min("west"), south=Min("south"), east=Max("east"), north=Max("north"))
    boxes = [Box(**own)] if own["west"] is not None else []
    boxes += filter(None, [bounds(timeline.of_others())])
    return reduce(around, boxes) if boxes else None


def clusters(photos: PhotoQuerySet, box: Box, zoom: int) -> list[Cluster]:
    """The photos in the box as clusters whose markers do not overlap at that zoom, the largest first."""
    zoom = min(max(zoom, 0), DEEPEST_ZOOM)
    return joined(counted(photos, box, zoom), zoom)


def clusters_of(timeline: Timeline, box: Box, zoom: int) -> list[Cluster]:
    """The photos of a list in the box as clusters, from kept cells where there are any."""
    zoom = min(max(zoom, 0), DEEPEST_ZOOM)
    kept = timeline.cells(zoom) if isinstance(timeline, Everywhere) else None
    if kept is None or not isinstance(timeline, Everywhere):
        return clusters(located(timeline), box, zoom)
    inside = kept.filter(cells.columns(box.west, box.east, zoom), box.condition())
    own = [of_cell(cell) for cell in cells.grouped(inside, *places(box, zoom))]
    return joined([*own, *counted(timeline.of_others(), box, zoom)], zoom)


def places(box: Box, zoom: int) -> tuple[Combinable, Combinable]:
    """In which cell of the screen a position is."""
    width = CELL_PX * 360 / (WORLD_PX * 2**zoom)
    height = width * max(math.cos(math.radians(box.nearest_equator)), 0.05)
    return (F("longitude") + 180.0) / width, (F("latitude") + 90.0) / height


def counted(photos: PhotoQuerySet, box: Box, zoom: int) -> list[Cluster]:
    """The photos in the box by cells of the screen."""
    x, y = places(box, zoom)
    inside = photos.filter(box.condition()).order_by().annotate(x=cells.Whole(x), y=cells.Whole(y))
    return [of_cell(cell) for cell in inside.values("x", "y").annotate(**cells.COUNTED)]


def of_cell(cell: Mapping[str, Any]) -> Cluster:
    box = Box(cell["west"], cell["south"], cell["east"], cell["north"])
    return Cluster(cell["middle_latitude"], cell["middle_longitude"], cell["count"], box, cell["cover"])


def joined(found: Iterable[Cluster], zoom: int) -> list[Cluster]:
    """Merge clusters whose markers would overlap, the smaller into the larger."""
    kept: list[Cluster] = []
    places: list[tuple[float, float]] = []
    for cluster in sorted(found, key=lambda one: (-one.count, one.cover)):
        here = pixels(cluster.latitude, cluster.longitude, zoom)
        distances = [math.dist(here, place) for place in places]
        nearest = min(range(len(kept)), key=distances.__getitem__, default=None)
        if nearest is None or distances[nearest] >= APART_PX:
            kept.append(cluster)
            places.append(here)
        else:
            kept[nearest] = together(kept[nearest], cluster)
    return sorted(kept, key=lambda one: -one.count)


def around(one: Box, other: Box) -> Box:
    """The box around both."""
    return Box(
        min(one.west, other.west), min(one.south, other.south), max(one.east, other.east), max(one.north, other.north)
    )


def together(larger: Cluster, smaller: Cluster) -> Cluster:
    """Both as one cluster, at the position of the larger."""
    count, cover = larger.count + smaller.count, max(larger.cover, smaller.cover)
    return Cluster(larger.latitude, larger.longitude, count, around(larger.box, smaller.box), cover)


def pixels(latitude: float, longitude: float, zoom: int) -> tuple[float, float]:
    """A position in pixels of the Mercator map at that zoom."""
    scale = WORLD_PX * 2**zoom
    sine = math.sin(math.radians(min(max(latitude, -85.05), 85.05)))
    return scale * (longitude / 360 + 0.5), scale * (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi))
