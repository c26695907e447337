"""iCloud's export: photos in `Photos`, their details in `Photo Details*.csv`, albums as lists of names."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath

from media.mediatypes import looks_like_media
from takeout.sources import Member

MAX_CSV = 64 * 1024 * 1024  # bytes
ALBUM_FOLDERS = {"albums", "memories"}
SHARED_FOLDERS = {"shared albums", "icloud shared albums"}
DETAILS = re.compile(r"^photo details.*\.csv$", re.IGNORECASE)
EDITED = re.compile(r"^(IMG)_E(\d{4,}.*)$", re.IGNORECASE)
FLAGS = ("favorite", "hidden", "deleted")  # columns
YES = {"yes", "true", "1"}
DATE = "%A %B %d,%Y %I:%M %p %Z"


@dataclass(frozen=True)
class Details:
    """A line of Photo Details. `created` is in UTC."""

    favourite: bool
    hidden: bool
    deleted: bool
    created: datetime | None


@dataclass
class Album:
    """An album: the names of its photos in a list, or the files in its folder."""

    name: str
    names: list[str] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)


@dataclass
class Export:
    media: list[Member]
    details: dict[str, Details]  # by name
    albums: list[Album]
    other: list[Member]


def is_export(members: Iterable[Member]) -> bool:
    """Whether any of iCloud's lists is there."""
    return any(is_details(member) or is_album_list(member) for member in members)


def is_details(member: Member) -> bool:
    return bool(DETAILS.match(member.name))


def is_album_list(member: Member) -> bool:
    return member.name.lower().endswith(".csv") and member.folder.lower() in ALBUM_FOLDERS


def read_export(members: Iterable[Member]) -> Export:
    """Sort the files by what they are. Reads the lists and no photo."""
    export = Export([], {}, [], [])
    albums: dict[str, Album] = {}
    for member in members:
        if looks_like_media(member.name):
            export.media.append(member)
            if shared := shared_album(member):
                albums.setdefault(shared, Album(shared)).members.append(member)
        elif is_details(member):
            export.details |= read_details(rows_of(member))
        elif is_album_list(member) and member.folder.lower() == "albums":
            name = PurePosixPath(member.name).stem
            albums.setdefault(name, Album(name)).names += [row[0].strip() for row in rows_of(member)[1:] if row]
        else:
            export.other.append(member)
    export.albums = [albums[name] for name in sorted(albums)]
    return export


def shared_album(member: Member) -> str | None:
    """The name of the shared album that has the file in its folder."""
    parts = PurePosixPath(member.path).parts
    return parts[-2] if len(parts) >= 3 and parts[-3].lower() in SHARED_FOLDERS else None


def rows_of(member: Member) -> list[list[str]]:
    return list(csv.reader(io.StringIO(member.read(MAX_CSV).decode("utf-8-sig", "replace"), newline="")))


def read_details(rows: Sequence[Sequence[str]]) -> dict[str, Details]:
    """The lines of Photo Details by the photo's name. The head of a column says what it is."""
    if not rows:
        return {}
    heads = [head.strip().lower() for head in rows[0]]
    found = {}
    for row in rows[1:]:
        values = dict(zip(heads, (value.strip() for value in row), strict=False))
        if name := values.get("imgname"):
            favourite, hidden, deleted = (values.get(flag, "").lower() in YES for flag in FLAGS)
            found[name] = Details(favourite, hidden, deleted, as_date(values.get("originalcreationdate", "")))
    return found


def as_date(value: str) -> datetime | None:
    """The time in `Saturday June 12,2021 10:12 PM GMT`; None if it is written in another way."""
    try:
        return datetime.strptime(value.replace("\u202f", " "), DATE).replace(tzinfo=UTC)
    except ValueError:
        return None


def edited_pairs(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of original and edited copy by Apple's names: IMG_1234.HEIC and IMG_E1234.JPG."""
    stems: dict[str, list[str]] = {}
    for name in names:
        stems.setdefault(PurePosixPath(name).stem.lower(), []).append(name)
    pairs = []
    for stem, copies in stems.items():
        if found := EDITED.match(stem):
            originals = stems.get(f"{found[1]}_{found[2]}".lower(), [])
            pairs += [(original, copy) for copy in copies for original in originals]
    return pairs
