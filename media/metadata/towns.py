"""The towns of the gazetteer for people: those in a box, for the labels of a map, and those with a name.

Results are plain values, the fields of Town: these functions are called in the sandbox, which keeps the gazetteer.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from dataclasses import asdict, dataclass
from functools import cache
from itertools import accumulate
from typing import Any

import numpy as np

from media.metadata.places import CITY_SPREAD, Gazetteer, gazetteer

EXAMINED = 4_000  # hits of a search that are ranked


@dataclass(frozen=True)
class Town:
    """A town: its position in degrees, and its approximate population."""

    name: str
    region: str
    country: str
    code: str  # of the country, ISO 3166
    latitude: float
    longitude: float
    people: int


def towns_within(west: float, south: float, east: float, north: float, limit: int) -> list[dict[str, Any]]:
    """The most populous towns of a box in degrees, the largest first. `west` is greater across the date line."""
    towns = gazetteer()
    start, end = np.searchsorted(towns.latitudes, [south, north])
    longitudes = towns.longitudes[start:end]
    inside = (longitudes >= west) & (longitudes <= east)
    if west > east:
        inside = (longitudes >= west) | (longitudes <= east)
    found = np.flatnonzero(inside) + start
    largest = found[np.argsort(-towns.spreads[found], kind="stable")[:limit]]
    return [asdict(town(towns, int(index))) for index in largest]


def find_towns(text: str, limit: int) -> list[dict[str, Any]]:
    """Towns whose name begins with the text, ignoring accents and case; whole names first, then the most populous.

    What follows a comma must be in the name of the region or the country: `Springfield, Illinois`.
    """
    name, _, area = (fold(part.strip()) for part in text.partition(","))
    if not name:
        return []
    towns, (blob, starts) = gazetteer(), _names()
    hits: list[tuple[bool, float, int]] = []
    place = blob.find(f"\n{name}")
    while place >= 0 and len(hits) < EXAMINED:
        index = bisect_right(starts, place) - 1
        whole = blob.startswith("\n", place + 1 + len(name))
        hits.append((not whole, -float(towns.spreads[index]), index))
        place = blob.find(f"\n{name}", place + 1)
    found = (town(towns, index) for _, _, index in sorted(hits))
    fitting = [one for one in found if not area or area in fold(f"{one.region}, {one.country}")]
    return [asdict(one) for one in fitting[:limit]]


def town(towns: Gazetteer, index: int) -> Town:
    code, region = towns.area_names[towns.areas[index]]
    people = round((float(towns.spreads[index]) / CITY_SPREAD) ** 2)
    position = float(towns.latitudes[index]), float(towns.longitudes[index])
    return Town(towns.name(index), region or "", towns.countries.get(code, code), code, *position, people)


def fold(text: str) -> str:
    """The text without accents and case."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(character for character in plain if not unicodedata.combining(character)).casefold()


@cache
def _names() -> tuple[str, list[int]]:
    """All folded names, each after a line feed, and where each of them begins."""
    towns = gazetteer()
    lines = [f"\n{fold(towns.name(index))}" for index in range(len(towns.name_starts))]
    return "".join(lines) + "\n", [0, *accumulate(map(len, lines))][:-1]
