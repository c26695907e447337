"""Photos whose files lie beside a photo's, found by their names: halves of one photo, a RAW's JPEG, an edit."""

import re
from collections.abc import Iterable
from pathlib import PurePath

from photos.models import Photo, PhotoQuerySet
from photos.storage import paths

NAMESAKES = 4  # files with the same name in a month's folder: IMG_1.MOV, IMG_1-1.MOV, …
NUMBER = re.compile(r"-[1-9]\d?$")


def beside(photo: Photo, stems: Iterable[str], extensions: Iterable[str], whole: Iterable[str] = ()) -> PhotoQuerySet:
    """The owner's photos in the same folder whose files may have these names, by stem and extension or whole.

    What they are called by their owner, and all else, is for the caller to compare.
    """
    stems, extensions, whole = set(stems), tuple(extensions), tuple(whole)
    places = places_of(photo, {*stems, *own_stems(photo)}, extensions, whole)
    # As queries of their own: in one with the owner, SQLite would read all photos of the owner.
    there = Photo.objects.filter(path__in=places).order_by().values("pk")
    if not photo.in_place:
        there = there.union(called(photo, names_of(stems, extensions, whole)).order_by().values("pk"))
    return Photo.objects.filter(owner=photo.owner_id, pk__in=there).exclude(pk=photo.pk).of_files()


def called(photo: Photo, names: list[str]) -> PhotoQuerySet:
    """Photos with these names that came into the same folder: files may be renamed after they were sent."""
    folder = f"{PurePath(photo.path).parent}/"
    return Photo.objects.filter(original_name__in=names, folder=photo.folder, path__startswith=folder)


def own_stems(photo: Photo) -> set[str]:
    """How the photo's own file is called: a storage template may give both files the name of their second."""
    stem = PurePath(photo.path).stem
    return set() if photo.in_place else {stem, NUMBER.sub("", stem)}


def places_of(photo: Photo, stems: Iterable[str], extensions: tuple[str, ...], whole: Iterable[str]) -> list[str]:
    """Possible paths."""
    folder = PurePath(photo.path).parent
    names = names_of(stems, extensions, whole)
    if photo.in_place:
        return [str(folder / name) for name in names]
    kept = [PurePath(paths.clean_name(name)) for name in names]
    numbers = ("", *(f"-{number}" for number in range(1, NAMESAKES)))
    return [str(folder / f"{name.stem}{number}{name.suffix}") for name in kept for number in numbers]


def names_of(stems: Iterable[str], extensions: tuple[str, ...], whole: Iterable[str]) -> list[str]:
    """Possible names."""
    return [*(f"{stem}.{form}" for stem in stems for one in extensions for form in (one, one.upper())), *whole]
