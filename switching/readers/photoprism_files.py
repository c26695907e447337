"""PhotoPrism's own backup: the YAML files in its folders `sidecar` and `albums`, one for each photo and album.

They have no people, no labels and no names of files: a sidecar lies where its photo lies, with the same name but for
the extension. Titles, captions and keywords that PhotoPrism made itself do not come.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from media import names
from media.sentences import english
from switching.readers import yaml_text
from switching.readers.tables import moment, text
from switching.stream import Album, Asset, Library, Unreadable

PROGRAM = "PhotoPrism"
BY_HAND = ("manual", "batch", "admin")  # where a value comes from, if somebody typed it
ALBUM = re.compile(r"albums/(?:album|folder|moment|month|state)/a[a-z0-9]{8,40}\.ya?ml", re.IGNORECASE)
HIDDEN = ".photoprism"  # the folder for sidecars that lie beside the photos
SKIPPED = {"cache", "config", "@eadir"}
LARGEST_SIDECAR, LARGEST_ALBUM = 256 * 1024, 64 * 1024 * 1024
MOST_FILES = 2_000_000
Values = Mapping[str, Any]


@contextmanager
def read(path: Path) -> Iterator[Library]:
    """A folder `storage`, or the folder `sidecar` in it. Raises Unreadable."""
    sidecars: list[str] = []
    albums: list[str] = []
    for found in files_in(path):
        (albums if ALBUM.search(found) else sidecars).append(found)
    if not sidecars:
        raise Unreadable(
            english(
                "There is no index.db in this folder, and no sidecars (.yml) of PhotoPrism. Choose its folder storage."
            )
        )
    library = Library(PROGRAM, "(YAML)", lambda: assets_of(path, sidecars, library), count=len(sidecars))
    library.albums = [album for found in albums if (album := album_of(path / found, library))]
    library.notes.append(english("The files of PhotoPrism have no people and no labels: its index.db has them."))
    yield library


def files_in(root: Path) -> Iterator[str]:
    """The YAML files below a folder, relative to it. Links are not followed."""
    count = 0
    for folder, below, files in os.walk(root):
        below[:] = sorted(name for name in below if name.lower() not in SKIPPED and may_enter(name))
        for name in sorted(files):
            if name.lower().endswith((".yml", ".yaml")) and not os.path.islink(os.path.join(folder, name)):
                count += 1
                if count > MOST_FILES:
                    raise Unreadable(english("There are too many files in this folder."))
                yield PurePosixPath(os.path.relpath(os.path.join(folder, name), root)).as_posix()


def may_enter(name: str) -> bool:
    return name == HIDDEN or not name.startswith(".")


def assets_of(root: Path, sidecars: list[str], library: Library) -> Iterator[Asset]:
    for found in sidecars:
        values = values_of(root / found, LARGEST_SIDECAR)
        if values is None or not values.get("UID") or "TakenAt" not in values:
            library.lose(english("sidecars that cannot be read"))
            continue
        if is_true(values, "Private"):
            library.lose(english("photos marked as private (here nobody else sees what you do not share)"))
        yield asset_of(place_of(root, found), values, library)


def values_of(file: Path, largest: int) -> Values | None:
    """What a file says; None if it cannot be read."""
    try:
        if file.stat().st_size > largest:
            return None
        found = yaml_text.parse(file.read_bytes())
    except (OSError, yaml_text.NotPlain):
        return None
    return found if isinstance(found, dict) else None


def place_of(root: Path, found: str) -> str:
    """Where the photo lies among PhotoPrism's originals, without its extension."""
    parts = [part for part in PurePosixPath(found).with_suffix("").parts if part != HIDDEN]
    above = [*root.parts, *parts]
    if "sidecar" in above[:-1]:
        parts = above[above.index("sidecar") + 1 :]
    return names.shown("/".join(parts))


def asset_of(place: str, values: Values, library: Library) -> Asset:
    details = values.get("Details")
    details = details if isinstance(details, dict) else {}
    keywords = [word for each in text(details.get("Keywords")).split(",") if (word := each.strip())]
    if keywords and text(details.get("KeywordsSrc")) not in BY_HAND:
        library.lose(english("keywords that PhotoPrism made"), len(keywords))
        keywords = []
    original = text(values.get("OriginalName"))
    return Asset(
        key=text(values.get("UID")),
        name=PurePosixPath(original or place).name,
        path=place,
        any_extension=True,
        taken=taken(values),
        title=typed(values, "Title"),
        description=typed(values, "Caption") or typed(values, "Description"),
        favourite=is_true(values, "Favorite"),
        archived=bool(values.get("DeletedAt")),
        tags=tuple(word.replace("/", "-") for word in keywords),
    )


def taken(values: Values) -> datetime | None:
    """The local time. Files before 2023 only have UTC, and the zone if PhotoPrism knows it."""
    local, utc = moment(values.get("TakenAtLocal")), moment(values.get("TakenAt"))
    if local or utc is None:
        return local
    try:
        zone = ZoneInfo(text(values.get("TimeZone")) or "UTC")
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return utc
    return utc.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def typed(values: Values, name: str) -> str:
    """A text that somebody typed."""
    return text(values.get(name)) if text(values.get(f"{name}Src")) in BY_HAND else ""


def is_true(values: Values, name: str) -> bool:
    return str(values.get(name)).lower() == "true"


def album_of(file: Path, library: Library) -> Album | None:
    """An album by hand. Those of folders, months, places and moments follow from the photos."""
    values = values_of(file, LARGEST_ALBUM)
    if values is None:
        library.lose(english("albums that cannot be read"))
        return None
    if text(values.get("Type")) not in ("album", "") or values.get("DeletedAt") or not values.get("Title"):
        return None
    photos = values.get("Photos")
    rows = [row for row in photos if isinstance(row, dict)] if isinstance(photos, list) else []
    return Album(
        key=text(values.get("UID")) or file.stem,
        name=text(values.get("Title")),
        description=text(values.get("Description")) or text(values.get("Caption")),
        assets=tuple(text(row.get("UID")) for row in rows if not is_true(row, "Hidden")),
        newest_first=text(values.get("Order")) == "newest",
    )
