"""Immich through its HTTP API (versions 1.106 to 3): what it says of one account goes into a file.

The file is a small SQLite database with the tables of a dump, so that everything after it is the same as for a dump
(switching/readers/immich.py). Endpoints: Immich's own OpenAPI, as published in @immich/sdk.
"""

import base64
import errno
import http.client
import json
import os
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from media.sentences import english
from switching.readers import immich
from switching.readers.tables import quoted
from switching.stream import Unreadable

SECONDS = 60  # that one answer may take
MOST_BYTES = 128 * 1024 * 1024  # of one answer; a page of a thousand assets has about three million
PAGE = 1000
SEEN = ("timeline", "archive")  # the visibilities that come; hidden are halves of Live Photos, locked stay locked
TABLES: dict[str, Sequence[str]] = {
    "asset": immich.ASSET,
    "exif": immich.EXIF,
    "face": immich.FACE,
    "edit": immich.EDIT,
    "person": immich.PERSON,
    "album": immich.ALBUM,
    "album_asset": ("albumId", "assetId"),
    "album_user": ("albumId", "userId", "role"),
    "tag": immich.TAG,
    "tag_asset": ("tagId", "assetId"),
    "stack": immich.STACK,
    "link": immich.LINK,
    "account": immich.USER,
    "memory": ("id", "ownerId"),
    "version_history": ("version", "createdAt"),
}
UNIQUE = {"asset": "id", "exif": "assetId", "face": "id", "account": "id", "stack": "id"}

Row = Mapping[str, Any]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would take the key to another server."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass(frozen=True)
class Server:
    """An Immich server and the key of an account."""

    address: str
    key: str

    def get(self, path: str, **query: Any) -> Any:
        """The answer of an endpoint. Raises Unreadable."""
        return self._ask(f"{path}?{urlencode(query)}" if query else path)

    def found(self, **asked: Any) -> Iterator[Row]:
        """All assets that a search finds, page after page."""
        page: Any = 1
        while page:
            body = {"page": int(page), "size": PAGE, "withStacked": True, "withArchived": True, **asked}
            assets = self._ask("search/metadata", body)["assets"]
            yield from assets["items"]
            page = assets.get("nextPage")

    def _ask(self, path: str, body: Row | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.address}/api/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"x-api-key": self.key, "Accept": "application/json", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.build_opener(NoRedirect).open(request, timeout=SECONDS) as answer:
                data = answer.read(MOST_BYTES + 1)
            if len(data) > MOST_BYTES:
                raise ValueError(f"more than {MOST_BYTES:,} bytes")
            return json.loads(data)
        except urllib.error.HTTPError as error:
            raise refused(path, error.code) from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise Unreadable(
                english("Immich at %(address)s does not answer: %(reason)s", address=self.address, reason=reason)
            ) from error


def refused(path: str, status: int) -> Unreadable:
    """Why Immich did not answer."""
    what = path.partition("?")[0]
    if status == 401:
        return Unreadable(english("Immich does not know this key."))
    if status == 403:
        return Unreadable(english("The key may not read %(what)s: give it all permissions to read.", what=what))
    return Unreadable(english("Immich answered %(status)s for %(what)s.", status=status, what=what))


def server_at(address: str, key: str) -> Server:
    """The server at an address as people type it. Raises Unreadable."""
    address = address.strip().rstrip("/").removesuffix("/api")
    if not address.startswith(("https://", "http://")):
        raise Unreadable(english("The address of Immich begins with https:// or http://."))
    return Server(address, key.strip())


