"""Immich, from the dump of its database, or from what `fetch_immich` fetched (versions 1.106 to 3).

Tables were renamed in 1.133 (`assets` became `asset`); both names are read. Photos are found by the SHA-1 of their
content; for external libraries Immich keeps the SHA-1 of the path instead, so those are found by their path.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Row
from typing import Any

from media.sentences import english
from switching.readers import dump, immich_edits
from switching.readers.tables import MAGIC, Tables, box, chunks, day, moment, opened, stars, text, truth, whole
from switching.stream import Album, Asset, FaceBox, Library, Person, Sharing, Stack, Unreadable

PROGRAM = "Immich"
OLDEST, NEWEST = (1, 106), (3, 99)
ASSET = (
    *("id", "ownerId", "originalPath", "originalFileName", "checksum", "checksumAlgorithm", "isFavorite", "isArchived"),
    *("isVisible", "visibility", "isExternal", "libraryId", "deletedAt", "status", "livePhotoVideoId", "stackId"),
    "localDateTime",
)
EXIF = ("assetId", "description", "rating", "fileSizeInByte", "exifImageWidth", "exifImageHeight", "orientation")
GROUPS = (
    "personId",
    "personGroupId",
    "faceClusterId",
)  # what a face says of whose it is: of each person, or of a group
FACE = (
    *("id", "assetId", *GROUPS, "imageWidth", "imageHeight", "boundingBoxX1", "boundingBoxY1", "boundingBoxX2"),
    *("boundingBoxY2", "deletedAt", "isVisible"),
)
PERSON = ("id", *GROUPS[1:], "ownerId", "name", "isHidden", "birthDate", "faceAssetId", "isFavorite")
EDIT = ("assetId", "action", "parameters", "sequence")
ALBUM = ("id", "ownerId", "albumName", "description", "albumThumbnailAssetId", "order", "deletedAt")
ALBUM_ASSET = ("albumId", "assetId", "albumsId", "assetsId")
ALBUM_USER = ("albumId", "userId", "albumsId", "usersId", "role")
TAG = ("id", "userId", "value")
TAG_ASSET = ("tagId", "assetId", "tagsId", "assetsId")
STACK = ("id", "primaryAssetId", "ownerId")
LINK = ("id", "userId", "albumId")
USER = ("id", "email", "name")
WANTED: dump.Wanted = {
    **dict.fromkeys(("assets", "asset"), ("asset", ASSET)),
    **dict.fromkeys(("exif", "asset_exif"), ("exif", EXIF)),
    **dict.fromkeys(("asset_faces", "asset_face"), ("face", FACE)),
    "person": ("person", PERSON),
    "asset_edit": ("edit", EDIT),
    **dict.fromkeys(("albums", "album"), ("album", ALBUM)),
    **dict.fromkeys(("albums_assets_assets", "album_asset"), ("album_asset", ALBUM_ASSET)),
    **dict.fromkeys(("albums_shared_users_users", "album_user"), ("album_user", ALBUM_USER)),
    **dict.fromkeys(("tags", "tag"), ("tag", TAG)),
    "tag_asset": ("tag_asset", TAG_ASSET),
    **dict.fromkeys(("asset_stack", "stack"), ("stack", STACK)),
    **dict.fromkeys(("shared_links", "shared_link"), ("link", LINK)),
    **dict.fromkeys(("users", "user"), ("account", USER)),
    "memory": ("memory", ("id", "ownerId")),
    "activity": ("activity", ("id", "userId", "comment")),
    "partners": ("partner", ("sharedById",)),
    "partner": ("partner", ("sharedById",)),
    "version_history": ("version_history", ("version", "createdAt")),
}
NEEDED = {
    "asset": ("id", "ownerId", "originalPath", "originalFileName", "checksum"),
    "account": ("id", "email"),
}
KEPT_SUM = re.compile(r"\\x[0-9a-f]{40}")


@contextmanager
def read(path: Path, account: str, hints: Sequence[str] = ()) -> Iterator[Library]:
    """The library of an account. Without `account`, the only one, or the one that is called as one of the hints."""
    fetched = is_sqlite(path)
    with opened(path, PROGRAM) if fetched else dump.opened(path, WANTED) as tables:
        version = version_of(tables)
        tables.require(PROGRAM, NEEDED)
        if fetched:
            yield library_of(tables, version, account_of(tables, account, [*hints, *the_one_with_photos(tables)]))
            return
        index(tables)
        yield library_of(tables, version, account_of(tables, account, hints))


def is_sqlite(path: Path) -> bool:
    """Whether the file is one that `fetch_immich` made (switching/readers/immich_api.py)."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def the_one_with_photos(tables: Tables) -> list[str]:
    """The account that was fetched; others are there by their names alone."""
    return [text(row["id"]) for row in tables.rows('SELECT DISTINCT "ownerId" AS id FROM asset')]


