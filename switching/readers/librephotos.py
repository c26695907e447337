"""LibrePhotos, from a dump of its PostgreSQL, or its SQLite file.

Files are found by their path. Only people whom somebody named come: its own guesses become questions in the review.
The boxes of faces are in pixels of its large thumbnail, which is upright and at most 1,080 pixels high.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Row

from media.sentences import english
from switching.readers import databases
from switching.readers.tables import Tables, box, moment, number, stars, text, truth
from switching.stream import Album, Asset, FaceBox, Library, Person, Unreadable

PROGRAM = "LibrePhotos"
PHOTOS = (
    *("image_hash", "id", "main_file_id", "owner_id", "rating", "hidden", "in_trashcan", "removed", "exif_timestamp"),
    *("size", "captions_json", "width", "height", "aspect_ratio"),
)
THUMBNAIL = 1080  # pixels
FACES = (
    *("id", "photo_id", "person_id", "classification_person_id", "location_top", "location_bottom", "location_left"),
    *("location_right", "deleted", "person_label_is_inferred"),
)
WANTED: dict[str, Sequence[str]] = {
    "api_photo": PHOTOS,
    "api_file": ("hash", "path"),
    "api_face": FACES,
    "api_person": ("id", "name", "kind", "cluster_owner_id"),
    "api_albumuser": ("id", "title", "owner_id"),
    "api_albumuser_photos": ("albumuser_id", "photo_id"),
    "api_thumbnail": ("photo_id", "aspect_ratio"),  # from 2025 on
    "api_user": ("id", "username", "email", "favorite_min_rating"),
}
NEEDED = {"api_photo": ("image_hash", "owner_id"), "api_user": ("id", "username")}


@contextmanager
def read(path: Path, account: str, hints: Sequence[str] = ()) -> Iterator[Library]:
    """The library of an account."""
    with databases.opened(path, PROGRAM, WANTED) as tables:
        tables.require(PROGRAM, NEEDED)
        owner = account_of(tables, account, hints)
        library = Library(PROGRAM, "", assets=lambda: assets_of(tables, library, owner))
        library.count = sum(1 for row in tables.select("api_photo", ("owner_id",)) if text(row["owner_id"]) == owner)
        for row in tables.select("api_person", WANTED["api_person"]):
            key, name = text(row["id"]), text(row["name"])
            if name and text(row["kind"]) in ("USER", "") and text(row["cluster_owner_id"]) in (owner, ""):
                library.people[key] = Person(key, name)
        library.albums = albums_of(tables, owner)
        yield library


def account_of(tables: Tables, account: str, hints: Sequence[str]) -> str:
    """The id of the account. Raises Unreadable with the names of all if it is not clear which is meant."""
    rows = [(text(row["id"]), text(row["username"]), text(row["email"])) for row in tables.select("api_user", USER)]
    for wanted in [account] if account else hints:
        for key, *names in rows:
            if wanted.casefold() in (name.casefold() for name in names):
                return key
    if not account and len(rows) == 1:
        return rows[0][0]
    known = ", ".join(sorted(name for _, name, _ in rows)[:20])
    raise Unreadable(
        english("It is not clear whose library is meant. Choose one of these accounts: %(accounts)s.", accounts=known)
    )


USER = ("id", "username", "email")


def albums_of(tables: Tables, owner: str) -> list[Album]:
    items: dict[str, list[str]] = defaultdict(list)
    for row in tables.select("api_albumuser_photos", WANTED["api_albumuser_photos"]):
        items[text(row["albumuser_id"])].append(text(row["photo_id"]))
    return [
        Album(text(row["id"]), text(row["title"]), assets=tuple(items[text(row["id"])]))
        for row in tables.select("api_albumuser", WANTED["api_albumuser"])
        if text(row["owner_id"]) == owner
    ]


def assets_of(tables: Tables, library: Library, owner: str) -> Iterator[Asset]:
    files = {text(row["hash"]): text(row["path"]) for row in tables.select("api_file", ("hash", "path"))}
    favourite = {text(row["id"]): number(row["favorite_min_rating"]) or 4 for row in tables.select("api_user", LIKES)}
    faces: dict[str, list[Row]] = defaultdict(list)
    for row in tables.select("api_face", FACES):
        faces[text(row["photo_id"])].append(row)
    shapes = {text(row["photo_id"]): number(row["aspect_ratio"]) for row in tables.select("api_thumbnail", SHAPE)}
    for row in tables.select("api_photo", PHOTOS):
        if text(row["owner_id"]) != owner or truth(row["removed"]):
            continue
        key = text(row["id"]) or text(row["image_hash"])  # other rows name a photo by its hash before 2025
        path = files.get(text(row["main_file_id"]), "")
        rating = stars(row["rating"])
        size = size_of_thumbnail(row, shapes.get(key) or number(row["aspect_ratio"]))
        mine = [*faces.get(key, ()), *(faces.get(text(row["image_hash"]), ()) if row["id"] else ())]
        yield Asset(
            key=key,
            name=path.rpartition("/")[2],
            path=path,
            size=int(number(row["size"]) or 0) or None,
            taken=moment(row["exif_timestamp"]),
            rating=rating,
            favourite=rating is not None and rating >= favourite.get(owner, 4),
            archived=truth(row["hidden"]),
            trashed=truth(row["in_trashcan"]),
            faces=tuple(face for each in mine if (face := face_of(each, size, library))),
        )


LIKES, SHAPE = ("id", "favorite_min_rating"), ("photo_id", "aspect_ratio")


def size_of_thumbnail(photo: Row, shape: float | None) -> tuple[float, float] | None:
    """Width and height of the thumbnail with the faces. A photo has those of its file, which may lie on its side."""
    wide, high = number(photo["width"]) or 0, number(photo["height"]) or 0
    if wide > 0 and high > 0:
        if shape and abs(high / wide - shape) < abs(wide / high - shape):
            wide, high = high, wide
    elif shape and shape > 0:
        wide, high = shape * THUMBNAIL, THUMBNAIL
    else:
        return None
    scale = min(1.0, THUMBNAIL / high)
    return wide * scale, high * scale


def face_of(row: Row, size: tuple[float, float] | None, library: Library) -> FaceBox | None:
    """A face, with corners in pixels of the thumbnail."""
    person = text(row["person_id"])
    if person not in library.people or truth(row["deleted"]):
        return None
    top, bottom, left, right = (number(row[f"location_{side}"]) for side in ("top", "bottom", "left", "right"))
    if size is None or top is None or bottom is None or left is None or right is None:
        library.lose(english("faces in photos whose size LibrePhotos does not keep"))
        return None
    wide, high = size
    cut = box(left / wide, top / high, (right - left) / wide, (bottom - top) / high)
    return FaceBox(text(row["id"]), person, *cut, sure=not truth(row["person_label_is_inferred"])) if cut else None
