"""A zip that is created while it is sent: stored without compression, which pictures do not need, ZIP64 if needed.

The position of every byte is known in advance, so browsers can show how much is left, and an interrupted download can
be resumed (.ZIP File Format Specification 6.3.10).
"""

import hashlib
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

BLOCK = 256 * 1024
LARGE = 0x7FFFFFFF  # larger sizes and positions take eight bytes: some readers treat four bytes as signed
MOST_MEMBERS = 0xFFFF  # that the end record without ZIP64 can count

_EARLIEST, _LATEST = datetime(1980, 1, 1), datetime(2107, 12, 31, 23, 59, 58)  # the range of a zip's dates
_SIZES_FOLLOW, _UTF8 = 0x0008, 0x0800  # flags
_UNIX, _FILE = 3 << 8, 0o100644 << 16
_VERSION, _VERSION_64 = 20, 45
_SEE_EXTRA = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Entry:
    """A file for the zip: its name there, its source, size in bytes, and date.

    `source` is a file or the content itself. `wall_clock` is the local time of `instant`, naive. `content` identifies
    the content, if that is possible, so that its checksum can be remembered. `moved` says where a file is that is
    not at its place any more.
    """

    name: str
    source: Path | bytes
    size: int
    wall_clock: datetime
    instant: datetime
    content: str = ""
    moved: Callable[[], Path] | None = None


class SourceChanged(Exception):
    """A file's size changed after the zip's length was announced."""


@dataclass(frozen=True, slots=True)
class Member:
    """An entry with its position in the zip."""

    entry: Entry
    header: bytes
    start: int

    @property
    def content_start(self) -> int:
        return self.start + len(self.header)

    @property
    def content_end(self) -> int:
        return self.content_start + self.entry.size

    @property
    def is_large(self) -> bool:
        return self.entry.size > LARGE


