"""The folders of this machine that administrators may choose from in the page: what is in MIRAGE_FOLDERS, no more.

Every path is resolved first, so that neither `..` nor a link leads out of them. The library itself, hidden folders and
those that imports leave out are not shown.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from media import names
from media.left_out import why_left_out, why_not_entered
from media.mediatypes import looks_like_media

SECONDS = 1.0  # for counting all pictures of a page; after that, the counts are lower limits
MOST_FOLDERS = 500
TAKEOUT_SIGNS = ("takeout", "archive_browser.html")
ICLOUD_SIGN = "photo details"


@dataclass(frozen=True, slots=True)
class Count:
    """How many photos and videos are in a folder and below; with `more`, there may be others."""

    pictures: int = 0
    more: bool = False

    def plus(self, other: "Count") -> "Count":
        return Count(self.pictures + other.pictures, self.more or other.more)


@dataclass(frozen=True, slots=True)
class Entry:
    """A folder that can be opened. `stored` names it in addresses and forms."""

    path: Path
    name: str
    count: Count = Count()

    @property
    def stored(self) -> str:
        return names.stored(self.path)


@dataclass(frozen=True, slots=True)
class Place:
    """An open folder with the folders in it."""

    path: Path
    trail: list[Entry]  # from the allowed folder down to this one
    folders: list[Entry]
    count: Count
    is_export: bool = False  # it looks like a Google Takeout or iCloud export
    truncated: bool = False

    @property
    def stored(self) -> str:
        return names.stored(self.path)

    @property
    def shown(self) -> str:
        return names.shown(self.path)


def roots() -> list[Path]:
    """The allowed folders that are there, resolved; those inside others are left out."""
    found = {Path(os.path.realpath(path)) for path in settings.MIRAGE_FOLDERS}
    there = sorted(path for path in found if path.is_dir())
    return [path for path in there if not any(other != path and path.is_relative_to(other) for other in there)]


def allowed(path: Path) -> Path | None:
    """The path resolved, if it is in the allowed folders, outside of the library and not hidden; otherwise None."""
    real = Path(os.path.realpath(path))
    root = next((root for root in roots() if real.is_relative_to(root)), None)
    if root is None or real.is_relative_to(own()):
        return None
    hidden = any(part.startswith(".") for part in real.relative_to(root).parts)
    return None if hidden else real


def own() -> Path:
    """The folder of the library, which is never imported into itself."""
    return Path(os.path.realpath(settings.MIRAGE_DATA))


def start() -> list[Entry]:
    """The allowed folders, to begin with. They are not counted, because they may hold a whole disk."""
    return [Entry(path, names.shown(path)) for path in roots() if can_read(path)]


def open_folder(stored: str) -> Place | None:
    """The folder that a form or address names; None if it is not allowed, not a folder or not readable."""
    path = allowed(Path(names.actual(stored))) if os.path.isabs(stored) and "\0" not in stored else None
    if path is None or not path.is_dir() or not can_read(path):
        return None
    counting = Counting(time.monotonic() + SECONDS)
    inside = sub_folders(path)
    shown = inside[:MOST_FOLDERS]
    entries = [Entry(real, name, counting.below(real)) for name, real in shown]
    count = counting.within(path)
    for entry in entries:
        count = count.plus(entry.count)
    truncated = len(inside) > len(shown)
    total = Count(count.pictures, count.more or truncated)
    return Place(path, trail_to(path), entries, total, looks_exported(path), truncated)


def sub_folders(path: Path) -> list[tuple[str, Path]]:
    """The name and the resolved path of each folder in it that may be opened."""
    found = []
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.name.startswith(".") or not is_folder(entry) or why_not_entered(path / entry.name):
                continue
            real = allowed(path / entry.name)
            if real is not None and can_read(real):
                found.append((names.shown(entry.name), real))
    return sorted(found, key=lambda pair: pair[0].casefold())


def trail_to(path: Path) -> list[Entry]:
    """The folders from the allowed one down to this one, for the line above the list."""
    root = next(root for root in roots() if path.is_relative_to(root))
    between = [path, *path.parents]
    steps = reversed(between[: between.index(root) + 1])
    return [Entry(step, names.shown(step if step == root else step.name)) for step in steps]


def can_read(path: Path) -> bool:
    return os.access(path, os.R_OK | os.X_OK)


def is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def looks_exported(path: Path) -> bool:
    """Whether the folder looks like an export of Google or iCloud, by the names in it."""
    try:
        inside = [name.lower() for name in os.listdir(path)]
    except OSError:
        return False
    zipped = [name for name in inside if name.endswith(".zip")]
    return (
        any(name in TAKEOUT_SIGNS or name.startswith(ICLOUD_SIGN) for name in inside)
        or any(name.startswith(("takeout-", "icloud")) for name in zipped)
        or path.name.lower() == "takeout"
    )


@dataclass
class Counting:
    """Counts pictures by their names until the deadline. Links are not followed."""

    deadline: float

    def within(self, folder: Path) -> Count:
        """Only the files of this folder."""
        try:
            with os.scandir(folder) as entries:
                return Count(sum(is_picture(entry) for entry in entries))
        except OSError:
            return Count()

    def below(self, folder: Path) -> Count:
        """All files of the folder and of those in it."""
        found, waiting, library = 0, [folder], own()
        while waiting:
            if time.monotonic() > self.deadline:
                return Count(found, more=True)
            current = waiting.pop()
            try:
                with os.scandir(current) as entries:
                    for entry in entries:
                        if is_picture(entry):
                            found += 1
                        elif entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                            inner = current / entry.name
                            if inner != library and not why_not_entered(inner):
                                waiting.append(inner)
            except OSError:
                continue
        return Count(found)


def is_picture(entry: os.DirEntry[str]) -> bool:
    """Whether the name is that of a photo or video that an import would take."""
    return not entry.name.startswith(".") and looks_like_media(entry.name) and not why_left_out(entry.name)
