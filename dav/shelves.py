"""The library as folders that can only be read: by month, by album, by person, and the favourites.

Names are stable. The first photo of a folder with a name has it; another of the same name, or one whose name no file
can have, gets a part of its key: `IMG_1 ~k3Jd9x.jpg`. Photos in the trash keep theirs, so that the others keep theirs.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from accounts.models import User
from albums.access import visible_albums
from albums.models import Album
from albums.rules.smart import photos_matching
from dav.protocol.paths import Segments
from people.access import people_of
from people.models import Face, Person
from photos.access import photos_of, visible_photos
from photos.models import Photo, PhotoQuerySet
from photos.storage.paths import clean_name

KEY_SHOWN = 6
MARKED = re.compile(rf"(?P<stem>.*) ~(?P<key>[\w-]{{{KEY_SHOWN}}})(?P<extension>(?:\.[^. ]*)?)", re.DOTALL)
FETCHED = (
    "key", "original_name", "size", "sha256", "media_type", "file_modified_at", "taken_at", "trashed_at", "owner_id",
)  # fmt: skip


@dataclass(frozen=True)
class Folder:
    """A folder of a shelf: what is in it, either folders or photos."""

    folders: Callable[[], Iterator[tuple[str, "Folder"]]] | None = None
    find_folder: Callable[[str], "Folder | None"] | None = None
    photos: Callable[[], PhotoQuerySet] | None = None


Found = Folder | Photo | None


def marked(name: str, key: str) -> str:
    """A name with a part of the key before its extension."""
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem:
        stem, dot, extension = name, "", ""
    return f"{stem} ~{key[:KEY_SHOWN]}{dot}{extension}"


def shelves_of(user: User) -> dict[str, Folder]:
    """The folders at the top beside `Upload/`."""
    return {
        "Photos": Folder(folders=lambda: years(user), find_folder=lambda name: year(user, name)),
        "Albums": named_folders(lambda: albums(user)),
        "People": named_folders(lambda: people(user)),
        "Favourites": Folder(photos=lambda: photos_of(user).filter(favourite=True)),
    }


def find(user: User, names: Segments) -> Found:
    """What is at this path, which begins with the name of a shelf. None if there is nothing."""
    place: Found = shelves_of(user).get(names[0])
    for name in names[1:]:
        if not isinstance(place, Folder):
            return None
        place = place.find_folder(name) if place.find_folder else photo_named(place, name)
    return place


def listed(folder: Folder) -> Iterator[tuple[str, Folder | Photo]]:
    """What is in the folder, with names."""
    if folder.folders:
        yield from folder.folders()
    elif folder.photos:
        yield from named_photos(folder.photos())


# --- photos -----------------------------------------------------------------------------------------------------------


def named_photos(photos: PhotoQuerySet) -> Iterator[tuple[str, Photo]]:
    """The photos with the names of their files."""
    seen: set[str] = set()
    for photo in photos.order_by("pk").only(*FETCHED).iterator():
        name = clean_name(photo.original_name)
        if name != photo.original_name or name in seen:
            name = marked(name, photo.key)
        seen.add(photo.original_name)
        if photo.trashed_at is None:
            yield name, photo


def photo_named(folder: Folder, name: str) -> Photo | None:
    """The photo of the folder with this name."""
    assert folder.photos
    photos = folder.photos()
    first = photos.filter(original_name=name).order_by("pk").first()
    if first is not None and clean_name(name) == name:
        return first if first.trashed_at is None else None
    if not (found := MARKED.fullmatch(name)):
        return None
    for photo in photos.filter(key__startswith=found["key"], trashed_at=None):
        if marked(clean_name(photo.original_name), photo.key) == name and called(photos, photo) == name:
            return photo
    return None


def called(photos: PhotoQuerySet, photo: Photo) -> str:
    """The name of this photo in a folder with these."""
    name = clean_name(photo.original_name)
    first = photos.filter(original_name=photo.original_name).order_by("pk").first()
    plain = name == photo.original_name and first is not None and first.pk == photo.pk
    return name if plain else marked(name, photo.key)


# --- by month ---------------------------------------------------------------------------------------------------------


def months(user: User) -> list[int]:
    """The months with photos, as yyyymm."""
    present = photos_of(user).present().order_by("taken_month")
    return list(present.values_list("taken_month", flat=True).distinct())


def years(user: User) -> Iterator[tuple[str, Folder]]:
    for number in sorted({month // 100 for month in months(user)}):
        yield f"{number:04d}", year_folder(user, number)


def year(user: User, name: str) -> Folder | None:
    known = {f"{month // 100:04d}": month // 100 for month in months(user)}
    return year_folder(user, known[name]) if name in known else None


def year_folder(user: User, number: int) -> Folder:
    def inside() -> Iterator[tuple[str, Folder]]:
        for month in months(user):
            if month // 100 == number:
                yield f"{month % 100:02d}", month_folder(user, month)

    return Folder(folders=inside, find_folder=lambda name: dict(inside()).get(name))


def month_folder(user: User, month: int) -> Folder:
    return Folder(photos=lambda: photos_of(user).filter(taken_month=month))


# --- albums and people ------------------------------------------------------------------------------------------------


def named_folders(found: Callable[[], Iterator[tuple[str, str, Folder]]]) -> Folder:
    """A folder of folders whose names are made from a name and a key."""

    def inside() -> Iterator[tuple[str, Folder]]:
        seen: set[str] = set()
        for written, key, folder in found():
            name = clean_name(written)
            if name in seen:
                name = f"{name} ~{key[:KEY_SHOWN]}"
            seen.add(name)
            yield name, folder

    return Folder(folders=inside, find_folder=lambda name: dict(inside()).get(name))


def albums(user: User) -> Iterator[tuple[str, str, Folder]]:
    """The user's albums and those shared with the user, also smart ones; folders of albums are left out."""
    for album in visible_albums(user).exclude(kind=Album.Kind.FOLDER).select_related("owner").order_by("pk"):
        yield album.name, album.key, Folder(photos=lambda album=album: photos_in(user, album))  # type: ignore[misc]


def photos_in(user: User, album: Album) -> PhotoQuerySet:
    """The photos of an album that the user sees."""
    if album.is_smart:
        found = photos_matching(album.owner, album.query)
        return found if album.owner_id == user.pk else visible_photos(user).filter(pk__in=found.values("pk"))
    return visible_photos(user).filter(album_items__album=album)


def people(user: User) -> Iterator[tuple[str, str, Folder]]:
    """The named people in the user's library."""
    for person in people_of(user).filter(hidden=False).exclude(name="").order_by("pk"):
        yield person.name, person.key, Folder(photos=lambda person=person: photos_with(user, person))  # type: ignore[misc]


def photos_with(user: User, person: Person) -> PhotoQuerySet:
    seen = Face.objects.filter(person=person, not_a_face=False).values("photo")
    return photos_of(user).filter(pk__in=seen)
