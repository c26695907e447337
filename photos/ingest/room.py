"""Room for what comes: the quota of its owner, and the disk. Files on their way have claimed theirs.

    with room.claimed(owner, size):  # raises Refused
        ...                          # the bytes arrive, and become a photo

So files that come at the same time do not take the same room. Claims are those of this process; what another one took
in is counted as soon as it has a row.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from django.conf import settings
from django.core.cache import cache
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from media import names
from media.sentences import english
from mirage.wording import number_in_words
from photos.ingest import intake
from photos.models import Photo, Upload, WatchedFolder
from photos.storage import paths

REMEMBERED_SECONDS = 10
NEARLY = 0.9  # of a quota: from here on everything is counted again for each file


class Refused(Exception):
    """The request is refused. The message tells the user why, `status` is the HTTP status."""

    status = 400


class TooLarge(Refused):
    status = 413


class OverQuota(TooLarge):
    """The owner's quota has no room for it."""


class NoLibrary(Refused):
    status = 403


class NoSpace(Refused):
    status = 507


@dataclass(eq=False)
class Claim:
    """Room for a file on its way. `left` are the bytes that are not on the disk yet."""

    owner: User
    size: int
    left: int

    def arrived(self, size: int) -> None:
        self.left = max(0, self.left - size)

    def grow_to(self, size: int) -> None:
        """Claim more for a file whose size nobody said. Raises Refused."""
        with _claiming:
            require_allowed(self.owner, size)
            require_room(self.owner, size - self.size)
            self.size = size


_claims: list[Claim] = []
_claiming = RLock()  # between the question whether there is room, and the claim


@contextmanager
def claimed(owner: User, size: int) -> Iterator[Claim]:
    """Hold room for a file until it has a row. Raises Refused."""
    with _claiming:
        require_room(owner, size)
        claim = Claim(owner, size, size)
        _claims.append(claim)
    try:
        yield claim
    finally:
        with _claiming:
            with suppress(ValueError):  # nothing is remembered
                cache.incr(remembered_as(owner), claim.size)
            _claims.remove(claim)


def require_room(owner: User, size: int) -> None:
    """Raises Refused unless the owner may add a file of this size, and the disk has room for it."""
    require_allowed(owner, size)
    if owner.quota_bytes is not None and taken_bytes(owner, size) > owner.quota_bytes:
        raise OverQuota(_(english("This file is larger than what is left of your quota.")))
    paths.uploads_folder().mkdir(parents=True, exist_ok=True)
    try:
        intake.require_space(size + sum(claim.left for claim in list(_claims)))
    except OSError as error:
        words = _(english("Only %(free)s MB are free on the disk of the library, which is not enough for this file."))
        raise NoSpace(words % {"free": intake.free_bytes() // 1_000_000}) from error


def require_allowed(owner: User, size: int) -> None:
    """Raises Refused unless the owner may add files, and any may be as large as this one in all."""
    if not owner.may_upload:
        raise NoLibrary(_(english("Guests have no library of their own to add photos to.")))
    if size > largest():
        most = number_in_words(settings.MIRAGE_UPLOAD_MAX_MB)
        raise TooLarge(_(english("Files larger than %(most)s MB are not accepted.")) % {"most": most})


def taken_bytes(owner: User, more: int) -> int:
    """What the owner's library takes with these bytes and those that are on their way."""
    more += sum(claim.size for claim in list(_claims) if claim.owner.pk == owner.pk)
    if used_bytes(owner) + more > NEARLY * (owner.quota_bytes or 0):
        cache.delete(remembered_as(owner))
    return used_bytes(owner) + more


def remembered_as(owner: User) -> str:
    return f"used-bytes-{owner.pk}"


def largest() -> int:
    """The largest size that a file may have, in bytes."""
    return settings.MIRAGE_UPLOAD_MAX_MB * 1_000_000


def used_bytes(owner: User) -> int:
    """The size of the owner's files and uploads in the library. Remembered for some seconds."""

    def count() -> int:
        stored = Photo.objects.of_files().filter(owner=owner, in_place=False).aggregate(total=Sum("size"))["total"] or 0
        coming = Upload.objects.filter(owner=owner).aggregate(total=Sum("size"))["total"] or 0
        return stored + coming + sum(map(size_of, exports_of(owner)))

    return cache.get_or_set(remembered_as(owner), count, REMEMBERED_SECONDS) or 0


def exports_of(owner: User) -> Iterator[Path]:
    """The files of exports that the owner uploaded and that are not yet imported."""
    uploaded = f"{names.stored(paths.exports_folder())}/"
    for folder in WatchedFolder.objects.filter(owner=owner, path__startswith=uploaded):
        yield from Path(names.actual(folder.path)).glob("*")


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # it was just imported
        return 0