def version_of(tables: Tables) -> str:
    """The version that made the dump, or "". Raises Unreadable for one that Mirage does not know."""
    rows = tables.select("version_history", ("version",), "ORDER BY createdAt DESC LIMIT 1")
    version = next((text(row["version"]).lstrip("v") for row in rows), "")
    if found := re.match(r"(\d+)\.(\d+)", version):
        number = int(found[1]), int(found[2])
        if number < OLDEST:
            raise Unreadable(
                english(
                    "This dump is of Immich %(version)s. Mirage reads those of 1.106 and later: update first.",
                    version=version,
                )
            )
        if number > NEWEST:
            raise Unreadable(
                english(
                    "This dump is of Immich %(version)s, which this version of Mirage does not know yet.",
                    version=version,
                )
            )
    return version


def index(tables: Tables) -> None:
    """Make what is asked for often fast."""
    places = (("asset", "ownerId"), ("asset", "id"), *((table, "assetId") for table in ("exif", "face", "edit")))
    for table, column in places:
        if column in tables.columns(table):
            tables.database.execute(f'CREATE INDEX "{table}_{column}" ON "{table}" ("{column}")')
    for column in ("assetId", "assetsId"):
        if column in tables.columns("tag_asset"):
            tables.database.execute(f'CREATE INDEX "tag_asset_{column}" ON "tag_asset" ("{column}")')


def account_of(tables: Tables, account: str, hints: Sequence[str]) -> str:
    """The id of the account. Raises Unreadable with the names of all if it is not clear which is meant."""
    accounts = {text(row["id"]): (text(row["email"]), text(row["name"])) for row in tables.select("account", USER)}
    for wanted in [account] if account else hints:
        for key, (email, name) in accounts.items():
            if wanted.casefold() in {each.casefold() for each in (email, name, email.partition("@")[0], key)}:
                return key
    if not account and len(accounts) == 1:
        return next(iter(accounts))
    names = ", ".join(sorted(email for email, _ in accounts.values())[:20])
    if account:
        raise Unreadable(
            english(
                "There is no account %(account)s in it. Choose one of these: %(names)s.", account=account, names=names
            )
        )
    raise Unreadable(english("There are several accounts in it. Choose one of these: %(names)s.", names=names))


def library_of(tables: Tables, version: str, account: str) -> Library:
    parts = {text(row["part"]) for row in tables.rows("SELECT livePhotoVideoId AS part FROM asset")} - {""}
    mine = [
        text(row["id"])
        for row in tables.rows('SELECT id FROM asset WHERE "ownerId" = ? ORDER BY id', [account])
        if text(row["id"]) not in parts
    ]
    library = Library(PROGRAM, version, assets=lambda: assets_of(tables, library, mine), count=len(mine))
    library.people = people_of(tables, account)
    library.albums = albums_of(tables, account)
    library.stacks = stacks_of(tables, set(mine))
    note_losses(tables, library, account)
    return library


