"""Dates and times from tags: parsing, time zones, and plausibility."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate

from media.metadata.fields import Moment, Precision
from media.sentences import english

EARLIEST_YEAR = 1826  # the year of the oldest surviving photograph
CLOCK_SOURCES = ("exif", "maker", "container")  # what a camera writes by its own clock
# Where the clocks of QuickTime, DOS and Unix begin, and many cameras after the battery was out; and until when a date
# comes rather from a clock that was not set than from somebody. Unix's shows the beginning in local time.
EPOCHS = (
    (datetime(1904, 1, 1), timedelta(hours=1)),
    (datetime(1970, 1, 1), timedelta(hours=4)),
    (datetime(1980, 1, 1), timedelta(hours=1)),
    (datetime(2000, 1, 1), timedelta(minutes=1)),
)
UNIX_IN_THE_WEST = timedelta(hours=-10)
GPS_EPOCH = datetime(1980, 1, 6, tzinfo=UTC)  # GPS time begins: receivers without a fix report earlier dates
GPS_SLACK = timedelta(minutes=3)  # how far local time may be off GPS time on the quarter hour
# Offsets from UTC in use anywhere since there are cameras with GPS: whole hours, and these.
HALF_HOURS = (-570, -270, -210, -150, 210, 270, 330, 345, 390, 510, 525, 570, 630, 690, 765, 825)  # minutes

# `2023:06:07 13:45:55`, `2023-06-07T13:45:55.12+02:00`, `2023-06-07T13`,
# `2023: 6: 7  3.04.05 PM`, `2023:00:00`, `2023:06:07 13:45:  `
_HALF = r"[ap]\.?\s?m\b\.?"
_DATE = re.compile(
    r"^\s*(?P<year>\d{4})(?:[:\-/. ](?P<month>[ \d]?\d|  )(?:[:\-/. ](?P<day>[ \d]?\d|  ))?|(?P<packed>\d{4}))?"
    rf"(?:[T :]+(?:(?P<before>{_HALF})\s*)?(?P<hour>\d{{1,2}})"
    r"(?:(?P<t>[:.])(?P<minute>[ \d]?\d)(?:(?P=t)(?P<second>[ \d]?\d)(?:[.,](?P<fraction>\d+))?|:\s*)?"
    r"|:?\s*:?\s*(?=$|Z|[+-]\d))"
    rf"\s*(?P<half>{_HALF})?|[T :]+(?=$))?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{1,2}:?\d{2})?\s*$",
    re.IGNORECASE | re.ASCII,
)
_HALVES = (re.compile("上午|午前|오전"), " AM "), (re.compile("下午|午後|오후"), " PM ")  # as some phones write them
_OFFSET = re.compile(r"^\s*(?:(Z|UTC|GMT)|([+-])(\d{1,2}):?(\d{2})?)", re.IGNORECASE | re.ASCII)
# How people and archives write that they are not sure: `circa 1974`, `ca. 1974`, `1974?`, `1974~`.
_ABOUT = re.compile(
    r"^\s*(?:(?:c|ca|circa|about|approx|approximately|um|etwa|vers)\b\.?|~)?\s*(\d{4})\s*[?~%]?\s*$", re.IGNORECASE
)
_ZONE_AT_END = re.compile(r":\d\d(?: \d{4})?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})\s*$", re.IGNORECASE)
_HALF_OF_CLOCK = re.compile(rf"\d\s*({_HALF})", re.IGNORECASE)
_IN_WORDS = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE)
_MARKS = str.maketrans(dict.fromkeys("\0\u00a0\u202f", " ") | dict.fromkeys("\u200e\u200f"))


def parse(
    value: str | None,
    source: str,
    subseconds: str | None = None,
    offset: str | None = None,
    digitized: bool = False,
) -> Moment | None:
    """A time as EXIF, XMP, IPTC and containers write it, also padded, or of a year or month alone.

    Zero and blank fields are unknown, and so are a day that is not in its month and a time that no clock shows. None if
    the value is empty, all zeros or not a date. 24:00 and a leap second are read as what they mean.
    """
    text = _plain(value)
    found = _DATE.match(text)
    if not found:
        return _in_words(text, source, digitized)
    part = found.groupdict()
    year, month, day = int(part["year"]), _number(part["month"]), _number(part["day"])
    if part["packed"]:
        month, day = int(part["packed"][:2]), int(part["packed"][2:])
    precision: Precision = "year" if not month else "month" if not day else "time" if part["minute"] else "day"
    if month and 28 < day <= 31 and not _exists(year, month, day):
        precision = "month"
    try:
        local = datetime(year, month or 1, day if precision in ("day", "time") else 1)
        clock = _clock(part, subseconds) if precision == "time" else timedelta()
        if clock is None:
            precision = "day"
        local += clock or timedelta()
    except (ValueError, OverflowError):
        return None
    moment = Moment.zoned(source, local, parse_offset(part["zone"] or offset), precision)
    return replace(moment, digitized=digitized)


def _plain(value: str | None) -> str:
    """The value in ASCII digits and words: some phones wrote those of their owner's language."""
    text = (value or "")[:100].translate(_MARKS)
    for pattern, half in _HALVES:
        text = pattern.sub(half, text)
    return text if text.isascii() else "".join(str(unicodedata.decimal(c, c)) for c in text)


