"""A whole library as files that other programs read: originals, sidecars, folders of albums, and the catalogue.

    DIR/originals/2024/05/IMG_1.jpg        and IMG_1.jpg.xmp: dates, words, tags as trees, people as MWG regions
    DIR/edited/2024/05/IMG_1.jpg           edited pictures, with their words in the file
    DIR/albums/Travels/Rome/IMG_1.jpg      links to the edited pictures, else to the originals
    DIR/catalogue.jsonl                    everything Mirage knows; `switch_from mirage` reads it

Doing it again writes what is missing or has changed. Nothing in DIR is deleted. A copy of a photo has no file of its
own: it comes as its edited picture, or not at all.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from accounts.models import User
from albums.models import Album
from albums.sharing import inside
from media import names
from media.sandbox import SandboxedError, UnreadableFile, shared
from media.sentences import english
from mirage.refusals import NotPossible
from photos import catalogue
from photos.editing import sidecar_writing
from photos.ingest import intake
from photos.models import Photo
from photos.storage import copies, paths

CATALOGUE = "catalogue.jsonl"
MADE = ".made.json"  # in the folder of edited pictures: from which edit each was made
OnPhoto = Callable[[int, int], None]


@dataclass
class Written:
    """What an export has written."""

    originals: int = 0
    sidecars: int = 0
    edited: int = 0
    links: int = 0
    unchanged: int = 0
    failures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Parts:
    """What is written. `links` says whether albums have links or copies of the files."""

    originals: bool = True
    sidecars: bool = True
    edited: bool = True
    albums: bool = True
    links: bool = True


def export_library(
    owner: User, folder: Path, parts: Parts = Parts(), on_photo: OnPhoto = lambda done, total: None
) -> Written:
    """Write a library into a folder. Raises NotPossible if it is ours."""
    if folder.resolve().is_relative_to(paths.originals_folder().parent.resolve()):
        raise NotPossible(_("This folder belongs to Mirage itself. Choose another one."))
    photos = Photo.objects.filter(owner=owner, trashed_at=None)
    report, places = Written(), dict(places_of(owner))
    made = Made(folder / "edited", places.values())
    files: dict[int, Path] = {}  # what stands for each photo in albums
    try:
        for done, photo in enumerate(photos.order_by("pk").iterator(chunk_size=500), 1):
            try:
                files[photo.pk] = write_photo(photo, folder, places, parts, made, report)
            except OSError as error:
                report.failures[names.shown(photo.path)] = intake.explain(error)
            except (UnreadableFile, SandboxedError) as error:
                report.failures[names.shown(photo.path)] = str(error)
            on_photo(done, len(places))
    finally:  # what was made before a stop is not made again
        made.keep()
    if parts.albums:
        fill_albums(owner, folder, files, parts, report)
    write_catalogue(owner, folder)
    return report


def write_photo(
    photo: Photo, folder: Path, places: dict[int, Path], parts: Parts, made: "Made", report: Written
) -> Path:
    """Write the files of a photo. Returns the one that stands for it."""
    whole = photo
    if photo.is_copy:
        whole = (
            Photo.objects.filter(owner=photo.owner_id, sha256=photo.sha256, trashed_at=None).of_files().first() or photo
        )
    target = folder / "originals" / places[whole.pk]
    target.parent.mkdir(parents=True, exist_ok=True)
    if parts.originals and photo == whole:
        copy_original(photo, target, report)
    if parts.sidecars and photo == whole:
        write_sidecar(photo, target.with_name(f"{target.name}.xmp"), report)
    if parts.edited and not copies.is_original(photo, copies.Form()):
        return made.write(photo, places[photo.pk], report)
    return target


class Made:
    """The folder of edited pictures. It knows from which edit each was made, so that only what has changed is made."""

    def __init__(self, folder: Path, places: Iterable[Path]) -> None:
        self.folder = folder
        self.taken = {place.as_posix().casefold() for place in places}
        try:
            found = json.loads((folder / MADE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = {}
        self.before = found if isinstance(found, dict) else {}
        self.now: dict[str, str] = {}

    def write(self, photo: Photo, place: Path, report: Written) -> Path:
        """Write the edited picture, with the extension that its format has."""
        path = copies.place_of(photo, copies.Form())
        named = self.name_for(place, path.suffix)
        target = self.folder / named
        if photo.is_video and not copies.is_shown(photo):
            raise UnreadableFile(english("The edited video is still being made. Try again later."))
        if self.before.get(named.as_posix()) == path.name and target.exists():
            report.unchanged += 1
        else:
            lay_there = path.exists()
            copy = copies.copy_of(photo, copies.Form())
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                replace_file(copy.path, target)
            finally:
                if not lay_there and copy.path == path:  # made for this alone; a video's is what pages show
                    path.unlink(missing_ok=True)
            report.edited += 1
        self.now[named.as_posix()] = path.name
        return target

    def name_for(self, place: Path, suffix: str) -> Path:
        """The place with this extension: IMG_1.NEF becomes IMG_1.NEF.jpg, as IMG_1.jpg may be another photo's."""
        if place.suffix.lower().replace(".jpeg", ".jpg") == suffix:
            return place
        name, number = f"{place.name}{suffix}", 1
        while place.with_name(name).as_posix().casefold() in self.taken:
            number += 1
            name = f"{place.name}-{number}{suffix}"
        self.taken.add(place.with_name(name).as_posix().casefold())
        return place.with_name(name)

    def keep(self) -> None:
        """Note from which edit each is; also those of which nothing is known this time, as their files are there."""
        if self.now:
            self.folder.mkdir(parents=True, exist_ok=True)
            known = json.dumps({**self.before, **self.now}, sort_keys=True)
            sidecar_writing.replace(self.folder / MADE, known.encode())


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
    """Copy the original unless it is there already."""
    source = paths.original_file(photo)
    status = source.stat()
    if target.exists() and target.stat().st_size == status.st_size and target.stat().st_mtime >= status.st_mtime - 2:
        report.unchanged += 1
        return
    replace_file(source, target)
    report.originals += 1


