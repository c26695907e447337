"""Nextcloud with Memories and Recognize, from a dump of its MariaDB or PostgreSQL, or its SQLite file.

People of Recognize with their faces, the albums of Photos, favourites, and the tags of Files. Photos are found by their
path below the user's files.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from media.sentences import english
from switching.readers import databases
from switching.readers.tables import Tables, box, text, whole
from switching.stream import Album, Asset, FaceBox, Library, Person, Unreadable

PROGRAM = "Nextcloud"
PREFIX = "oc_"
WANTED: dict[str, Sequence[str]] = {
    "oc_filecache": ("fileid", "storage", "path", "name", "size", "mimetype"),
    "oc_storages": ("numeric_id", "id"),
    "oc_mimetypes": ("id", "mimetype"),
    "oc_recognize_face_detections": ("id", "user_id", "file_id", "x", "y", "width", "height", "cluster_id"),
    "oc_recognize_face_clusters": ("id", "title", "user_id"),
    "oc_photos_albums": ("album_id", "name", "user"),
    "oc_photos_albums_files": ("album_id", "file_id"),
    "oc_vcategory": ("id", "uid", "type", "category"),
    "oc_vcategory_to_object": ("objid", "categoryid", "type"),
    "oc_systemtag": ("id", "name"),
    "oc_systemtag_object_mapping": ("objectid", "objecttype", "systemtagid"),
}
NEEDED = {"oc_filecache": ("fileid", "storage", "path", "name"), "oc_storages": ("numeric_id", "id")}
HOME = re.compile(r"(?:home|object::user)::(.+)")


@contextmanager
def read(path: Path, account: str, hints: Sequence[str] = ()) -> Iterator[Library]:
    """The files of an account."""
    with databases.opened(path, PROGRAM, WANTED) as tables:
        tables.require(PROGRAM, NEEDED)
        user, storage = home_of(tables, account, hints)
        pictures = {
            text(row["id"]) for row in tables.select("oc_mimetypes", ("id", "mimetype")) if is_picture(row["mimetype"])
        }
        library = Library(PROGRAM, "", assets=lambda: assets_of(tables, library, user, storage, pictures))
        for row in tables.select("oc_recognize_face_clusters", WANTED["oc_recognize_face_clusters"]):
            key, name = text(row["id"]), text(row["title"])
            if text(row["user_id"]) == user and name:
                library.people[key] = Person(key, name)
        library.albums = albums_of(tables, user)
        yield library


def is_picture(mimetype: object) -> bool:
    return text(mimetype).startswith(("image/", "video/"))


def home_of(tables: Tables, account: str, hints: Sequence[str]) -> tuple[str, str]:
    """The account and its storage. Raises Unreadable with the names of all if it is not clear which is meant."""
    homes = {}
    for row in tables.select("oc_storages", ("numeric_id", "id")):
        if found := HOME.fullmatch(text(row["id"])):
            homes[found[1]] = text(row["numeric_id"])
    for wanted in [account] if account else hints:
        for user, storage in homes.items():
            if wanted.casefold() == user.casefold():
                return user, storage
    if not account and len(homes) == 1:
        return next(iter(homes.items()))
    raise Unreadable(
        english(
            "It is not clear whose files are meant. Choose one of these: %(accounts)s.",
            accounts=", ".join(sorted(homes)[:20]),
        )
    )


def albums_of(tables: Tables, user: str) -> list[Album]:
    items: dict[str, list[str]] = defaultdict(list)
    for row in tables.select("oc_photos_albums_files", ("album_id", "file_id")):
        items[text(row["album_id"])].append(text(row["file_id"]))
    return [
        Album(text(row["album_id"]), text(row["name"]), assets=tuple(items[text(row["album_id"])]))
        for row in tables.select("oc_photos_albums", ("album_id", "name", "user"))
        if text(row["user"]) == user
    ]


def assets_of(tables: Tables, library: Library, user: str, storage: str, pictures: set[str]) -> Iterator[Asset]:
    faces: dict[str, list[FaceBox]] = defaultdict(list)
    for row in tables.select("oc_recognize_face_detections", WANTED["oc_recognize_face_detections"]):
        person = text(row["cluster_id"])
        if text(row["user_id"]) == user and person in library.people:
            cut = box(row["x"], row["y"], row["width"], row["height"])
            if cut:
                faces[text(row["file_id"])].append(FaceBox(text(row["id"]), person, *cut))
    favourites, tags = favourites_of(tables, user), tags_of(tables)
    for row in tables.select("oc_filecache", WANTED["oc_filecache"], "ORDER BY path"):
        key, path = text(row["fileid"]), text(row["path"])
        inside = path.startswith(("files/", "files_trashbin/files/"))
        if text(row["storage"]) == storage and inside and text(row["mimetype"]) in pictures:
            yield Asset(
                key=key,
                name=re.sub(r"\.d\d+$", "", text(row["name"])),
                path=path,
                size=whole(row["size"]),
                favourite=key in favourites,
                trashed=path.startswith("files_trashbin/"),
                tags=tuple(tags[key]),
                faces=tuple(faces[key]),
            )


def favourites_of(tables: Tables, user: str) -> set[str]:
    """The files with a star."""
    stars = {
        text(row["id"])
        for row in tables.select("oc_vcategory", WANTED["oc_vcategory"])
        if text(row["uid"]) == user and text(row["category"]) == "_$!<Favorite>!$_" and text(row["type"]) == "files"
    }
    rows = tables.select("oc_vcategory_to_object", WANTED["oc_vcategory_to_object"])
    return {text(row["objid"]) for row in rows if text(row["categoryid"]) in stars}


def tags_of(tables: Tables) -> dict[str, list[str]]:
    names = {text(row["id"]): text(row["name"]) for row in tables.select("oc_systemtag", ("id", "name"))}
    found: dict[str, list[str]] = defaultdict(list)
    for row in tables.select("oc_systemtag_object_mapping", WANTED["oc_systemtag_object_mapping"]):
        if text(row["objecttype"]) == "files" and (name := names.get(text(row["systemtagid"]))):
            found[text(row["objectid"])].append(name.replace("/", "-"))
    return found
