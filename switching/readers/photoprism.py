"""PhotoPrism, from its index: the file index.db of SQLite, or a dump of its MariaDB; else from its YAML files.

Titles, captions and labels that PhotoPrism made itself do not come: only what somebody wrote. A photo may have several
files; each is an asset here. Files are found by their SHA-1. Archived photos are those that PhotoPrism deleted.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Row
from typing import Any

from media.sentences import english
from switching.readers import databases, photoprism_files
from switching.readers.tables import Tables, box, moment, text, truth, whole
from switching.stream import Album, Asset, FaceBox, Library, Person, Stack

PROGRAM = "PhotoPrism"
PHOTOS = (
    *("id", "photo_uid", "photo_title", "title_src", "photo_caption", "caption_src", "photo_description"),
    *("description_src", "photo_favorite", "photo_private", "taken_at_local", "deleted_at"),
)
FILES = (
    *("file_uid", "photo_uid", "photo_id", "file_name", "file_root", "file_hash", "file_size", "file_primary"),
    *("file_sidecar", "file_missing", "deleted_at"),
)
MARKERS = ("marker_uid", "file_uid", "marker_type", "subj_uid", "x", "y", "w", "h", "marker_invalid", "marker_name")
SUBJECTS = ("subj_uid", "subj_type", "subj_name", "subj_hidden", "subj_favorite", "deleted_at")
ALBUMS = ("album_uid", "album_type", "album_title", "album_description", "album_order", "deleted_at")
WANTED: dict[str, Sequence[str]] = {
    "photos": PHOTOS,
    "files": FILES,
    "markers": MARKERS,
    "subjects": SUBJECTS,
    "albums": ALBUMS,
    "photos_albums": ("photo_uid", "album_uid", "hidden"),
    "labels": ("id", "label_name", "deleted_at"),
    "photos_labels": ("photo_id", "label_id", "label_src", "uncertainty"),
    "links": ("link_uid",),
}
NEEDED = {"photos": ("photo_uid",), "files": ("file_uid", "photo_uid", "file_name", "file_hash")}


@contextmanager
def read(path: Path, account: str, hints: Sequence[str] = ()) -> Iterator[Library]:
    """The whole library: PhotoPrism has one for all its users."""
    index = path / "index.db" if path.is_dir() else path
    if not index.exists() and path.is_dir():
        with photoprism_files.read(path) as library:
            yield library
        return
    with read_index(index) as library:
        yield library


@contextmanager
def read_index(index: Path) -> Iterator[Library]:
    """What the index says. Raises Unreadable."""
    with databases.opened(index, PROGRAM, WANTED) as tables:
        tables.require(PROGRAM, NEEDED)
        files: dict[str, list[Row]] = defaultdict(list)
        for row in tables.select("files", FILES):
            if not truth(row["file_sidecar"]) and not row["deleted_at"] and text(row["file_root"]) in ("/", ""):
                files[text(row["photo_uid"])].append(row)
        library = Library(PROGRAM, "", assets=lambda: assets_of(tables, library, files))
        library.count = sum(map(len, files.values()))
        library.people = people_of(tables)
        library.albums = albums_of(tables, files)
        library.stacks = stacks_of(files)
        library.lose(english("public links (make new ones: their addresses cannot stay)"), tables.count("links"))
        yield library


def people_of(tables: Tables) -> dict[str, Person]:
    """Everybody with a name."""
    found = {}
    for row in tables.select("subjects", SUBJECTS):
        key, name = text(row["subj_uid"]), text(row["subj_name"])
        if name and not row["deleted_at"] and text(row["subj_type"]) in ("person", ""):
            found[key] = Person(key, name, hidden=truth(row["subj_hidden"]))
    return found


def albums_of(tables: Tables, files: dict[str, list[Row]]) -> list[Album]:
    """Albums by hand. Those of months, places and moments follow from the photos."""
    photos: dict[str, list[str]] = defaultdict(list)
    for row in tables.select("photos_albums", WANTED["photos_albums"]):
        if not truth(row["hidden"]):
            photos[text(row["album_uid"])] += [text(file["file_uid"]) for file in files.get(text(row["photo_uid"]), ())]
    found = []
    for row in tables.select("albums", ALBUMS):
        if text(row["album_type"]) == "album" and not row["deleted_at"]:
            key = text(row["album_uid"])
            words, newest = text(row["album_description"]), text(row["album_order"]) == "newest"
            found.append(Album(key, text(row["album_title"]), words, assets=tuple(photos[key]), newest_first=newest))
    return found


def stacks_of(files: dict[str, list[Row]]) -> list[Stack]:
    """Photos with several files."""
    found = []
    for photo, rows in files.items():
        if len(rows) > 1:
            cover = next((text(row["file_uid"]) for row in rows if truth(row["file_primary"])), "")
            found.append(Stack(photo, tuple(text(row["file_uid"]) for row in rows), cover))
    return found


def assets_of(tables: Tables, library: Library, files: dict[str, list[Row]]) -> Iterator[Asset]:
    faces: dict[str, list[FaceBox]] = defaultdict(list)
    for row in tables.select("markers", MARKERS):
        if face := face_of(row, library):
            faces[text(row["file_uid"])].append(face)
    labels = labels_of(tables, library)
    for photo in tables.select("photos", PHOTOS):
        for row in files.get(text(photo["photo_uid"]), ()):
            if truth(photo["photo_private"]):
                library.lose(english("photos marked as private (here nobody else sees what you do not share)"))
            yield asset_of(photo, row, tuple(labels.get(text(photo["id"]), ())), tuple(faces[text(row["file_uid"])]))


def asset_of(photo: Row, file: Row, labels: tuple[str, ...], faces: tuple[FaceBox, ...]) -> Asset:
    kept_sum = text(file["file_hash"]).lower()
    return Asset(
        key=text(file["file_uid"]),
        name=text(file["file_name"]).rpartition("/")[2],
        path=text(file["file_name"]),
        sha1=kept_sum if len(kept_sum) == 40 and set(kept_sum) <= set("0123456789abcdef") else "",
        size=whole(file["file_size"]),
        taken=moment(photo["taken_at_local"]),
        title=typed(photo, "photo_title", "title_src"),
        description=typed(photo, "photo_caption", "caption_src")
        or typed(photo, "photo_description", "description_src"),
        favourite=truth(photo["photo_favorite"]),
        archived=bool(photo["deleted_at"]),
        tags=labels,
        faces=faces,
    )


def typed(row: Row, value: str, source: str) -> str:
    """A text that somebody typed."""
    return text(row[value]) if text(row[source]) in photoprism_files.BY_HAND else ""


def labels_of(tables: Tables, library: Library) -> dict[str, list[str]]:
    """The labels that somebody gave, by photo. Those that PhotoPrism guessed are counted as lost."""
    names = {text(row["id"]): text(row["label_name"]) for row in tables.select("labels", ("id", "label_name"))}
    found: dict[str, list[str]] = defaultdict(list)
    guessed = 0
    for row in tables.select("photos_labels", WANTED["photos_labels"]):
        if text(row["label_src"]) not in photoprism_files.BY_HAND:
            guessed += 1
        elif (whole(row["uncertainty"]) or 0) < 100 and (name := names.get(text(row["label_id"]))):
            found[text(row["photo_id"])].append(name)
    library.lose(english("labels that PhotoPrism guessed"), guessed)
    return found


def face_of(row: Row, library: Library) -> FaceBox | None:
    """A face of somebody with a name. Its box is in fractions of the upright picture."""
    person = text(row["subj_uid"])
    if person not in library.people or truth(row["marker_invalid"]) or text(row["marker_type"]) not in ("face", ""):
        return None
    values: Any = box(row["x"], row["y"], row["w"], row["h"])
    if values is None:
        library.lose(english("faces whose boxes cannot be read"))
        return None
    return FaceBox(text(row["marker_uid"]), person, *values)