def people_of(tables: Tables, account: str) -> dict[str, Person]:
    """Everybody with a name. Immich's later versions have people in groups, which each owner names for themselves."""
    found = {}
    link = link_of(tables)
    for row in tables.select("person", PERSON):
        name, key = text(row["name"]), text(row[link if link in GROUPS[1:] else "id"])
        if text(row["ownerId"]) == account and name and key:
            cover = text(row["faceAssetId"])
            found[key] = Person(key, name, day(row["birthDate"]), truth(row["isHidden"]), cover)
    return found


def link_of(tables: Tables) -> str:
    """The column by which faces say whose they are; "" if Mirage does not know it."""
    faces, people = tables.columns("face"), tables.columns("person")
    known = (column for column in GROUPS if column in faces and (column in people or column == GROUPS[0]))
    return next(known, "")


def albums_of(tables: Tables, account: str) -> list[Album]:
    """The account's own albums. From 3.0 on the owner is the user of an album with that role."""
    emails = {text(row["id"]): text(row["email"]) or text(row["name"]) for row in tables.select("account", USER)}
    users: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in tables.select("album_user", ALBUM_USER):
        users[either(row, "albumId", "albumsId")].append((either(row, "userId", "usersId"), text(row["role"])))
    items: dict[str, list[str]] = defaultdict(list)
    for row in tables.select("album_asset", ALBUM_ASSET):
        items[either(row, "albumId", "albumsId")].append(either(row, "assetId", "assetsId"))
    albums = []
    for row in tables.select("album", ALBUM):
        key = text(row["id"])
        owner = text(row["ownerId"]) or next((user for user, role in users[key] if role == "owner"), "")
        if owner != account or row["deletedAt"]:
            continue
        others = [(user, role) for user, role in users[key] if user != account and role != "owner"]
        shares = tuple(Sharing(emails.get(user, user), role == "editor") for user, role in others)
        details = {"description": text(row["description"]), "cover": text(row["albumThumbnailAssetId"])}
        order = text(row["order"]) != "asc"
        name = text(row["albumName"]) or english("Untitled")
        albums.append(
            Album(key, name, assets=tuple(items[key]), newest_first=order, shares=shares, **details)  # type: ignore[arg-type]
        )
    return albums


def stacks_of(tables: Tables, mine: set[str]) -> list[Stack]:
    covers = {text(row["id"]): text(row["primaryAssetId"]) for row in tables.select("stack", STACK)}
    members: dict[str, list[str]] = defaultdict(list)
    for row in tables.select("asset", ("id", "stackId"), 'WHERE "stackId" IS NOT NULL'):
        if text(row["id"]) in mine:
            members[text(row["stackId"])].append(text(row["id"]))
    return [Stack(key, tuple(ids), covers.get(key, "")) for key, ids in members.items() if len(ids) > 1]


def note_losses(tables: Tables, library: Library, account: str) -> None:
    """What Mirage has no place for."""
    if tables.columns("face") and not link_of(tables):
        library.notes.append(
            english("This version of Immich keeps faces in a form that Mirage does not know: no people come.")
        )
    unnamed = sum(1 for row in tables.select("person", PERSON) if row["ownerId"] == account and not text(row["name"]))
    library.lose(english("people without a name (Mirage finds its own groups)"), unnamed)
    liked = sum(1 for row in tables.select("person", PERSON) if row["ownerId"] == account and truth(row["isFavorite"]))
    library.lose(english("people marked as favourites"), liked)
    for what, table, column in (
        (english("public links (make new ones: their addresses cannot stay)"), "link", "userId"),
        (english("memories"), "memory", "ownerId"),
        (english("comments and likes"), "activity", "userId"),
        (english("partners (share the library with them under Sharing)"), "partner", "sharedById"),
    ):
        rows = tables.select(table, (column,))
        library.lose(what, sum(1 for row in rows if row[column] == account))


def either(row: Row, *columns: str) -> str:
    """The first of these columns that says something: they were renamed."""
    return next((found for column in columns if (found := text(row[column]))), "")


