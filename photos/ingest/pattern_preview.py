"""What patterns would do to a folder in use, before they are saved, and to photos that are in the library already.

Photos that match stay in the library. Only their owner moves them to the trash, as one action with undo.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from django.db.models import Q
from django.utils.translation import ngettext

from accounts.models import Activity, User
from media import names
from media.mediatypes import looks_like_media
from mirage.wording import number_in_words
from photos.editing import bulk
from photos.editing.bulk import Change, Entry
from photos.ingest import folders, in_use, patterns
from photos.ingest.patterns import Rules
from photos.models import Photo, WatchedFolder

SECONDS = 8.0  # for a preview; what is counted until then is a lower limit
EXAMPLES = 10


@dataclass
class Preview:
    """How many photos and videos of the folder there are, how many are left out, and some of their names."""

    files: int = 0
    left_out: int = 0
    examples: list[str] = field(default_factory=list)
    more: bool = False  # the folder is larger than could be looked through


def preview(folder: WatchedFolder, rules: Rules) -> Preview:
    """What the rules leave out of the folder."""
    found, deadline = Preview(), time.monotonic() + SECONDS
    root = Path(names.actual(folder.path))
    for path, _beside in folders.walk_of(root, in_use.limits_of(folder)).files() if root.is_dir() else ():
        if time.monotonic() > deadline:
            found.more = True
            break
        if not looks_like_media(path.name):
            continue
        found.files += 1
        if rules.why_anywhere(path, is_folder=False):
            found.left_out += 1
            if len(found.examples) < EXAMPLES:
                found.examples.append(names.shown(path.relative_to(root)))
    return found


def already_here(folder: WatchedFolder, rules: Rules, until: float = math.inf) -> list[int]:
    """The ids of the owner's photos from this folder that the rules leave out, without those in the trash.

    Only those that are found until then, by `time.monotonic`. A copy has a file of its size in the folder.
    """
    found = []
    for photo_id, path, size in photos_from(folder):
        if time.monotonic() > until:
            break
        if rules.why_anywhere(path, is_folder=False) and (size is None or has_size(path, size)):
            found.append(photo_id)
    return found


def photos_from(folder: WatchedFolder) -> Iterator[tuple[int, Path, int | None]]:
    """The owner's photos that may be from this folder, where their files are in it, and the size of a copy."""
    root = Path(names.actual(folder.path))
    mine = Photo.objects.filter(owner=folder.owner_id, trashed_at=None)
    if folder.kind == WatchedFolder.Kind.IN_PLACE:
        below = mine.filter(in_place=True, path__startswith=folder.path.rstrip("/") + "/")
        for photo_id, path in below.values_list("pk", "path").iterator():
            yield photo_id, Path(names.actual(path)), None
        return
    top = folders.folder_of(root / "x", root)
    copied = mine.filter(Q(folder=top) | Q(folder__startswith=f"{top}/"), in_place=False)
    for photo_id, inside, name, size in copied.values_list("pk", "folder", "original_name", "size").iterator():
        yield photo_id, root / inside[len(top) :].strip("/") / name, size


def has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except (OSError, ValueError):
        return False


def leave_out(folder: WatchedFolder, by: User) -> Activity | None:
    """Move the photos to the trash that the folder's patterns leave out. None if there are none."""
    ids = already_here(folder, patterns.rules_of(folder))
    return bulk.make(folder.owner, Photo.objects.filter(pk__in=ids), LeaveOut(), by) if ids else None


@dataclass(frozen=True)
class LeaveOut(Change):
    """Move photos to the trash whose files a folder's patterns leave out."""

    verb: ClassVar[str] = "left out"

    def sentence(self, number: int) -> str:
        words = ngettext("Photo moved to the trash", "%(number)s photos moved to the trash", number)
        return words % {"number": number_in_words(number)}

    def apply(self, photo_ids: Sequence[int], stamp: datetime, by: User | None) -> list[Entry]:
        ids = list(Photo.objects.filter(pk__in=photo_ids, trashed_at=None).values_list("pk", flat=True))
        Photo.objects.filter(pk__in=ids).trash()
        return ids

    def revert(self, entries: Sequence[Entry], stamp: datetime) -> int:
        """Restore them. Those that were restored meanwhile are there."""
        Photo.objects.filter(pk__in=entries).restore()
        return 0
