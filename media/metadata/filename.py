"""Dates in file names, as phones, cameras, messengers and people write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import PurePath

from media.metadata.fields import Moment

# Fields may be unpadded between separators: 20230102, 2023-01-02, 2023.1.2.
_DAY = (
    r"(?P<year>(?:18[3-9]|19\d|20\d)\d)(?P<s>[-_. ])?(?P<month>0[1-9]|1[0-2]|(?(s)[1-9]|(?!)))"
    r"(?(s)(?P=s))(?P<day>0[1-9]|[12]\d|3[01]|(?(s)[1-9](?!\d)|(?!)))"
)
_MILLIS = r"(?:[-_.](?P<millis>\d{3}))?"
_CLOCK = (
    r"(?P<hour>[01]\d|2[0-3])(?P<t>[-_.:h ]?)(?P<minute>[0-5]\d)(?:(?P=t)(?P<second>[0-5]\d)(?P<fraction>\d{1,3})?)?"
    rf"{_MILLIS}"
)
_LOOSE_CLOCK = rf"(?P<hour>[01]?\d|2[0-3])(?P<t>[-_.:])(?P<minute>[0-5]?\d)(?P=t)(?P<second>[0-5]?\d){_MILLIS}"
_SHORT_CLOCK = r"(?P<hour>[01]?\d|2[0-3])[.:](?P<minute>[0-5]?\d)"
# Halves of the day: before the time in Chinese, Japanese, Korean and Turkish, after it elsewhere.
_AM = r"[aA]\.?\s?[mM]\b|上午|午前|오전|ÖÖ\b|π\.?\s?μ|ص|SA\b"
_PM = r"[pP]\.?\s?[mM]\b|下午|午後|오후|ÖS\b|μ\.?\s?μ|م|CH\b"
# Screenshots and messengers put a word of their language there: at, um, à, a la(s), kl., lúc, 下午.
_WORD = rf"(?:[-_. T]+|, ?| - | ?(?P<word>{_AM}|{_PM}|[^\W\d_][^\d]{{0,11}}?) ?)"
_FULL = tuple(
    re.compile(rf"(?<!\d){_DAY}{pattern}(?!\d)")
    for pattern in (_WORD + _LOOSE_CLOCK, rf"(?:[-_. T]+|, | - )?{_CLOCK}", rf" ?(?P<word>{_AM}|{_PM}) ?{_SHORT_CLOCK}")
)
_DATED = re.compile(rf"(?<!\d){_DAY}(?!\d)")
_DAY_FIRST = re.compile(r"(?<![\d.])(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.((?:19|20)\d\d)(?!\d)")
# 13-07-2019 and 07-13-2019: which is the day shows where one is above 12. Of 02-01-2023 only the year is sure.
_YEAR_LAST = re.compile(r"(?<!\d)(?<!\d[-_.])(\d{1,2})([-_. ])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")
_TELEGRAM = re.compile(r"@(\d\d)-(\d\d)-(\d{4})(?=_)")  # photo_1@02-01-2023_03-04-05
_IDEOGRAMS = (
    (re.compile(r"(?<=\d)[年月년월]\s?(?=\d)"), "-"),
    (re.compile(r"(?<=\d)[日일]\s?"), " "),
    (re.compile(r"(?<=\d)(?:[時时点點시]|[分분](?=\s?\d))\s?(?=\d)"), ":"),
    (re.compile(r"(?<=\d)[分분秒초]"), ""),
)
_SECONDS = re.compile(
    r"(?:^|^(?:FB_IMG_|received_|mmexport|IMG_|VID_|image_|wx_camera_|microMsg\.|RPReplay_Final)|_BURST)"
    r"(?P<seconds>1\d{9})(?P<millis>\d{3})?(?!\d)",
)
# Checksums and identifiers contain digits that look like dates.
_HEX = re.compile(r"(?<![0-9a-z])(?=[0-9-]*[a-f])[0-9a-f]{8}(?:-?[0-9a-f]{4,}){2,}(?![0-9a-z])", re.IGNORECASE)
# Google's camera writes UTC, and so do names that say so; all others write local time.
_UTC = re.compile(r"^(?:PXL_|UTC[-_ ])|(?<=\d)Z(?![a-z])|[-_ ]UTC\b", re.IGNORECASE)
_HALF = re.compile(rf"^[-_.\s]*(?:(?P<am>{_AM})|(?P<pm>{_PM}))")


def find_moment(name: str) -> Moment | None:
    """The moment a file name tells, or None.

    `IMG_20230102_030405.jpg`, `PXL_20230102_030405123.jpg` (UTC), `IMG-20230102-WA0001.jpg` (the day only),
    `Screenshot_2023-01-02-03-04-05.png`, `2023-1-2 3.04.05 p. m..jpg`, `截屏2023-01-02 下午3.04.05.png`,
    `mmexport1672628645000.jpg` (seconds since 1970).
    """
    stem = _normal(PurePath(name).name)
    for pattern in _FULL:
        if found := pattern.search(stem):
            return _moment(found, stem, precise=True)
    epoch = _SECONDS.search(stem)
    if epoch:
        instant = datetime.fromtimestamp(int(epoch["seconds"]), UTC)
        return Moment("filename", instant=instant + timedelta(milliseconds=int(epoch["millis"] or 0)))
    dated = _DATED.search(stem)
    return _moment(dated, stem, precise=False) if dated else _year_at_least(stem)


def _normal(name: str) -> str:
    """The name without its extension, in ASCII's digits and spaces, dates year first, no checksums."""
    stem = name[: -len(PurePath(name).suffix)] if PurePath(name).suffix else name
    plain = (" " if c.isspace() else str(unicodedata.decimal(c, c)) for c in unicodedata.normalize("NFC", stem))
    stem = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    for pattern, replacement in _IDEOGRAMS:
        stem = pattern.sub(replacement, stem)
    stem = _TELEGRAM.sub(r"@\3-\2-\1", _DAY_FIRST.sub(r"\3-\2-\1", _HEX.sub("", stem)))
    return _YEAR_LAST.sub(_year_first, stem)


