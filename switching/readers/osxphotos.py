"""What osxphotos writes about a library of Apple Photos: its export's database, or the JSON of its queries.

In an export, every file is found by its place. The edited version of a photo lies beside the original as one more file:
both become a stack with the edited one on top.
"""

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, TextIO

from media.mediatypes import RAW, looks_like_media
from media.sentences import english
from switching.readers import tables as reading
from switching.readers.databases import is_sqlite
from switching.readers.tables import Tables, centred, moment, stars, text, whole
from switching.stream import Album, Asset, FaceBox, Library, Person, Stack, Unreadable

PROGRAM = "Apple Photos"
DATABASE = ".osxphotos_export.db"
UNKNOWN = "_UNKNOWN_"
VIDEOS = (".mov", ".mp4", ".m4v")
BLOCK, LONGEST = 1024 * 1024, 32 * 1024 * 1024  # characters: read at once, and in one photo
Photo = Mapping[str, Any]


@dataclass(frozen=True)
class File:
    """A file of a photo, as the export or the library has it."""

    path: str
    size: int | None
    edited: bool = False
    optional: bool = False

    @property
    def extension(self) -> str:
        return PurePosixPath(self.path).suffix.lower()


Files = Callable[[Photo], list[File]]


@dataclass
class Known:
    """What is collected while all photos are read for the first time."""

    count: int = 0
    people: dict[str, Person] = field(default_factory=dict)
    albums: dict[str, Photo] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    stacks: list[Stack] = field(default_factory=list)


@contextmanager
def read(path: Path) -> Iterator[Library]:
    """The folder of an export, its database, or a file of JSON. Raises Unreadable."""
    file = path / DATABASE if path.is_dir() else path
    if not is_sqlite(file):
        yield library_of(lambda: photos_in(file), files_of_library)
        return
    with reading.opened(file, PROGRAM) as tables:
        kept = "photoinfo" if "photoinfo" in tables.names else "info"
        info = "photoinfo" if kept == "photoinfo" else "json_info"
        tables.require("osxphotos", {kept: ("uuid", info)})
        exported = exported_files(tables)
        suffix = edited_suffix(tables)
        rows = lambda: photos_of_rows(tables, kept, info)  # noqa: E731
        yield library_of(rows, lambda photo: files_of_export(photo, exported.get(key_of(photo), []), suffix))


# --- the photos -------------------------------------------------------------------------------------------------------


def photos_of_rows(tables: Tables, table: str, column: str) -> Iterator[Photo]:
    for row in tables.select(table, (column,)):
        try:
            found = json.loads(row[column] or "null")
        except (ValueError, TypeError, RecursionError):
            continue
        if isinstance(found, dict) and key_of(found):
            yield found


def photos_in(file: Path) -> Iterator[Photo]:
    """The photos in a list, or one after the other, without ever having all of them in memory."""
    none = Unreadable(english("This is no JSON of osxphotos: it describes no photos."))
    found = None
    try:
        with file.open(encoding="utf-8", errors="replace") as stream:
            for found in values_in(stream):
                if not isinstance(found, dict) or not key_of(found) or "original_filename" not in found:
                    raise none
                yield found
    except OSError as error:
        raise Unreadable(english("The database cannot be read: %(reason)s.", reason=error.strerror or error)) from error
    if found is None:
        raise none


def values_in(stream: TextIO) -> Iterator[Any]:
    """The values of a list, each decoded as soon as it is whole."""
    decoder, held, ended = json.JSONDecoder(), "", False
    while not ended or held:
        held = held.lstrip(" \t\r\n,[]")
        try:
            found, end = decoder.raw_decode(held)
        except (ValueError, RecursionError) as error:
            more = stream.read(BLOCK)
            ended = not more
            if (ended and held) or len(held) > LONGEST or isinstance(error, RecursionError):
                raise Unreadable(english("This is no JSON of osxphotos, or it was cut off.")) from error
            held += more
            continue
        held = held[end:]
        yield found


def key_of(photo: Photo) -> str:
    return text(photo.get("uuid"))


# --- their files ------------------------------------------------------------------------------------------------------


def exported_files(tables: Tables) -> dict[str, list[tuple[str, int | None]]]:
    """The exported photos and videos by photo: path and size, else that of what they were copied from."""
    table = "export_data" if "export_data" in tables.names else "files"
    source, size = ("src_size", "dest_size") if table == "export_data" else ("orig_size", "exif_size")
    found: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
    for row in tables.select(table, ("uuid", "filepath", source, size), "ORDER BY id"):
        path = text(row["filepath"])
        if looks_like_media(path):
            found[text(row["uuid"])].append((path, whole(row[size]) or whole(row[source])))
    return found


def edited_suffix(tables: Tables) -> str:
    """What the names of edited photos end with."""
    for row in list(tables.select("config", ("config",), "ORDER BY id DESC LIMIT 1")):
        try:
            chosen = tomllib.loads(text(row["config"]))["export"]["edited_suffix"]
        except (tomllib.TOMLDecodeError, KeyError, TypeError, RecursionError):
            break
        if isinstance(chosen, str) and chosen and "{" not in chosen:
            return chosen
    return "_edited"


def files_of_export(photo: Photo, rows: list[tuple[str, int | None]], suffix: str) -> list[File]:
    """The edited version first. The films of Live Photos belong to their pictures here, and previews to nothing."""
    edited = re.compile(re.escape(suffix) + r"(?: \(\d+\))?$")
    files = []
    for path, size in rows:
        stem, extension = PurePosixPath(path).stem, PurePosixPath(path).suffix.lower()
        if not stem.endswith("_preview") and (extension in VIDEOS) == is_film(photo):
            changed = photo.get("hasadjustments") is True and bool(edited.search(stem))
            files.append(File(path, size, edited=changed))
    return sorted(files, key=lambda file: (not file.edited, file.extension in RAW))