class Zip:
    """The layout of a zip. `checksums` are CRC-32 sums by content, known from earlier downloads."""

    def __init__(self, entries: Iterable[Entry], checksums: MutableMapping[str, int] | None = None) -> None:
        self.members: list[Member] = []
        self._checksums: MutableMapping[str, int] = {} if checksums is None else checksums
        self._computed: dict[int, int] = {}  # by the member's start
        end = 0
        for entry in entries:
            member = Member(entry, _local_header(entry), end)
            self.members.append(member)
            end = member.content_end + (24 if member.is_large else 16)
        self._directory_start = end
        self.length = end + len(self._directory(dict.fromkeys(range(len(self.members)), 0)))

    @property
    def tag(self) -> str:
        """An identifier of the zip, computed from names, sizes, dates and known contents."""
        digest = hashlib.sha256()
        for member in self.members:
            digest.update(f"{member.entry.content}\0{member.entry.size}\0".encode())
            digest.update(member.header)
        return digest.hexdigest()[:32]

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`. Raises OSError or SourceChanged, which breaks the download off."""
        stop = self.length if stop is None else stop
        for place, block in self._placed(start, stop):
            if place >= stop:
                return
            part = block[max(0, start - place) : max(0, stop - place)]
            if part:
                yield part

    def _placed(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """The blocks that contain these bytes, each with its position. Earlier members are skipped."""
        for member in self.members:
            descriptor_end = member.content_end + (24 if member.is_large else 16)
            if descriptor_end <= start:
                continue
            if member.start >= stop:
                return
            yield member.start, member.header
            if member.content_end > start:
                yield from self._content(member)
            yield member.content_end, _descriptor(member, self._checksum(member))
        if stop > self._directory_start:
            sums = {number: self._checksum(member) for number, member in enumerate(self.members)}
            yield self._directory_start, self._directory(sums)

    def _content(self, member: Member) -> Iterator[tuple[int, bytes]]:
        """The file's blocks with their positions. Also computes the checksum."""
        place, checksum = member.content_start, 0
        for block in _blocks(member.entry):
            if place + len(block) > member.content_end:
                raise SourceChanged(member.entry.name)
            checksum = zlib.crc32(block, checksum)
            yield place, block
            place += len(block)
        if place != member.content_end:
            raise SourceChanged(member.entry.name)
        self._remember(member, checksum)

    def _checksum(self, member: Member) -> int:
        """The CRC-32 of a member: remembered, or computed by reading the file again."""
        known = self._computed.get(member.start)
        if known is None and member.entry.content:
            known = self._checksums.get(member.entry.content)
        if known is None:
            for _ in self._content(member):
                pass
            known = self._computed[member.start]
        return known

    def _remember(self, member: Member, checksum: int) -> None:
        self._computed[member.start] = checksum
        if member.entry.content:
            self._checksums[member.entry.content] = checksum

    def _directory(self, checksums: MutableMapping[int, int]) -> bytes:
        """The central directory and the end records."""
        records = b"".join(_central_header(member, checksums[number]) for number, member in enumerate(self.members))
        count, size, start = len(self.members), len(records), self._directory_start
        end = b""
        if count > MOST_MEMBERS or size > LARGE or start > LARGE:
            end = struct.pack(
                "<4sQ2H2L4Q", b"PK\6\6", 44, _VERSION_64, _VERSION_64, 0, 0, count, count, size, start
            ) + struct.pack("<4sLQL", b"PK\6\7", 0, start + size, 1)
            count, size, start = min(count, MOST_MEMBERS), min(size, _SEE_EXTRA), min(start, _SEE_EXTRA)
        return records + end + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, start, 0)


def unique_names(names: Iterable[str]) -> list[str]:
    """The names, with " (2)" before the extension where one occurs again. Takes linear time."""
    taken: set[str] = set()
    numbers: dict[str, int] = {}  # the last one given, by name
    result = []
    for name in names:
        path, candidate, folded = PurePosixPath(name), name, _folded(name)
        number = numbers.get(folded, 1)
        while _folded(candidate) in taken:
            number += 1
            candidate = f"{path.stem} ({number}){path.suffix}"
        numbers[folded] = number
        taken.add(_folded(candidate))
        result.append(candidate)
    return result


def _folded(name: str) -> str:
    """Equal for names that Windows or macOS considers the same."""
    return unicodedata.normalize("NFC", name).casefold()


# --- records ----------------------------------------------------------------------------------------------------------


def _local_header(entry: Entry) -> bytes:
    """A local header. Checksum and sizes follow the content; ZIP64's extra field says in how many bytes."""
    name, large = entry.name.encode(), entry.size > LARGE
    extra = _date_extra(entry) + (struct.pack("<HHQQ", 1, 16, 0, 0) if large else b"")
    size = _SEE_EXTRA if large else 0
    version = _VERSION_64 if large else _VERSION
    fixed = (version, _SIZES_FOLLOW | _UTF8, 0, *_clock(entry), 0, size, size, len(name), len(extra))
    return struct.pack("<4s5H3L2H", b"PK\3\4", *fixed) + name + extra


def _descriptor(member: Member, checksum: int) -> bytes:
    size = member.entry.size
    return struct.pack("<4sLQQ" if member.is_large else "<4sLLL", b"PK\7\x08", checksum, size, size)


def _central_header(member: Member, checksum: int) -> bytes:
    entry, name = member.entry, member.entry.name.encode()
    size, start, long = entry.size, member.start, b""
    if size > LARGE:
        long, size = struct.pack("<QQ", size, size), _SEE_EXTRA
    if start > LARGE:
        long, start = long + struct.pack("<Q", start), _SEE_EXTRA
    extra = (struct.pack("<HH", 1, len(long)) + long if long else b"") + _date_extra(entry)
    version = _VERSION_64 if long else _VERSION
    told = (_UNIX | version, version, _SIZES_FOLLOW | _UTF8, 0, *_clock(entry), checksum, size, size)
    lengths = (len(name), len(extra), 0, 0, 0)
    return struct.pack("<4s6H3L5H2L", b"PK\1\2", *told, *lengths, _FILE, start) + name + extra


def _clock(entry: Entry) -> tuple[int, int]:
    """Time and date in MS-DOS format."""
    at = min(max(entry.wall_clock.replace(tzinfo=None), _EARLIEST), _LATEST)
    return at.hour << 11 | at.minute << 5 | at.second // 2, (at.year - 1980) << 9 | at.month << 5 | at.day


def _date_extra(entry: Entry) -> bytes:
    """Info-ZIP's extended timestamp: the instant. The zip's own date has no time zone."""
    seconds = int(entry.instant.astimezone(UTC).timestamp())
    return struct.pack("<HHBi", 0x5455, 5, 1, min(max(seconds, -(2**31)), 2**31 - 1))


def _blocks(entry: Entry) -> Iterator[bytes]:
    if isinstance(entry.source, bytes):
        yield entry.source
        return
    with _opened(entry, entry.source) as file:
        while block := file.read(BLOCK):
            yield block


def _opened(entry: Entry, path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        if entry.moved is None:
            raise
        return entry.moved().open("rb")
