"""Dates in file names, as phones, cameras, messengers and people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import PurePath

from media.metadata.fields import Moment

_DAY = r"(?P<year>(?:18[3-9]|19\d|20\d)\d)(?P<s>[-_. ]?)(?P<month>0[1-9]|1[0-2])(?P=s)(?P<day>0[1-9]|[12]\d|3[01])"
_CLOCK = (
    r"(?P<hour>[01]\d|2[0-3])(?P<t>[-_.:h ]?)(?P<minute>[0-5]\d)(?:(?P=t)(?P<second>[0-5]\d)(?P<fraction>\d{1,3})?)?"
)
# Screenshots and messengers put a word of their language there: at, um, à, a la(s), kl., 下午.
_BETWEEN = (
    r"(?:[-_. T]+|, | - | [^\W\d_][^\d]{0,9} (?=\d\d[.:]\d\d[.:]\d\d)| ?(?P<half>上午|下午|午前|午後|오전|오후) ?)?"
)
_FULL = re.compile(rf"(?<!\d){_DAY}{_BETWEEN}{_CLOCK}(?:[-_.](?P<millis>\d{{3}}))?(?!\d)", re.IGNORECASE)
_DATED = re.compile(rf"(?<!\d){_DAY}(?!\d)", re.ASCII)
_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>0[1-9]|[12]\d|3[01])\.(?P<month>0[1-9]|1[0-2])\.(?P<year>(?:19|20)\d\d)(?!\d)", re.ASCII
)
_TELEGRAM = re.compile(r"@(\d\d)-(\d\d)-(\d{4})(?=_)", re.ASCII)  # photo_1@02-01-2023_03-04-05
_IDEOGRAMS = re.compile(r"(?<=\d)[年月](?=\d)|(?<=\d)日")
_SECONDS = re.compile(
    r"(?:^|^(?:FB_IMG_|received_|mmexport|IMG_|VID_|image_|wx_camera_|microMsg\.|RPReplay_Final)|_BURST)"
    r"(?P<seconds>1\d{9})(?P<millis>\d{3})?(?!\d)",
    re.ASCII,
)
# Checksums and identifiers hold digits that look like anything.
_HEX = re.compile(r"(?<![0-9a-z])(?=[0-9-]*[a-f])[0-9a-f]{8}(?:-?[0-9a-f]{4,}){2,}(?![0-9a-z])", re.IGNORECASE)
# Google's camera writes UTC, as do names that say so; everything else writes the wall clock.
_UTC = re.compile(r"^(?:PXL_|UTC[-_ ])|(?<=\d)Z(?![a-z])|[-_ ]UTC\b", re.IGNORECASE)
_HALF = re.compile(r"^[-_.\s]*([AP])\.?M\b", re.IGNORECASE)


def find_moment(name: str) -> Moment | None:
    """The moment a file name tells, or None.

    `IMG_20230102_030405.jpg`, `PXL_20230102_030405123.jpg` (UTC), `IMG-20230102-WA0001.jpg` (the day only),
    `Screenshot_2023-01-02-03-04-05.png`, `2023-01-02 03.04.05.jpg`, `Screen Shot 2023-01-02 at 3.04.05 PM.png`,
    `mmexport1672628645000.jpg` (seconds since 1970).
    """
    stem = PurePath(name).name
    stem = stem[: -len(PurePath(stem).suffix)] if PurePath(stem).suffix else stem
    stem = _HEX.sub("", _TELEGRAM.sub(r"@\3-\2-\1", _IDEOGRAMS.sub("-", stem)))
    stem = re.sub(r"(?:(?<=[^\W\d_] )|(?<=[.)] )|(?<=[午前後전후]))(\d)(?=[.:]\d\d[.:]\d\d)", r"0\1", stem)
    found = _FULL.search(stem)
    if found:
        return _moment(found, stem, precise=True)
    epoch = _SECONDS.search(stem)
    if epoch:
        instant = datetime.fromtimestamp(int(epoch["seconds"]), UTC)
        return Moment("filename", instant=instant + timedelta(milliseconds=int(epoch["millis"] or 0)))
    found = _DATED.search(stem) or _DAY_FIRST.search(stem)
    return _moment(found, stem, precise=False) if found else None


def _moment(found: re.Match[str], stem: str, precise: bool) -> Moment | None:
    part = found.groupdict()
    hour = int(part.get("hour") or 0)
    after = _HALF.match(stem[found.end() :])
    half = part.get("half") or (after[1] if after else "")
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half in ("p", "P", "下午", "午後", "오후") else 0)
    fraction = part.get("fraction") or part.get("millis") or ""
    try:
        local = datetime(
            int(part["year"]),
            int(part["month"]),
            int(part["day"]),
            hour,
            int(part.get("minute") or 0),
            int(part.get("second") or 0),
            int(fraction.ljust(6, "0")) if fraction else 0,
        )
    except ValueError:  # the 31st of February
        return None
    if precise and _UTC.search(stem):
        return Moment("filename", instant=local.replace(tzinfo=UTC))
    return Moment("filename", local=local, precise=precise)