# --- assets -----------------------------------------------------------------------------------------------------------


def assets_of(tables: Tables, library: Library, ids: Sequence[str]) -> Iterator[Asset]:
    tags = {text(row["id"]): text(row["value"]) for row in tables.select("tag", TAG)}
    for some in chunks(ids):
        exif = grouped(tables, "exif", EXIF, some)
        faces = grouped(tables, "face", FACE, some)
        edits = grouped(tables, "edit", EDIT, some)
        column = "assetId" if "assetId" in tables.columns("tag_asset") else "assetsId"
        tagged = grouped(tables, "tag_asset", TAG_ASSET, some, column)
        for row in grouped(tables, "asset", ASSET, some, "id").values():
            key = text(row[0]["id"])
            words = [tags.get(either(each, "tagId", "tagsId"), "") for each in tagged.get(key, ())]
            asset = asset_of(row[0], exif.get(key, []), faces.get(key, []), words, library)
            yield immich_edits.edited(asset, edits[key], exif.get(key, []), library) if key in edits else asset


def grouped(
    tables: Tables, table: str, columns: Sequence[str], ids: Sequence[str], by: str = "assetId"
) -> dict[str, list[Row]]:
    """The rows that belong to these assets."""
    found: dict[str, list[Row]] = {}
    there = tables.columns(table)
    if by in there:
        names = ", ".join(f'"{name}"' if name in there else f'NULL AS "{name}"' for name in columns)
        places = ", ".join("?" * len(ids))
        for row in tables.rows(f'SELECT {names} FROM "{table}" WHERE "{by}" IN ({places})', ids):
            found.setdefault(text(row[by]), []).append(row)
    return found


def asset_of(row: Row, exif: Sequence[Row], faces: Sequence[Row], tags: Sequence[str], library: Library) -> Asset:
    told: Any = exif[0] if exif else dict.fromkeys(EXIF)
    visibility = text(row["visibility"])
    if visibility == "locked":
        library.lose(english("photos of the locked folder (they are in the archive here)"))
    by_path = "path" in text(row["checksumAlgorithm"]) or truth(row["isExternal"]) or bool(row["libraryId"])
    kept_sum = KEPT_SUM.fullmatch(text(row["checksum"]))
    return Asset(
        key=text(row["id"]),
        name=text(row["originalFileName"]),
        path=text(row["originalPath"]),
        sha1=kept_sum[0][2:] if kept_sum and not by_path else "",
        size=whole(told["fileSizeInByte"]),
        taken=moment(row["localDateTime"]),
        description=text(told["description"]),
        rating=stars(told["rating"]),
        favourite=truth(row["isFavorite"]),
        archived=truth(row["isArchived"]) or visibility in ("archive", "locked", "hidden"),
        trashed=bool(row["deletedAt"]) or text(row["status"]) in ("trashed", "deleted"),
        tags=tuple(tag for tag in tags if tag),
        faces=tuple(face for each in faces if (face := face_of(each, library))),
    )


def face_of(row: Row, library: Library) -> FaceBox | None:
    """A face of somebody with a name. Its box is in pixels of the upright picture that Immich looked at."""
    person = either(row, *GROUPS)
    if person not in library.people or row["deletedAt"] or text(row["isVisible"]) == "f":
        return None
    wide, high = whole(row["imageWidth"]) or 0, whole(row["imageHeight"]) or 0
    left, top, right, bottom = (whole(row[f"boundingBox{side}"]) for side in ("X1", "Y1", "X2", "Y2"))
    if wide <= 0 or high <= 0 or left is None or top is None or right is None or bottom is None:
        library.lose(english("faces whose boxes cannot be read"))
        return None
    found = box(left / wide, top / high, (right - left) / wide, (bottom - top) / high)
    if found is None:
        library.lose(english("faces whose boxes cannot be read"))
        return None
    return FaceBox(text(row["id"]), person, *found)
