"""Time zones: which one applies at a position, and its offset at a local time. Offline."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from timezonefinder import TimezoneFinder


@cache
def _finder() -> TimezoneFinder:
    from timezonefinder import (
        TimezoneFinder,
    )  # with numpy and numba, which code that only needs an offset does not load

    # Polygons stay in the mapped file: 35 MB less than in memory, and a look-up takes microseconds either way.
    return TimezoneFinder()


def zone_at(latitude: float, longitude: float) -> str | None:
    """The name of the time zone at a position, also at sea."""
    return _finder().timezone_at(lat=latitude, lng=longitude)


@cache
def _countries() -> dict[str, str]:
    table = resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows if len(row) >= 3}


def country_at(latitude: float, longitude: float) -> str | None:
    """The ISO code of the country whose time zone applies at a position; None at sea and in disputed places."""
    zone = zone_at(latitude, longitude)
    return _countries().get(zone) if zone else None


def offset_of(local: datetime, zone: str) -> int | None:
    """Minutes east of UTC of a zone's clocks at a local time; None for an unknown zone."""
    try:
        offset = local.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OverflowError):
        return None
    return None if offset is None else round(offset.total_seconds() / 60)


def local_in(instant: datetime, zone: str) -> datetime | None:
    """The local time of a zone at a time in UTC; None for an unknown zone."""
    try:
        return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except (ZoneInfoNotFoundError, ValueError, OverflowError):
        return None
