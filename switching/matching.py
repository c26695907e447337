"""Finding the photos of another program among those that are here: by content, else by path, else by name and size.

A photo is only found if nothing else fits as well.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import PurePosixPath
from typing import NamedTuple

from accounts.models import User
from media.mediatypes import RAW
from photos.models import Photo
from photos.storage import paths
from switching.stream import Asset

CONTENT, PATH, SIZE, TIME = "content", "path", "name and size", "name and time"
SUM = re.compile(r"(?:[0-9a-fA-F]{2})+")
SURE_FOLDERS = 2  # with so many folders in common, a file may have changed its size: a program wrote tags into it

Progress = Callable[[int, int], None]


class Known(NamedTuple):
    """A photo that is here."""

    pk: int
    folders: tuple[str, ...]  # of its path, the innermost first
    size: int
    taken: datetime
    video: bool = False
    came: tuple[str, ...] = ()  # of the folder that it came from, if that is another one

    def in_common(self, folders: tuple[str, ...]) -> int:
        """How many folders above the file have the same names: where it is, or where it came from."""
        return max(in_common(self.folders, folders), in_common(self.came, folders))


class Finder:
    """Finds photos of one owner. All that it needs to know is in memory: about 60 MB for 100,000 photos."""

    def __init__(self, owner: User) -> None:
        self.by_sum: dict[bytes, int] = {}  # SHA-1 and SHA-256
        self.by_name: dict[str, list[Known]] = defaultdict(list)
        above: dict[str, tuple[str, ...]] = {}  # many photos share a folder
        columns = ("pk", "sha1", "sha256", "path", "original_name", "size", "taken_local", "kind", "folder")
        for pk, sha1, sha256, path, name, size, taken, kind, came in (
            Photo.objects.filter(owner=owner).of_files().values_list(*columns).iterator()
        ):
            self.by_sum.update((bytes.fromhex(each), pk) for each in (sha1, sha256) if each)
            folder, _, stored = path.rpartition("/")
            folders = above.get(folder) or above.setdefault(folder, folders_of(path))
            before = above.get(came) or above.setdefault(came, folders_of(f"{came}/_"))
            moment, is_video = taken.replace(tzinfo=None, microsecond=0), kind == Photo.Kind.VIDEO
            known = Known(pk, folders, size, moment, is_video, before)
            for each in {name.casefold(), stored.casefold()}:
                self.by_name[each].append(known)

    @cached_property
    def by_stem(self) -> dict[str, list[tuple[int, Known]]]:
        """The photos by their names without extensions, each with the rank of its form: pictures come first."""
        found: dict[str, list[tuple[int, Known]]] = defaultdict(list)
        for name, there in self.by_name.items():
            found[stem_of(name)] += [(rank_of(name, known), known) for known in there]
        return found

    def find(self, asset: Asset) -> tuple[int, str] | None:
        """The photo, and how it was found."""
        if asset.any_extension:
            return self.find_stem(asset)
        for kept_sum in filter(SUM.fullmatch, (asset.sha1, asset.sha256)):
            if found := self.by_sum.get(bytes.fromhex(kept_sum)):
                return found, CONTENT
        path = asset.path.replace("\\", "/")
        names = {asset.name.casefold(), PurePosixPath(path).name.casefold()} - {""}
        there = list({known.pk: known for name in names for known in self.by_name.get(name, ())}.values())
        return by_path(there, folders_of(path), asset) or by_size(there, asset) or by_time(there, asset)

    def find_stem(self, asset: Asset) -> tuple[int, str] | None:
        """The one of that name with any extension, in the folder that fits best, else taken at that second."""
        path = PurePosixPath(asset.path.replace("\\", "/"))
        folders = folders_of(str(path))
        there = self.by_stem.get(path.name.casefold(), [])
        deepest = max((known.in_common(folders) for _, known in there), default=0)
        best = [each for each in there if deepest and each[1].in_common(folders) == deepest]
        if found := first_of(best):
            return found, PATH
        moment = asset.taken and asset.taken.replace(microsecond=0)
        named = [*there, *self.by_stem.get(asset.name.casefold(), [])]
        found = first_of([each for each in named if each[1].taken == moment])
        return (found, TIME) if found else None


def stem_of(name: str) -> str:
    """A name without its extension."""
    return PurePosixPath(name).stem


def rank_of(name: str, known: Known) -> int:
    """Which file stands for a photo that has several: the picture, then the RAW, then the video."""
    return 2 if known.video else 1 if PurePosixPath(name).suffix in RAW else 0


def first_of(ranked: list[tuple[int, Known]]) -> int | None:
    """The photo of the first rank. None if they lie in several folders, so that they are several photos."""
    if len({known.folders for _, known in ranked}) != 1:
        return None
    return min((rank, known.pk) for rank, known in ranked)[1]


def folders_of(path: str) -> tuple[str, ...]:
    """The folders of a path, the innermost first."""
    return tuple(part.casefold() for part in reversed(PurePosixPath(path).parts[:-1]))


def in_common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many folders above the file have the same names."""
    count = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        count += 1
    return count


def by_path(there: list[Known], folders: tuple[str, ...], asset: Asset) -> tuple[int, str] | None:
    """The one that has the most folders in common, if that is one alone."""
    ranked = sorted(((known.in_common(folders), known) for known in there), key=lambda pair: -pair[0])
    ranked = [(depth, known) for depth, known in ranked if depth and fits(known, depth, asset)]
    if not ranked or (len(ranked) > 1 and ranked[1][0] == ranked[0][0]):
        return None
    return ranked[0][1].pk, PATH


def fits(known: Known, depth: int, asset: Asset) -> bool:
    """Whether the size says that it may be the same file."""
    return asset.size is None or asset.size == known.size or depth >= SURE_FOLDERS


def by_size(there: list[Known], asset: Asset) -> tuple[int, str] | None:
    same = [known for known in there if asset.size and known.size == asset.size]
    return (same[0].pk, SIZE) if len(same) == 1 else None


def by_time(there: list[Known], asset: Asset) -> tuple[int, str] | None:
    """The one taken at that second, if the size is unknown."""
    if asset.taken is None or asset.size is not None:
        return None
    same = [known for known in there if known.taken == asset.taken.replace(microsecond=0)]
    return (same[0].pk, TIME) if len(same) == 1 else None


def fill_sums(owner: User, on_photo: Progress = lambda done, total: None) -> int:
    """Compute the SHA-1 of photos that were imported before Mirage kept it. Returns how many could not be read."""
    missing = Photo.objects.filter(owner=owner, sha1="")
    total, unreadable = missing.count(), 0
    for done, photo in enumerate(missing.order_by("pk").iterator(chunk_size=500), 1):
        try:
            Photo.objects.filter(pk=photo.pk).update(sha1=paths.sha1_of(paths.original_file(photo)))
        except OSError:
            unreadable += 1
        on_photo(done, total)
    return unreadable