def replace_file(source: Path, target: Path) -> None:
    """Copy a file. A copy that was cut off never has the whole name."""
    half = target.with_name(f".{target.name}.part")
    try:
        shutil.copy2(source, half)
        os.replace(half, target)
    finally:
        half.unlink(missing_ok=True)


def write_sidecar(photo: Photo, target: Path, report: Written) -> None:
    """Write the sidecar, which includes what another program's says."""
    words, foreign = sidecar_writing.words_of(photo), sidecar_writing.foreign_sidecar(photo)
    packet = shared().call("media.metadata.xmp_writing:render_file", words, foreign or target)
    if target.exists() and target.read_bytes() == packet:
        report.unchanged += 1
        return
    sidecar_writing.replace(target, packet)
    report.sidecars += 1


def fill_albums(owner: User, folder: Path, files: dict[int, Path], parts: Parts, report: Written) -> None:
    """A folder of links or copies for each album by hand, in the folders that it is in."""
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
        items = album.items.filter(photo__trashed_at=None, photo__owner=owner)
        for photo in Photo.objects.filter(pk__in=items.values("photo")).order_by("pk").iterator(chunk_size=500):
            if photo.pk in files:
                at = folder / "albums" / place / link_name(files[photo.pk])
                try:
                    put(at, standing(photo, files[photo.pk], folder, parts, report), report, link=parts.links)
                except OSError as error:
                    report.failures[names.shown(photo.path)] = intake.explain(error)


def standing(photo: Photo, file: Path, folder: Path, parts: Parts, report: Written) -> Path:
    """The file that an album links to or copies. An original that was not asked for is written only for links."""
    if not parts.originals and file.is_relative_to(folder / "originals"):
        if not parts.links:
            return paths.original_file(photo)
        copy_original(photo, file, report)
    file.stat()  # a link to nothing helps nobody
    return file


def folder_of(album: Album) -> Path:
    """Where an album's folder is, below `albums`."""
    parts = [paths.clean_name(album.name.replace("/", "-"))]
    above = album.parent
    while above is not None:
        parts.insert(0, paths.clean_name(above.name.replace("/", "-")))
        above = above.parent
    return Path(*parts)


def link_name(file: Path) -> str:
    """The name in an album: two photos of one name from two months get the month."""
    return f"{file.parts[-3]}-{file.parts[-2]} {file.name}"


def put(at: Path, file: Path, report: Written, *, link: bool) -> None:
    """Link to the file; copy it where copies are wanted or the disk has no links."""
    wanted = os.path.relpath(file, at.parent)
    if at.is_symlink() and os.readlink(at) == wanted if link else is_same(at, file):
        report.unchanged += 1
        return
    at.unlink(missing_ok=True)
    try:
        if not link:
            raise OSError("copies are wanted")
        at.symlink_to(wanted)
    except OSError:
        replace_file(file, at)
    report.links += 1


def is_same(at: Path, file: Path) -> bool:
    """Whether the copy in an album has the size and time of its file."""
    if at.is_symlink() or not at.exists():
        return False
    one, other = at.stat(), file.stat()
    return one.st_size == other.st_size and abs(one.st_mtime - other.st_mtime) <= 2


def write_catalogue(owner: User, folder: Path) -> None:
    """Everything Mirage knows about the photos, one a line."""
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".{CATALOGUE}.part"
    with half.open("w", encoding="utf-8") as stream:
        for line in catalogue.export(Photo.objects.filter(owner=owner)):
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
    os.replace(half, folder / CATALOGUE)
