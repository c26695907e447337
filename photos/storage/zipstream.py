"""A zip that is written while it is sent: stored, not deflated (pictures do not shrink), ZIP64 where it is needed.

The layout is the standard library's own; the length is known beforehand, so that browsers show how much is left.
"""

import struct
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

BLOCK = 256 * 1024

_EARLIEST, _LATEST = datetime(1980, 1, 1), datetime(2107, 12, 31, 23, 59, 58)  # what the zip's clock can say
ZIP64_FROM = int(zipfile.ZIP64_LIMIT / 1.05)  # zipfile decides so when it opens a member for writing
_LOCAL, _CENTRAL, _END, _END64 = 30, 46, 22, 56 + 20  # bytes of the fixed parts of its records
_DATE_EXTRA, _ZIP64_LOCAL_EXTRA = 9, 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to go into the zip: its name there, what is read, how long that is, and its date.

    `source` is a file, or the content itself. `wall_clock` is naive; `instant` is the same moment on earth.
    """

    name: str
    source: Path | bytes
    size: int
    wall_clock: datetime
    instant: datetime


class SourceChanged(Exception):
    """A file is no longer as long as it was when the zip's length was announced."""


def unique_names(names: Iterable[str]) -> list[str]:
    """The same names, told apart with " (2)" before the extension."""
    taken: set[str] = set()
    result = []
    for name in names:
        path, number, candidate = PurePosixPath(name), 1, name
        while candidate.casefold() in taken:  # Windows and macOS take "A" and "a" for one file
            number += 1
            candidate = f"{path.stem} ({number}){path.suffix}"
        taken.add(candidate.casefold())
        result.append(candidate)
    return result


def length(entries: Sequence[Entry]) -> int:
    """How many bytes `stream(entries)` will give."""
    position = central = 0
    for entry in entries:
        name = len(entry.name.encode())
        large = entry.size > ZIP64_FROM
        far = (16 if entry.size > zipfile.ZIP64_LIMIT else 0) + (8 if position > zipfile.ZIP64_LIMIT else 0)
        central += _CENTRAL + name + _DATE_EXTRA + (4 + far if far else 0)
        position += _LOCAL + name + _DATE_EXTRA + (_ZIP64_LOCAL_EXTRA if large else 0)
        position += entry.size + (24 if large else 16)
    grown = (
        len(entries) > zipfile.ZIP_FILECOUNT_LIMIT or position > zipfile.ZIP64_LIMIT or central > zipfile.ZIP64_LIMIT
    )
    return position + central + _END + (_END64 if grown else 0)


def stream(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The zip's bytes, in blocks. Raises OSError or SourceChanged: the receiver sees a broken download."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for entry in entries:
            with archive.open(_info(entry), "w") as member:
                written = 0
                for block in _blocks(entry.source):
                    written += len(block)
                    if written > entry.size:
                        break
                    member.write(block)
                    yield from sink.drain()
            if written != entry.size:
                raise SourceChanged(entry.name)
            yield from sink.drain()
    yield from sink.drain()


def _info(entry: Entry) -> zipfile.ZipInfo:
    moment = min(max(entry.wall_clock.replace(tzinfo=None), _EARLIEST), _LATEST)
    info = zipfile.ZipInfo(entry.name, moment.timetuple()[:6])
    info.file_size = entry.size
    info.external_attr = 0o100644 << 16
    info.flag_bits |= 0x800  # the name is UTF-8 whatever it holds
    seconds = int(entry.instant.astimezone(UTC).timestamp())
    # Info-ZIP's extended timestamp: the instant, which the zip's own zoneless clock cannot tell.
    info.extra = struct.pack("<HHBi", 0x5455, 5, 1, min(max(seconds, -(2**31)), 2**31 - 1))
    return info


def _blocks(source: Path | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


class _Sink:
    """Where the zip is written to, and taken from again at once. It cannot seek, so sizes follow their data."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""

    def drain(self) -> list[bytes]:
        parts, self._parts = self._parts, []
        return parts