def _number(text: str | None) -> int:
    return int(text.strip() or 0) if text else 0


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and year > 0 and day <= monthrange(year, month)[1]


def _clock(part: dict[str, str | None], subseconds: str | None) -> timedelta | None:
    """The time of day, or None if no clock shows it."""
    hour, minute, second = _number(part["hour"]), _number(part["minute"]), _number(part["second"])
    if hour > 24 or minute > 59:
        return None
    half = part["half"] or part["before"]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half[0] in "Pp" else 0)
    digits = re.match(r"\d+", (part["fraction"] or subseconds or "").strip(), re.ASCII)
    microseconds = int(digits[0][:6].ljust(6, "0")) if digits else 0
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59), microseconds=microseconds)


def _in_words(text: str, source: str, digitized: bool) -> Moment | None:
    """`Mon, 2 Jan 2023 03:04:05 +0100` and `Jan 2, 2023 3:04:05 PM`, as in text chunks of PNG and AVI; `circa 1974`."""
    if about := _ABOUT.match(text):
        year = int(about[1])
        return Moment(source, local=datetime(year, 1, 1), precision="year", digitized=digitized) if year else None
    try:
        whole = text if ":" in text else f"{text} 00:00"
        parts = parsedate(whole) if _IN_WORDS.search(text) else None
        if parts is None:
            return None
        year, month, day, hour, minute, second = parts[:6]
        if (half := _HALF_OF_CLOCK.search(text)) and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half[1][0] in "Pp" else 0)
        local = datetime(year, month, day, hour, minute, second)
    except (ValueError, TypeError, IndexError):
        return None
    zone = _ZONE_AT_END.search(text)
    moment = Moment.zoned(source, local, parse_offset(zone[1]) if zone else None, "time" if ":" in text else "day")
    return replace(moment, digitized=digitized)


def parse_offset(value: str | None) -> int | None:
    """Minutes east of UTC from `+02:00`, `-0330`, `+2`, `Z`; None if it is not one or does not exist anywhere."""
    found = _OFFSET.match(value or "")
    if not found:
        return None
    if found[1]:
        return 0
    minutes = int(found[3]) * 60 + int(found[4] or 0)
    if minutes > 14 * 60:
        return None
    return -minutes if found[2] == "-" else minutes


def impossible(wall: datetime, now: datetime) -> str | None:
    """Why no photo can have been taken at this local time, in words; None if one can."""
    if wall.year < EARLIEST_YEAR:
        return english("%(date)s is before the first photograph", date=f"{wall.year:04}-{wall:%m-%d}")
    if wall > now.replace(tzinfo=None) + timedelta(days=1):
        return english("%(date)s is in the future", date=f"{wall.year:04}-{wall:%m-%d}")
    return None


def unset(moment: Moment) -> str | None:
    """Why this may come from a camera's clock that was not set, in words; None if somebody dated the picture.

    Only a camera's own full time near the beginning of its clock is doubted: no date without a time, none with an
    offset, and none that a person or a program wrote.
    """
    wall = moment.wall
    if wall is None or moment.source not in CLOCK_SOURCES or not moment.precise or moment.offset is not None:
        return None
    since_unix = wall - datetime(1970, 1, 1)
    western = UNIX_IN_THE_WEST <= since_unix < timedelta() and wall.minute == 0
    if western or any(timedelta() <= wall - begin < until for begin, until in EPOCHS):
        return english("%(time)s is what an unset clock says", time=f"{wall:%Y-%m-%d %H:%M}")
    return None


def offset_from_gps(local: datetime, gps_instant: datetime) -> int | None:
    """Minutes east of UTC from the local time and the GPS time of one shot.

    None if no place on Earth has that offset: one of the two is outdated.
    """
    difference = local - gps_instant.astimezone(UTC).replace(tzinfo=None)
    minutes = round(difference / timedelta(minutes=15)) * 15
    real = (minutes % 60 == 0 and -12 * 60 <= minutes <= 14 * 60) or minutes in HALF_HOURS
    return minutes if real and abs(difference - timedelta(minutes=minutes)) <= GPS_SLACK else None