def files_of_library(photo: Photo) -> list[File]:
    """The file in the library, and where the edited one would be: exported, or in the library."""
    name = text(photo.get("original_filename"))
    files = [File(text(photo.get("path")) or name, whole(photo.get("original_filesize")))]
    if photo.get("hasadjustments") is True:
        rendered = text(photo.get("path_edited")) or f"{PurePosixPath(name).stem}_edited"
        files.insert(0, File(rendered, None, edited=True, optional=True))
    return files


def is_film(photo: Photo) -> bool:
    return photo.get("ismovie") is True


# --- the library ------------------------------------------------------------------------------------------------------


def library_of(photos: Callable[[], Iterator[Photo]], files: Files) -> Library:
    """All that the photos say. They are read twice: people and albums come first."""
    known, library = Known(), Library(PROGRAM, "(osxphotos)", assets=lambda: assets_of(photos(), files, library))
    for photo in photos():
        collect(photo, files(photo), known)
        count_lost(photo, library)
    library.count, library.people, library.stacks = known.count, known.people, known.stacks
    shared = sum(bool(text(album.get("owner"))) for album in known.albums.values())
    library.lose(english("shares of iCloud (the albums come: share them here again)"), shared)
    library.albums = [album_of(key, album, known.members[key]) for key, album in known.albums.items()]
    return library


def collect(photo: Photo, files: list[File], known: Known) -> None:
    known.count += sum(not file.optional for file in files)
    for face in rows_in(photo, "face_info"):
        if (name := text(face.get("name"))) and name != UNKNOWN:
            known.people.setdefault(name, Person(name, name))
    keys = tuple(asset_key(photo, file) for file in files)
    for album in albums_in(photo):
        key = text(album.get("uuid")) or text(album.get("title"))
        known.albums.setdefault(key, album)
        known.members[key] += keys
    if len(keys) > 1:
        known.stacks.append(Stack(key_of(photo), keys, keys[0]))


def albums_in(photo: Photo) -> Iterator[Photo]:
    """The albums of a photo. Before version 0.46, only their names and folders are known."""
    rows = rows_in(photo, "album_info")
    if rows:
        yield from (row for row in rows if text(row.get("title")))
        return
    folders = photo.get("folders")
    for title in filter(None, texts_in(photo, "albums")):
        yield {"title": title, "folder_names": folders.get(title) if isinstance(folders, dict) else None}


def album_of(key: str, album: Photo, members: list[str]) -> Album:
    folders = album.get("folder_names")
    return Album(
        key=key,
        name=text(album.get("title")),
        folders=tuple(filter(None, map(text, folders))) if isinstance(folders, list) else (),
        assets=tuple(members),
    )


def rows_in(photo: Photo, name: str) -> list[Photo]:
    found = photo.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def texts_in(photo: Photo, name: str) -> list[str]:
    found = photo.get(name)
    return [text(each) for each in found] if isinstance(found, list) else []


def count_lost(photo: Photo, library: Library) -> None:
    named = {text(face.get("name")) for face in rows_in(photo, "face_info")}
    unplaced = set(texts_in(photo, "persons")) - named - {UNKNOWN, ""}
    library.lose(english("names without a place in the photo"), len(unplaced))
    library.lose(english("comments and likes"), len(rows_in(photo, "comments")) + len(rows_in(photo, "likes")))


def assets_of(photos: Iterator[Photo], files: Files, library: Library) -> Iterator[Asset]:
    for photo in photos:
        for file in files(photo):
            yield asset_of(photo, file, library)


def asset_key(photo: Photo, file: File) -> str:
    return f"{key_of(photo)}:{file.path}"


def asset_of(photo: Photo, file: File, library: Library) -> Asset:
    name = text(photo.get("original_filename"))
    path = PurePosixPath(file.path)
    return Asset(
        key=asset_key(photo, file),
        name=f"{PurePosixPath(name).stem}_edited" if file.optional else path.name if file.edited else name,
        path=str(path.with_suffix("")) if file.optional else file.path,
        any_extension=file.optional,
        optional=file.optional,
        content="" if file.edited else text(photo.get("fingerprint")),
        size=file.size,
        taken=moment(photo.get("date")),
        title=text(photo.get("title")),
        description=text(photo.get("description")),
        rating=stars(photo.get("rating")),
        favourite=photo.get("favorite") is True,
        archived=photo.get("hidden") is True,
        trashed=photo.get("intrash") is True,
        tags=tuple(word.replace("/", "-") for word in texts_in(photo, "keywords") if word),
        faces=tuple(faces_of(photo, file, library)),
    )


def faces_of(photo: Photo, file: File, library: Library) -> Iterator[FaceBox]:
    """The faces lie in the edited version. If that was cut, their places in the original are only a guess."""
    sure = file.edited or not was_cut(photo)
    for face in rows_in(photo, "face_info"):
        name = text(face.get("name"))
        cut = centred(
            face.get("center_x"), face.get("center_y"), face.get("size"), photo.get("width"), photo.get("height")
        )
        if name in library.people and cut:
            yield FaceBox(text(face.get("uuid")) or name, name, *cut, sure=sure)


def was_cut(photo: Photo) -> bool:
    """Whether the edited version has another form than the original."""
    if photo.get("hasadjustments") is not True:
        return False
    before = (whole(photo.get("original_width")), whole(photo.get("original_height")))
    turned = (whole(photo.get("original_orientation")) or 1) >= 5
    now = (whole(photo.get("width")), whole(photo.get("height")))
    return now != (before[::-1] if turned else before)
