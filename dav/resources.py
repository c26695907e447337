"""What is at a path: a file or folder of `Upload/`, a photo, or a folder of a shelf. All look the same from outside."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from accounts.models import User
from dav import folders, shelves
from dav.access import entries_of, entry_at
from dav.asked import UPLOAD, Asked
from dav.models import Entry
from dav.protocol.paths import Segments
from dav.protocol.refusals import not_found
from dav.shelves import Folder
from photos.models import Photo

ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)  # of folders that are made for each answer
TAG = 32  # characters of an ETag; some programs have no room for more
OTHER_TYPE = "application/octet-stream"


@dataclass(frozen=True)
class Resource:
    """A file or folder with what programs want to know about it."""

    names: Segments
    is_folder: bool
    tag: str  # the ETag, unquoted
    ident: str  # a number for Nextcloud's app
    modified: datetime = ALWAYS
    created: datetime = ALWAYS
    size: int = 0
    mime: str = OTHER_TYPE
    photo: Photo | None = None
    entry: Entry | None = None
    shelf: Folder | None = None

    @property
    def name(self) -> str:
        return self.names[-1] if self.names else "Mirage"

    @property
    def is_writable(self) -> bool:
        return self.names[:1] == (UPLOAD,)


def find(asked: Asked) -> Resource:
    """What the request is about. Raises Refusal (404), also for what the password may not see."""
    user, names = asked.user, asked.names
    if not names:
        return Resource((), True, tag_of(user.pk, "root"), ident_of(user.pk, ()))
    if names[0] == UPLOAD:
        if len(names) == 1:
            return upload(user)
        return of_entry(folders.existing(user, names[1:], with_photo=True), names)
    if not asked.may("read"):
        raise not_found()
    found = shelves.find(user, names)
    if found is None:
        raise not_found()
    return of_photo(names, found) if isinstance(found, Photo) else of_shelf(user, names, found)


def at(asked: Asked, names: Segments) -> Resource | None:
    """What is at another path of the same user, as far as it can be changed."""
    if names[:1] != (UPLOAD,) or len(names) == 1:
        return None
    entry = entry_at(asked.user, names[1:])
    return of_entry(entry, names) if entry else None


def children(asked: Asked, resource: Resource) -> Iterator[Resource]:
    """What is in a folder."""
    user, names = asked.user, resource.names
    if not names:
        yield upload(user)
        if asked.may("read"):
            for name, folder in shelves.shelves_of(user).items():
                yield of_shelf(user, (name,), folder)
    elif names[0] == UPLOAD:
        for entry in folders.children(user, resource.entry).iterator(chunk_size=1000):
            yield of_entry(entry, (*names, entry.name))
    elif resource.shelf:
        for name, found in shelves.listed(resource.shelf):
            inside = (*names, name)
            yield of_photo(inside, found) if isinstance(found, Photo) else of_shelf(user, inside, found)


def upload(user: User) -> Resource:
    """The folder `Upload/` itself."""
    newest = entries_of(user).order_by("-changed_at").values_list("changed_at", flat=True).first() or user.date_joined
    return Resource(
        (UPLOAD,), True, tag_of(user.pk, "upload", newest), ident_of(user.pk, (UPLOAD,)), newest, user.date_joined
    )


def of_entry(entry: Entry, names: Segments) -> Resource:
    """A file or folder of `Upload/`."""
    if entry.is_folder:
        tag = tag_of(entry.pk, entry.changed_at)
        return Resource(names, True, tag, str(entry.pk), entry.changed_at, entry.created_at, entry=entry)
    photo = entry.photo
    mime = photo.media_type if photo else OTHER_TYPE
    tag = entry.sha256[:TAG] or tag_of(entry.pk, "empty")
    return Resource(
        names, False, tag, str(entry.pk), entry.modified_at, entry.created_at, entry.size, mime, photo, entry
    )


def of_photo(names: Segments, photo: Photo) -> Resource:
    """A photo on a shelf."""
    ident = str(photo.pk + PHOTOS_FROM)
    return Resource(
        names,
        False,
        photo.sha256[:TAG],
        ident,
        photo.file_modified_at,
        photo.taken_at,
        photo.size,
        photo.media_type,
        photo,
    )


def of_shelf(user: User, names: Segments, folder: Folder) -> Resource:
    ident = ident_of(user.pk, names)
    return Resource(names, True, tag_of(user.pk, *names), ident, shelf=folder)


PHOTOS_FROM = 1 << 40  # so that no photo has the number of a file below `Upload/`
SHELVES_FROM = 1 << 50


def ident_of(owner: int, names: Segments) -> str:
    """A number for a folder that has no row."""
    digest = hashlib.sha256("/".join([str(owner), *names]).encode()).digest()
    return str(SHELVES_FROM + int.from_bytes(digest[:5], "big"))


def tag_of(*parts: object) -> str:
    """An ETag for what has no content."""
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()[:TAG]
