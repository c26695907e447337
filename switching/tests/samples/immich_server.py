"""A server that answers as Immich's API does (@immich/sdk 1.106 to 3.2.2), from the rows of a made dump."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from switching.tests.samples.immich import ANNA, Dump

KEY = "the-key-of-anna"
SHOWN = ("imageWidth", "imageHeight", "boundingBoxX1", "boundingBoxY1", "boundingBoxX2", "boundingBoxY2")


class Immich:
    """What the account of Anna sees. `page` assets fit on a page of a search."""

    def __init__(self, dump: Dump, page: int = 7) -> None:
        self.dump, self.page = dump, page
        self.asked: list[str] = []
        self.refuses: dict[str, int] = {}

    def rows(self, table: str, **equal: Any) -> list[dict[str, Any]]:
        return [row for row in self.dump.tables[table] if all(row.get(name) == value for name, value in equal.items())]

    def person(self, row: dict[str, Any]) -> dict[str, Any]:
        names = ("id", "name", "birthDate", "isHidden", "isFavorite")
        return {name: row[name] for name in names} | {"thumbnailPath": ""}

    def face(self, row: dict[str, Any]) -> dict[str, Any]:
        return {"id": row["id"], **{name: row[name] for name in SHOWN}}

    def asset(self, row: dict[str, Any]) -> dict[str, Any]:
        names = ("id", "ownerId", "originalPath", "originalFileName", "isFavorite", "libraryId", "livePhotoVideoId")
        told = {name: row[name] for name in names}
        told["localDateTime"] = str(row["localDateTime"]).replace(" ", "T").replace("+00", ".000Z")
        told["checksum"] = base64.b64encode(bytes.fromhex(row["checksum"][2:])).decode()
        told["isTrashed"] = row["status"] == "trashed" or bool(row["deletedAt"])
        told["isArchived"] = row.get("isArchived", row.get("visibility") == "archive")
        if self.dump.generation:
            told["visibility"] = row["visibility"]
        told["exifInfo"] = {
            name: value for name, value in self.rows("exif", assetId=row["id"])[0].items() if name != "assetId"
        }
        told["people"] = list(self.people_in(row["id"]))
        if row["stackId"]:
            told["stack"] = {"id": row["stackId"], "primaryAssetId": "", "assetCount": 2}
        return told

    def people_in(self, asset: str) -> Iterator[dict[str, Any]]:
        for person in self.rows("person"):
            faces = self.rows("face", assetId=asset, personId=person["id"])
            if faces:
                shown = {} if self.dump.generation == 2 else {"faces": [self.face(face) for face in faces]}
                yield self.person(person) | shown

    def search(self, body: dict[str, Any]) -> Any:
        rows = self.rows("asset")
        if body.get("visibility"):
            rows = [row for row in rows if row.get("visibility") == body["visibility"]]
        for wanted, table, name in (("albumIds", "album_asset", "album"), ("tagIds", "tag_asset", "tag")):
            if wanted in body:
                keys = self.and_below(body[wanted]) if name == "tag" else set(body[wanted])
                inside = {
                    link.get("assetId", link.get("assetsId"))
                    for link in self.rows(table)
                    if link.get(f"{name}Id", link.get(f"{name}sId")) in keys
                }
                rows = [row for row in rows if row["id"] in inside]
        first = (body["page"] - 1) * self.page
        more = str(body["page"] + 1) if len(rows) > first + self.page else None
        items = [self.asset(row) for row in rows[first : first + self.page]]
        return {"albums": {}, "assets": {"items": items, "count": len(items), "nextPage": more}}

    def and_below(self, ids: list[str]) -> set[str]:
        values = [tag["value"] for tag in self.rows("tag") if tag["id"] in ids]
        return {
            tag["id"]
            for tag in self.rows("tag")
            if any(tag["value"] == value or tag["value"].startswith(f"{value}/") for value in values)
        }

    def album(self, row: dict[str, Any], *, whole: bool) -> dict[str, Any]:
        key = row["id"]
        users = [
            {"role": one["role"], "user": self.rows("account", id=one.get("userId", one.get("usersId")))[0]}
            for one in self.rows("album_user")
            if one.get("albumId", one.get("albumsId")) == key
        ]
        told = {**row, "albumUsers": users}
        if whole and self.dump.generation < 2:
            ids = [
                one.get("assetId", one.get("assetsId"))
                for one in self.rows("album_asset")
                if one.get("albumId", one.get("albumsId")) == key
            ]
            told["assets"] = [self.asset(self.rows("asset", id=each)[0]) for each in ids]
        return told

    def answer(self, path: str, query: dict[str, str], body: Any) -> Any:
        match path.removeprefix("/api/").split("/"):
            case ["server", "version"]:
                return dict(zip(("major", "minor", "patch"), map(int, self.dump.version.split(".")), strict=True))
            case ["users", "me"]:
                return self.rows("account", id=ANNA)[0]
            case ["people"]:
                named = [self.person(row) for row in self.rows("person", ownerId=ANNA)]
                first = (int(query["page"]) - 1) * 2
                return {"people": named[first : first + 2], "hasNextPage": len(named) > first + 2}
            case ["search", "metadata"]:
                return self.search(body)
            case ["faces"]:
                return [
                    self.face(row) | {"person": next(map(self.person, self.rows("person", id=row["personId"])), None)}
                    for row in self.rows("face", assetId=query["id"])
                ]
            case ["albums"]:
                return [self.album(row, whole=False) for row in self.rows("album")]
            case ["albums", key]:
                return self.album(self.rows("album", id=key)[0], whole=True)
            case ["tags"]:
                return [{"id": row["id"], "name": "", "value": row["value"]} for row in self.rows("tag")]
            case ["stacks"]:
                return [
                    {**row, "assets": [self.asset(each) for each in self.rows("asset", stackId=row["id"])]}
                    for row in self.rows("stack")
                ]
            case ["shared-links"] | ["memories"]:
                return []
        raise KeyError(path)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The address of the server, while it serves."""
        immich = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                split = urlsplit(self.path)
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                immich.asked.append(split.path)
                status = immich.refuses.get(split.path, 200 if self.headers["x-api-key"] == KEY else 401)
                told = immich.answer(split.path, dict(parse_qsl(split.query)), body) if status == 200 else {}
                data = told if isinstance(told, bytes) else json.dumps(told).encode()
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", f"{self.path}&elsewhere")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_GET

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
