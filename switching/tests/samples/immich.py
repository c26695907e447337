"""Dumps as Immich's backup makes them, written from its published schema (server/src/schema, and @immich/sdk 3.2.2).

Three generations: before 1.133 tables had plural names, from then on singular ones, and in 3 the owner of an album is a
user of it with that role. After 3.2.2 its repository has people in groups (`groups`). Columns that Mirage does not read
are there in part, so that their order does not matter.
"""

import gzip
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from switching.tests.samples.family import Family

NAMES = {  # by the reader's names: before 1.133, and since
    "asset": ("assets", "asset"),
    "exif": ("exif", "asset_exif"),
    "face": ("asset_faces", "asset_face"),
    "person": ("person", "person"),
    "album": ("albums", "album"),
    "album_asset": ("albums_assets_assets", "album_asset"),
    "album_user": ("albums_shared_users_users", "album_user"),
    "tag": ("tags", "tag"),
    "tag_asset": ("tag_asset", "tag_asset"),
    "stack": ("asset_stack", "stack"),
    "link": ("shared_links", "shared_link"),
    "account": ("users", "user"),
    "version_history": ("version_history", "version_history"),
    "smart_search": ("smart_search", "smart_search"),
    "edit": ("asset_edit", "asset_edit"),
}


def make_id(*parts: Any) -> str:
    """The same id for the same parts."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "/".join(map(str, parts))))


ANNA = make_id("user", "anna")
BEN = make_id("user", "ben")


@dataclass
class Dump:
    """The rows of a dump, by the reader's names of tables."""

    version: str = "2.1.0"
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    groups: bool = False

    def __post_init__(self) -> None:
        for name in NAMES:
            self.tables.setdefault(name, [])
        self.add("account", id=ANNA, email="anna@example.org", name="Anna", isAdmin=True)
        self.add("account", id=BEN, email="ben@example.org", name="Ben", isAdmin=False)
        self.add("version_history", id=make_id("v"), version=self.version, createdAt="2026-01-01 00:00:00+00")
        self.add("version_history", id=make_id("v0"), version="1.100.0", createdAt="2024-01-01 00:00:00+00")

    @property
    def generation(self) -> int:
        """0 before 1.133, 1 since, 2 from 3.0."""
        major, minor = map(int, self.version.split(".")[:2])
        return 0 if (major, minor) < (1, 133) else 1 if major < 3 else 2

    def add(self, table: str, **row: Any) -> str:
        self.tables[table].append(row)
        return str(row.get("id", ""))

    def asset(
        self, name: str, sha1: str = "", *, owner: str = ANNA, exif: Mapping[str, Any] | None = None, **row: Any
    ) -> str:
        """A photo with its EXIF."""
        key = row.pop("id", None) or make_id("asset", owner, name, sha1)
        archived, visibility = row.pop("archived", False), row.pop("visibility", "timeline")
        kept = {"isArchived": archived, "isVisible": True}
        if self.generation:
            kept = {"visibility": "archive" if archived else visibility}
        self.add(
            "asset",
            **{
                "id": key, "deviceAssetId": name, "ownerId": owner, "type": "IMAGE",
                "originalPath": f"/usr/src/app/upload/library/anna/2024/{name}",
                "fileCreatedAt": "2024-05-01 12:00:00+00",
                "isFavorite": False, "checksum": f"\\x{sha1 or '00' * 20}", "livePhotoVideoId": None,
                "originalFileName": name, "isExternal": False, "libraryId": None, "deletedAt": None,
                "localDateTime": "2024-05-01 12:00:00+00", "stackId": None, "status": "active", **kept, **row,
            },
        )  # fmt: skip
        told = {"description": "", "rating": None, "fileSizeInByte": 1000, "make": "Canon", **(exif or {})}
        self.add("exif", assetId=key, **told)
        self.add("smart_search", assetId=key, embedding="[0.1,0.2]")
        return key

    def person(self, name: str, **row: Any) -> str:
        key = row.pop("id", None) or make_id("person", name)
        details = {"ownerId": ANNA, "isHidden": False, "birthDate": None, "faceAssetId": None, "isFavorite": False}
        self.add("person", **{"personGroupId" if self.groups else "id": key}, name=name, **{**details, **row})
        return str(key)

    def face(
        self, asset: str, person: str | None, box: Sequence[float], size: tuple[int, int] = (1440, 1080), **row: Any
    ) -> str:
        """A face by its box in fractions, as x, y, width and height."""
        wide, high = size
        x, y, w, h = box
        key = row.pop("id", None) or make_id("face", asset, person, *box)
        return self.add(
            "face",
            **{
                "id": key, "assetId": asset, "personGroupId" if self.groups else "personId": person,
                "imageWidth": wide, "imageHeight": high,
                "boundingBoxX1": round(x * wide), "boundingBoxY1": round(y * high),
                "boundingBoxX2": round((x + w) * wide), "boundingBoxY2": round((y + h) * high),
                "sourceType": "machine-learning", "deletedAt": None, **row,
            },
        )  # fmt: skip

    def album(self, name: str, assets: Iterable[str], shares: Mapping[str, str] | None = None, **row: Any) -> str:
        """An album of Anna's; `shares` are roles by user."""
        key = make_id("album", name, len(self.tables["album"]))
        details = {"description": "", "albumThumbnailAssetId": None, "order": "asc", "deletedAt": None}
        owner = {} if self.generation == 2 else {"ownerId": ANNA}
        self.add("album", id=key, albumName=name, **{**details, **owner, **row})
        album, asset = ("albumsId", "assetsId") if self.generation == 0 else ("albumId", "assetId")
        for each in assets:
            self.add("album_asset", **{album: key, asset: each})
        user = "usersId" if self.generation == 0 else "userId"
        roles = {**(shares or {}), **({ANNA: "owner"} if self.generation == 2 else {})}
        for who, role in roles.items():
            self.add("album_user", **{album: key, user: who, "role": role})
        return key

    def edited(self, asset: str, *edits: tuple[str, dict[str, Any]]) -> None:
        """What was done to a picture (server/src/schema/tables/asset-edit.table.ts, from 2.5 on)."""
        for place, (action, parameters) in enumerate(edits):
            told = json.dumps(parameters)
            self.add("edit", id=make_id(asset, place), assetId=asset, action=action, parameters=told, sequence=place)

    def tagged(self, asset: str, value: str) -> None:
        key = make_id("tag", value)
        if all(row["id"] != key for row in self.tables["tag"]):
            self.add("tag", id=key, userId=ANNA, value=value, color=None)
        tag, tagged = ("tagsId", "assetsId") if self.generation == 0 else ("tagId", "assetId")
        self.add("tag_asset", **{tagged: asset, tag: key})

    def lines(self) -> Iterator[str]:
        """The dump in plain SQL, as pg_dumpall writes it."""
        yield "--\n-- PostgreSQL database cluster dump\n--\n\nSET statement_timeout = 0;\n"
        yield "DROP TABLE IF EXISTS public.asset;\n"
        for name, rows in sorted(self.tables.items()):
            if rows:
                columns = list(rows[0])
                yield f"COPY public.{NAMES[name][min(self.generation, 1)]} ("
                yield ", ".join(f'"{column}"' for column in columns) + ") FROM stdin;\n"
                for row in rows:
                    yield "\t".join(as_copied(row[column]) for column in columns) + "\n"
                yield "\\.\n\n"
        yield "--\n-- PostgreSQL database dump complete\n--\n"

    def write(self, path: Path) -> Path:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "wt", encoding="utf-8", newline="\n") as file:  # type: ignore[operator]
            file.writelines(self.lines())
        return path


def as_copied(value: Any) -> str:
    """A value as COPY writes it."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    text = str(value).replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def of_family(family: "Family", version: str = "2.1.0") -> Dump:
    """What Immich knows about the family."""
    dump = Dump(version)
    people = {name: dump.person(name) for name in family.named()}
    stacked = {number: stack for stack in family.stacks for number in stack}
    keys = {}
    for shot in family.shots:
        stack = stacked.get(shot.number)
        exif = {"description": shot.description, "rating": shot.rating, "fileSizeInByte": shot.size}
        keys[shot.number] = dump.asset(
            shot.name, shot.sha1, exif=exif, isFavorite=shot.favourite, archived=shot.archived,
            status="trashed" if shot.trashed else "active", stackId=make_id("stack", stack[0]) if stack else None,
        )  # fmt: skip
        for name, box in shot.faces:
            dump.face(keys[shot.number], people[name], box)
        for tag in shot.tags:
            dump.tagged(keys[shot.number], tag)
    for stack in family.stacks:
        dump.add("stack", id=make_id("stack", stack[0]), primaryAssetId=keys[stack[0]], ownerId=ANNA)
    for name, numbers in family.albums.items():
        dump.album(name, [keys[number] for number in numbers])
    return dump
