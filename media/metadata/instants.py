"""Dates and times out of tags: parsing, time zones, and whether to believe them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from media.metadata.fields import Moment

EARLIEST_YEAR = 1826  # the year of the oldest surviving photograph
UNSET_YEARS = (1904, 1970, 1980)  # where QuickTime's, Unix's and DOS's clocks begin
RESET = datetime(2000, 1, 1)  # what many cameras set after the battery was out
GPS_EPOCH = datetime(1980, 1, 6, tzinfo=UTC)  # when GPS time begins: receivers without a fix tell earlier dates
GPS_SLACK = timedelta(minutes=3)  # how far a wall clock may be off the GPS time on the quarter hour

_DATE = re.compile(
    r"^\s*(\d{4})(?:[:\-/. ](\d{1,2})(?:[:\-/. ](\d{1,2}))?)?"
    r"(?:[T ]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d+))?)?)?"
    r"\s*(Z|UTC|[+-]\d{1,2}:?\d{2})?\s*$",
    re.IGNORECASE | re.ASCII,
)
_OFFSET = re.compile(r"^\s*(?:(Z|UTC)|([+-])(\d{1,2}):?(\d{2})?)", re.IGNORECASE | re.ASCII)


def parse(
    value: str | None,
    source: str,
    subseconds: str | None = None,
    offset: str | None = None,
    digitized: bool = False,
) -> Moment | None:
    """A moment as EXIF or XMP writes it (`2023:06:07 13:45:55`, `2023-06-07T13:45:55.12+02:00`, `2023-06`).

    None where the value is empty, all zeros or no date at all. 24:00 and a leap second are taken as what they mean.
    """
    found = _DATE.match((value or "").replace("\0", " "))
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        local = datetime(int(year), int(month or 1), int(day or 1))
        local += timedelta(hours=int(hour or 0), minutes=int(minute or 0), seconds=min(int(second or 0), 59))
        if int(hour or 0) > 24 or int(minute or 0) > 59:
            return None
        digits = re.match(r"\d+", (fraction or subseconds or "").strip(), re.ASCII)
        local += timedelta(microseconds=int(digits[0][:6].ljust(6, "0")) if digits else 0)
    except (ValueError, OverflowError):
        return None
    moment = Moment.zoned(source, local, parse_offset(zone or offset), precise=hour is not None)
    return replace(moment, digitized=digitized)


def parse_offset(value: str | None) -> int | None:
    """Minutes east of UTC out of `+02:00`, `-0330`, `+2`, `Z`; None where it is none or beyond what exists."""
    found = _OFFSET.match(value or "")
    if not found:
        return None
    if found[1]:
        return 0
    minutes = int(found[3]) * 60 + int(found[4] or 0)
    if minutes > 14 * 60:
        return None
    return -minutes if found[2] == "-" else minutes


def doubt(wall: datetime, now: datetime) -> str | None:
    """Why a wall clock is not to be believed, in words; None where it may be."""
    if wall.year < EARLIEST_YEAR:
        return f"{wall:%Y-%m-%d} is before the first photograph"
    if wall > now.replace(tzinfo=None) + timedelta(days=1):
        return f"{wall.year:04}-{wall:%m-%d} is in the future"
    if ((wall.month, wall.day) == (1, 1) and wall.year in UNSET_YEARS) or wall.replace(microsecond=0) == RESET:
        return f"{wall:%Y-%m-%d} is what an unset clock says"
    return None


def offset_from_gps(local: datetime, gps_instant: datetime) -> int | None:
    """Minutes east of UTC from the wall clock and the GPS time of the same shot, on the quarter hour.

    None where they lie further apart than any zone does, or so far off the quarter that one of the two is stale.
    """
    difference = local - gps_instant.astimezone(UTC).replace(tzinfo=None)
    quarters = round(difference / timedelta(minutes=15))
    if abs(difference - quarters * timedelta(minutes=15)) > GPS_SLACK or not -48 <= quarters <= 56:
        return None
    return quarters * 15