def fetch(server: Server, target: Path, note: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Write what Immich says of the key's account into a new file. Returns how many assets. Raises Unreadable.

    A file that was fetched before is replaced when the new one is whole. Any other is left alone: FileExistsError.
    """
    if os.path.lexists(target) and not was_fetched(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        count = write(server, part, note)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return count


def was_fetched(file: Path) -> bool:
    """Whether the file holds what `fetch` writes, and not something else that must stay."""
    if not immich.is_sqlite(file):
        return False
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
        try:
            names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        except sqlite3.Error:
            return False
    return "version_history" in names and names <= set(TABLES)


def write(server: Server, target: Path, note: Callable[[int, int], None]) -> int:
    """Write what Immich says into a file that is not there yet. Returns how many assets. Raises Unreadable."""
    try:
        with closing(sqlite3.connect(target)) as database:
            for table, columns in TABLES.items():
                database.execute(f"CREATE TABLE {quoted(table)} ({', '.join(map(quoted, columns))})")
            for table, column in UNIQUE.items():
                database.execute(f"CREATE UNIQUE INDEX {table}_once ON {quoted(table)} ({quoted(column)})")
            database.execute('CREATE INDEX face_asset ON face ("assetId")')
            database.execute('CREATE INDEX edit_asset ON edit ("assetId")')
            database.execute('CREATE INDEX tagged_asset ON tag_asset ("assetId")')
            count = Fetching(server, database, note).run()
            database.commit()
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unreadable(
            english("Immich answered in a form that Mirage does not know: %(reason)s", reason=error)
        ) from error
    return count


class Fetching:
    """One account on its way into the file."""

    def __init__(self, server: Server, database: sqlite3.Connection, note: Callable[[int, int], None]) -> None:
        self.server, self.database, self.note = server, database, note
        self.me = ""
        self.version = (0, 0)

    def add(self, table: str, **row: Any) -> None:
        """Add a row, or replace the one with the same key. Only the columns that the table has are kept."""
        columns = [column for column in TABLES[table] if row.get(column) is not None]
        values = [kept(row[column]) for column in columns]
        names, places = ", ".join(map(quoted, columns)), ", ".join("?" * len(columns))
        self.database.execute(f"INSERT OR REPLACE INTO {quoted(table)} ({names}) VALUES ({places})", values)

    def run(self) -> int:
        version = self.server.get("server/version")
        self.add("version_history", version="{major}.{minor}.{patch}".format(**version), createdAt="9999")
        self.version = version["major"], version["minor"]
        account = self.server.get("users/me")
        self.me = account["id"]
        self.add("account", **account)
        self.people()
        count = self.assets()
        self.albums()
        self.tags()
        self.stacks()
        for link in self.server.get("shared-links"):
            self.add("link", id=link["id"], userId=self.me)
        for memory in self.server.get("memories"):
            self.add("memory", id=memory["id"], ownerId=self.me)
        return count

    def people(self) -> None:
        page, more = 1, True
        while more:
            told = self.server.get("people", withHidden="true", page=page, size=PAGE)
            for person in told["people"]:
                self.add("person", **{**person, "ownerId": self.me})
            page, more = page + 1, bool(told.get("hasNextPage"))

    def seen(self, **asked: Any) -> Iterator[Row]:
        """What a search finds. Before 1.133 it finds all; since then the timeline alone, unless asked for the rest."""
        for visibility in SEEN if self.version >= (1, 133) else ("",):
            which = {"visibility": visibility} if visibility else {}
            yield from self.server.found(withDeleted=True, **which, **asked)

    def assets(self) -> int:
        """All assets of the account."""
        count = 0
        for asset in self.seen(withExif=True, withPeople=True):
            if asset["ownerId"] != self.me:
                continue
            self.asset(asset)
            count += 1
            self.note(count, count)
        return count

    def asset(self, asset: Row) -> None:
        checksum = base64.b64decode(asset["checksum"]).hex()
        stack = asset.get("stack")
        parent = asset.get("stackParentId")
        self.add(
            "asset",
            **{
                **asset,
                "checksum": f"\\x{checksum}",
                "deletedAt": "yes" if asset.get("isTrashed") else None,
                "stackId": stack.get("id") if isinstance(stack, dict) else parent,
            },
        )
        if parent and not isinstance(stack, dict):
            self.add("stack", id=parent, primaryAssetId=parent, ownerId=self.me)
        self.add("exif", **{**(asset.get("exifInfo") or {}), "assetId": asset["id"]})
        self.faces(asset["id"], asset.get("people") or [])
        if asset.get("isEdited"):
            # a search whose pages move meanwhile finds an asset twice
            self.database.execute('DELETE FROM edit WHERE "assetId" = ?', (asset["id"],))
            for place, edit in enumerate(self.server.get(f"assets/{asset['id']}/edits")["edits"]):
                told = json.dumps(edit["parameters"])
                self.add("edit", assetId=asset["id"], action=edit["action"], parameters=told, sequence=place)

    def faces(self, asset: str, people: Sequence[Row]) -> None:
        """The faces of named people. Version 3 names people without their boxes, which are then asked for."""
        if people and all("faces" in person for person in people):
            found = [(person["id"], face) for person in people for face in person["faces"]]
        elif people:
            told = self.server.get("faces", id=asset)
            found = [(face["person"]["id"], face) for face in told if face.get("person")]
        else:
            return
        for person, face in found:
            self.add("face", **{**face, "assetId": asset, "personId": person})

    def albums(self) -> None:
        """The account's own albums, and who else sees them."""
        for short in self.server.get("albums", isOwned="true"):
            users = short.get("albumUsers") or []
            owner = short.get("ownerId") or next(
                (one["user"]["id"] for one in users if one["role"] == "owner"), self.me
            )
            if owner != self.me:
                continue
            album = self.server.get(f"albums/{short['id']}")
            self.add("album", **{**album, "ownerId": self.me})
            for one in album.get("albumUsers") or []:
                self.add("account", **one["user"])
                self.add("album_user", albumId=album["id"], userId=one["user"]["id"], role=one["role"])
            items = album.get("assets") or self.seen(albumIds=[album["id"]])
            for each in items:
                self.add("album_asset", albumId=album["id"], assetId=each["id"])

    def tags(self) -> None:
        """The tags and their assets. A search for a tag also finds those of the tags below it: they have it anyway."""
        tags = sorted(self.server.get("tags"), key=lambda tag: -tag["value"].count("/"))
        below: dict[str, set[str]] = {}
        for tag in tags:
            self.add("tag", id=tag["id"], userId=self.me, value=tag["value"])
            found = {asset["id"] for asset in self.seen(tagIds=[tag["id"]])}
            for asset in sorted(found - below.get(tag["value"], set())):
                self.add("tag_asset", tagId=tag["id"], assetId=asset)
            parts = tag["value"].split("/")
            for depth in range(1, len(parts)):
                below.setdefault("/".join(parts[:depth]), set()).update(found)

    def stacks(self) -> None:
        """The stacks. Immich before 1.113 has no list of them; its assets name their stack."""
        if self.version < (1, 113):
            return
        for stack in self.server.get("stacks"):
            self.add("stack", id=stack["id"], primaryAssetId=stack["primaryAssetId"], ownerId=self.me)
            for asset in stack["assets"]:
                self.database.execute('UPDATE asset SET "stackId" = ? WHERE id = ?', (stack["id"], asset["id"]))


def kept(value: Any) -> Any:
    """A value as a dump has it."""
    if isinstance(value, bool):
        return "t" if value else "f"
    return value if isinstance(value, int | float) else str(value)
