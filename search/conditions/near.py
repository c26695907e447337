"""Around a place: towns by name from the gazetteer, and distances on the sphere in SQL."""

import math

from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import Cos, Radians, Sin
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext as _

from media.sandbox import shared
from photos.gallery.map import Box, turned
from search.compile import Compiler
from search.language.tree import Term

EARTH_KM = 6371.0
KM_A_DEGREE = math.pi * EARTH_KM / 180


def near(compiler: Compiler, term: Term) -> Q:
    [value] = term.values
    place = position_of(value.text)
    if place is None:
        return compiler.note(_("There is no town “%(name)s” on the map.") % {"name": value.text}, value)
    return within(*place, term.km)


def position_of(text: str) -> tuple[float, float] | None:
    """Latitude and longitude of `38.7,-9.1`, or of the best-known town with this name; None if there is none."""
    try:
        latitude, longitude = map(float, text.split(","))
    except ValueError:
        found = shared().call("media.metadata.towns:find_towns", text[:80], 1)
        return (found[0]["latitude"], found[0]["longitude"]) if found else None
    return latitude, longitude


def within(latitude: float, longitude: float, km: float) -> Q:
    """The photos within this distance of the position. The box comes first because it has an index."""
    least = math.cos(min(km / EARTH_KM, math.pi))
    phi = math.radians(latitude)
    cosine = Value(math.sin(phi), FloatField()) * Sin(Radians("latitude")) + Value(math.cos(phi), FloatField()) * Cos(
        Radians("latitude")
    ) * Cos(Radians(F("longitude") - Value(longitude, FloatField())))
    return around(latitude, longitude, km).condition() & Q(GreaterThanOrEqual(cosine, Value(least, FloatField())))


def around(latitude: float, longitude: float, km: float) -> Box:
    """A box that contains the circle."""
    degrees = km / KM_A_DEGREE
    south, north = latitude - degrees, latitude + degrees
    if south <= -90 or north >= 90:
        return Box(-180.0, max(south, -90.0), 180.0, min(north, 90.0))
    half = math.degrees(math.asin(min(math.sin(min(km / EARTH_KM, math.pi / 2)) / math.cos(math.radians(latitude)), 1)))
    if half >= 90:
        return Box(-180.0, south, 180.0, north)
    return Box(turned(longitude - half), south, turned(longitude + half), north)