def _year_first(found: re.Match[str]) -> str:
    """The date year first, if it can be read in one way only."""
    one, other = int(found[1]), int(found[3])
    day, month = (one, other) if one > 12 or one == other else (other, one)
    sure = one == other or max(one, other) > 12
    return f"{found[4]}-{month:02}-{day:02}" if sure and 1 <= month <= 12 and day <= 31 else found[0]


def _year_at_least(stem: str) -> Moment | None:
    """The year of a date of which day and month could be either."""
    found = _YEAR_LAST.search(stem)
    if not found or not (1 <= int(found[1]) <= 12 and 1 <= int(found[3]) <= 12):
        return None
    return Moment("filename", local=datetime(int(found[4]), 1, 1), precision="year")


def _moment(found: re.Match[str], stem: str, precise: bool) -> Moment | None:
    part = found.groupdict()
    fraction = part.get("fraction") or part.get("millis") or ""
    try:
        local = datetime(
            int(part["year"]),
            int(part["month"]),
            int(part["day"]),
            _hour(part, stem[found.end() :]) if precise else 0,
            int(part.get("minute") or 0),
            int(part.get("second") or 0),
            int(fraction.ljust(6, "0")) if fraction else 0,
        )
    except ValueError:  # the 31st of February
        return None
    if precise and _UTC.search(stem):
        return Moment("filename", instant=local.replace(tzinfo=UTC))
    return Moment("filename", local=local, precision="time" if precise else "day")


def _hour(part: dict[str, str | None], after: str) -> int:
    """The hour of 24, by the half of the day that stands before or behind the clock."""
    hour = int(part["hour"] or 0)
    half = _HALF.match(part.get("word") or "") or _HALF.match(after)
    if half and 1 <= hour <= 12:
        return hour % 12 + (12 if half["pm"] else 0)
    return hour
