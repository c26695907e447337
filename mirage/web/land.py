"""The land around a part of the world as the path of an SVG, which a page shows at once, before scripts draw its map.

    drawing = land.around(-9.5, 36.9, -6.2, 42.1)  # degrees: west, south, east, north
    <svg viewBox="{{ drawing.view }}"><path d="{{ drawing.path }}"></svg>

The land of Natural Earth, projected as maps of the web are (Mercator): all of it, roughly, or the countries near by.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from django.conf import settings

WORLD_ATLAS = Path("vendor/world-atlas")
ROUGH, NEAR = "land-110m.json", "countries-50m.json"
WIDTH = 2048  # of the world in units, where all of it is drawn
NEAR_FROM = 4  # how often the width is doubled, from where on only the land near by is drawn
DEEPEST = 12  # how often it is doubled at most: all photos were taken in one spot
AROUND = 1.5  # times the length of the part, to all sides of its middle: more than a screen shows beside it
GRID = WIDTH // 2  # units between the windows that are drawn: parts near each other share one
STEEPEST = 85.0511  # degrees of latitude: where the map ends

Point = tuple[float, float]
Ring = list[Point]
Window = tuple[int, int, int, int]  # left, top, right, bottom in units


@dataclass(frozen=True)
class Drawing:
    """Land as the `d` of a path; which part of it is to be seen, as a viewBox; how many units the world is wide."""

    path: str
    view: str
    width: int

    @property
    def whole(self) -> bool:
        """Whether all land is drawn, not only what is near by."""
        return self.width == WIDTH


def around(west: float, south: float, east: float, north: float) -> Drawing:
    """The land around that part, which fills the view."""
    (left, top), (right, bottom) = place((west, north)), place((east, south))
    middle = (left + right) / 2, (top + bottom) / 2
    shape = right - left, bottom - top
    length = max(*shape, 0.5**DEEPEST)
    doubled = int(-math.log2(length))
    width = WIDTH * 2**doubled if doubled >= NEAR_FROM else WIDTH
    wide, high = (max(side, 1 / width) for side in (shape if length in shape else (length, length)))
    view = middle[0] - wide / 2, middle[1] - high / 2, wide, high
    half = math.ceil(AROUND * length * width / GRID) * GRID + GRID // 2
    x, y = (round(part * width / GRID) * GRID for part in middle)
    path = drawn(width, None if width == WIDTH else (x - half, y - half, x + half, y + half))
    return Drawing(path, " ".join(f"{part * width:.1f}" for part in view), width)


@lru_cache(maxsize=64)
def drawn(width: int, window: Window | None) -> str:
    """The edges of the land in the window, or of all land, where the world is so wide."""
    if window is None:
        return "".join(steps(projected(ring, width)) for ring in land(ROUGH))
    west, east = ((edge / width - 0.5) * 360 for edge in (window[0], window[2]))
    near = (ring for ring in land(NEAR) if min(ring)[0] <= east and max(ring)[0] >= west)
    return "".join(steps(clipped(projected(ring, width), window)) for ring in near)


def projected(ring: Ring, width: int) -> Ring:
    """The ring of degrees in units."""
    return [(x * width, y * width) for x, y in map(place, ring)]


def place(degrees: Point) -> Point:
    """Where a longitude and latitude are, as fractions of the world."""
    longitude, latitude = degrees
    sine = math.sin(math.radians(max(min(latitude, STEEPEST), -STEEPEST)))
    return longitude / 360 + 0.5, 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)


def land(name: str) -> Iterator[Ring]:
    """The rings of the file in degrees. What crosses the date line goes on beyond the end of the world."""
    [folder] = settings.STATICFILES_DIRS
    topology = json.loads((Path(folder) / WORLD_ATLAS / name).read_bytes())
    arcs = [unpacked(arc, topology["transform"]) for arc in topology["arcs"]]
    objects = topology["objects"]
    for geometry in objects.get("countries", objects["land"])["geometries"]:
        pieces = geometry.get("arcs", ())
        for ring in chain.from_iterable(pieces) if geometry["type"] == "MultiPolygon" else pieces:
            yield closed([point for index in ring for point in (arcs[index] if index >= 0 else arcs[~index][::-1])])


def unpacked(arc: list[list[int]], transform: dict[str, Any]) -> Ring:
    """The degrees of an arc of TopoJSON, whose steps are whole numbers."""
    (wide, high), (left, bottom) = transform["scale"], transform["translate"]
    points, x, y = [], 0, 0
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append((x * wide + left, y * high + bottom))
    return points


def closed(points: Ring) -> Ring:
    """A ring without jumps at the date line. The one around a pole, which is Antarctica's, is closed along it."""
    ring, turn = points[:1], 0
    for (before, _), (after, latitude) in pairwise(points):
        if abs(after - before) > 180:
            turn += 360 if after < 0 else -360
        ring.append((after + turn, latitude))
    if ring[0][0] != ring[-1][0]:
        ring += [(ring[-1][0], -90), (ring[0][0], -90)]
    return ring


def clipped(ring: Ring, window: Window) -> Ring:
    """What lies in the window, by Sutherland and Hodgman: cut at one side after the other."""
    left, top, right, bottom = window
    for axis, edge, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        inside = [sign * (point[axis] - edge) >= 0 for point in ring]
        if all(inside):
            continue
        kept: Ring = []
        for number, point in enumerate(ring):
            before = ring[number - 1]
            if inside[number] != inside[number - 1]:
                share = (edge - before[axis]) / (point[axis] - before[axis])
                kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
            if inside[number]:
                kept.append(point)
        ring = kept
    return ring


def steps(ring: Ring) -> str:
    """The ring in steps of whole units; nothing where it is too small to be seen."""
    spots = [(round(x), round(y)) for x, y in ring]
    moves = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(spots) if a != b]
    if len(moves) < 3:
        return ""
    return f"M{spots[0][0]} {spots[0][1]}l{' '.join(f'{x} {y}' for x, y in moves)}z".replace(" -", "-")
