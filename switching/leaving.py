"""A whole library as files that other programs read: originals, sidecars, folders of albums, and the catalogue.

    DIR/originals/2024/05/IMG_1.jpg        and IMG_1.jpg.xmp: dates, words, tags as trees, people as MWG regions
    DIR/albums/Travels/Rome/IMG_1.jpg      links to the originals
    DIR/catalogue.jsonl                    everything Mirage knows; `switch_from mirage` reads it

Doing it again writes what is missing or has changed. Nothing in DIR is deleted.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from accounts.models import User
from albums.models import Album
from albums.sharing import inside
from media import names
from media.sandbox import SandboxedError, UnreadableFile, shared
from mirage.refusals import NotPossible
from photos import catalogue
from photos.editing import sidecar_writing
from photos.ingest import intake
from photos.models import Photo
from photos.storage import paths

CATALOGUE = "catalogue.jsonl"
OnPhoto = Callable[[int, int], None]


@dataclass
class Written:
    """What an export has written."""

    originals: int = 0
    sidecars: int = 0
    links: int = 0
    unchanged: int = 0
    failures: dict[str, str] = field(default_factory=dict)


def export_library(
    owner: User,
    folder: Path,
    *,
    originals: bool = True,
    sidecars: bool = True,
    albums: bool = True,
    on_photo: OnPhoto = lambda done, total: None,
) -> Written:
    """Write a library into a folder. Raises NotPossible if it is ours."""
    if folder.resolve().is_relative_to(paths.originals_folder().parent.resolve()):
        raise NotPossible(_("This folder belongs to Mirage itself. Choose another one."))
    photos = Photo.objects.filter(owner=owner, trashed_at=None)
    report, places = Written(), dict(places_of(owner))
    for done, photo in enumerate(photos.order_by("pk").iterator(chunk_size=500), 1):
        target = folder / "originals" / places[photo.pk]
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if originals:
                copy_original(photo, target, report)
            if sidecars:
                write_sidecar(photo, target.with_name(f"{target.name}.xmp"), report)
        except OSError as error:
            report.failures[names.shown(photo.path)] = intake.explain(error)
        except (UnreadableFile, SandboxedError) as error:
            report.failures[names.shown(photo.path)] = str(error)
        on_photo(done, len(places))
    if albums:
        link_albums(owner, folder, places, report)
    write_catalogue(owner, folder)
    return report


def places_of(owner: User) -> Iterator[tuple[int, Path]]:
    """Where each photo goes, by its date. Two of one name get a number, the same every time."""
    taken: set[str] = set()
    rows = Photo.objects.filter(owner=owner).order_by("pk").values_list("pk", "original_name", "taken_local")
    for pk, name, local in rows.iterator():
        stem, dot, extension = paths.clean_name(name).rpartition(".")
        stem, extension = (stem, f".{extension}") if dot else (extension, "")
        month, number = f"{local.year:04d}/{local.month:02d}", 1
        place = f"{month}/{stem}{extension}"
        while place.casefold() in taken:  # some disks do not tell capitals
            number += 1
            place = f"{month}/{stem}-{number}{extension}"
        taken.add(place.casefold())
        yield pk, Path(place)


def copy_original(photo: Photo, target: Path, report: Written) -> None:
    """Copy the original unless it is there already. A copy that was cut off never has the whole name."""
    source = paths.original_file(photo)
    status = source.stat()
    if target.exists() and target.stat().st_size == status.st_size and target.stat().st_mtime >= status.st_mtime - 2:
        report.unchanged += 1
        return
    half = target.with_name(f".{target.name}.part")
    try:
        shutil.copy2(source, half)
        os.replace(half, target)
    finally:
        half.unlink(missing_ok=True)
    report.originals += 1


def write_sidecar(photo: Photo, target: Path, report: Written) -> None:
    """Write the sidecar, which includes what another program's says."""
    words, foreign = sidecar_writing.words_of(photo), sidecar_writing.foreign_sidecar(photo)
    packet = shared().call("media.metadata.xmp_writing:render_file", words, foreign or target)
    if target.exists() and target.read_bytes() == packet:
        report.unchanged += 1
        return
    sidecar_writing.replace(target, packet)
    report.sidecars += 1


def link_albums(owner: User, folder: Path, places: dict[int, Path], report: Written) -> None:
    """A folder of links for each album by hand, in the folders that it is in."""
    taken: set[Path] = set()
    top = Album.objects.filter(owner=owner, parent=None)
    albums = [each for album in top.order_by("pk") for each in (album, *inside(album))]
    for album in albums:
        if not album.is_manual:
            continue
        place, number = folder_of(album), 1
        while place in taken:
            number += 1
            place = folder_of(album).with_name(f"{folder_of(album).name} ({number})")
        taken.add(place)
        (folder / "albums" / place).mkdir(parents=True, exist_ok=True)
        for photo in album.items.filter(photo__trashed_at=None, photo__owner=owner).values_list("photo_id", flat=True):
            link(folder / "albums" / place / link_name(places[photo]), folder / "originals" / places[photo], report)


def folder_of(album: Album) -> Path:
    """Where an album's folder is, below `albums`."""
    parts = [paths.clean_name(album.name.replace("/", "-"))]
    above = album.parent
    while above is not None:
        parts.insert(0, paths.clean_name(above.name.replace("/", "-")))
        above = above.parent
    return Path(*parts)


def link_name(place: Path) -> str:
    """The name of a link: two photos of one name from two months get the month."""
    return f"{place.parts[0]}-{place.parts[1]} {place.name}"


def link(at: Path, to: Path, report: Written) -> None:
    """Link to the original; copy it where the disk has no links."""
    if at.is_symlink() or at.exists():
        report.unchanged += 1
        return
    try:
        at.symlink_to(os.path.relpath(to, at.parent))
    except OSError:
        shutil.copy2(to, at)
    report.links += 1


def write_catalogue(owner: User, folder: Path) -> None:
    """Everything Mirage knows about the photos, one a line."""
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".{CATALOGUE}.part"
    with half.open("w", encoding="utf-8") as stream:
        for line in catalogue.export(Photo.objects.filter(owner=owner)):
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
    os.replace(half, folder / CATALOGUE)
