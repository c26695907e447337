"""Immich's API says the same as its dump, in every generation; and what happens where it does not answer."""

import http.client
import sqlite3
from contextlib import closing
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from switching.readers import immich, immich_api
from switching.stream import Library, Unreadable
from switching.tests.samples.family import make_family
from switching.tests.samples.immich import BEN, Dump, of_family
from switching.tests.samples.immich_server import KEY, Immich

GENERATIONS = ["1.106.1", "1.132.3", "1.133.0", "2.5.0", "3.2.2"]


def everything(path: Path, account: str = "") -> tuple[Any, ...]:
    """All that a reader says, in an order of its own."""
    with immich.read(path, account) as library:
        assets = sorted(library.assets(), key=lambda asset: asset.key)
        kept = [
            replace(each, tags=tuple(sorted(each.tags)), faces=tuple(sorted(each.faces, key=str))) for each in assets
        ]
        albums = [replace(each, assets=tuple(sorted(each.assets)), shares=tuple(sorted(each.shares, key=str)))
                  for each in sorted(library.albums, key=lambda album: album.key)]  # fmt: skip
        stacks = [replace(each, key="", assets=tuple(sorted(each.assets))) for each in library.stacks]
        people = sorted(library.people.values(), key=lambda person: person.key)
        return kept, albums, sorted(stacks, key=lambda stack: stack.assets), people, library.version, library.count


def rich(version: str) -> Dump:
    """The family, and what only some libraries have."""
    dump = of_family(make_family(), version)
    first, second = dump.tables["asset"][0]["id"], dump.tables["asset"][1]["id"]
    dump.person("Hidden", isHidden=True, birthDate="1980-02-03", isFavorite=True)
    dump.album("With Ben", [first, second], {BEN: "editor"}, description="Two", albumThumbnailAssetId=second)
    for value in ("Travel", "Travel/Japan", "Travel/Japan/Kyoto"):
        dump.tagged(second, value)
    dump.tagged(first, "Travel")
    put_away = dump.asset("put-away.jpg", "ef" * 20, archived=True)
    dump.album("Put away", [first, put_away])
    dump.tagged(put_away, "Quiet")
    dump.asset("of-ben.jpg", "cd" * 20, owner=BEN)
    return dump


@pytest.mark.parametrize("version", GENERATIONS)
def test_the_same_comes_as_from_the_dump(tmp_path: Path, version: str) -> None:
    dump = rich(version)
    counted: list[int] = []
    with Immich(dump).serving() as address:
        server = immich_api.server_at(f" {address}/api/ ", KEY)
        count = immich_api.fetch(server, tmp_path / "immich.db", lambda done, _: counted.append(done))
    assert count == counted[-1] == 61
    told, dumped = everything(tmp_path / "immich.db"), everything(dump.write(tmp_path / "dump.sql"), "anna")
    kyoto = [asset for asset in dumped[0] if "Travel/Japan/Kyoto" in asset.tags]
    assert [asset.tags for asset in told[0] if asset.key == kyoto[0].key] == [
        tuple(tag for tag in kyoto[0].tags if tag not in ("Travel", "Travel/Japan"))
    ]
    plain = [[replace(asset, tags=()) for asset in side[0]] for side in (told, dumped)]
    assert plain[0] == plain[1]
    assert told[1:] == dumped[1:]
    assert [asset.tags for asset in told[0] if asset.archived and "Quiet" in asset.tags] == [("Quiet",)]


def test_version_3_is_asked_for_the_faces_of_photos_with_people_alone(tmp_path: Path) -> None:
    for version, asks in (("2.5.0", False), ("3.2.2", True)):
        dump = rich(version)
        immich_server = Immich(dump)
        with immich_server.serving() as address:
            immich_api.fetch(immich_api.server_at(address, KEY), tmp_path / "immich.db")
        with_people = {row["assetId"] for row in dump.tables["face"] if row["personId"]}
        assert immich_server.asked.count("/api/faces") == (len(with_people) if asks else 0)


@pytest.mark.parametrize(("path", "status", "words"), [
    ("/api/users/me", 401, "does not know this key"), ("/api/people", 403, "may not read people"),
    ("/api/tags", 500, "answered 500 for tags"), ("/api/search/metadata", 302, "answered 302"),
    ("/api/stacks", 403, "may not read stacks"), ("/api/stacks", 500, "answered 500 for stacks"),
])  # fmt: skip
def test_what_immich_refuses_is_told_and_leaves_no_file(tmp_path: Path, path: str, status: int, words: str) -> None:
    server = Immich(rich("2.5.0"))
    server.refuses[path] = status
    with server.serving() as address, pytest.raises(Unreadable, match=words):
        immich_api.fetch(immich_api.server_at(address, KEY), tmp_path / "immich.db")
    assert not (tmp_path / "immich.db").exists()


def test_what_was_fetched_before_stays_until_the_new_file_is_whole(tmp_path: Path) -> None:
    file, server = tmp_path / "immich.db", Immich(rich("2.5.0"))
    with server.serving() as address:
        immich_api.fetch(immich_api.server_at(address, KEY), file)
        before = file.read_bytes()
        server.refuses["/api/stacks"] = 500
        with pytest.raises(Unreadable):
            immich_api.fetch(immich_api.server_at(address, KEY), file)
        assert file.read_bytes() == before
        server.refuses.clear()
        immich_api.fetch(immich_api.server_at(address, KEY), file)
    assert [each.name for each in tmp_path.iterdir()] == ["immich.db"]


@pytest.mark.parametrize("database", [True, False])
def test_another_file_is_never_overwritten(tmp_path: Path, database: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "holiday.jpg"
    file.write_bytes(b"a photo")
    if database:
        file.unlink()
        with closing(sqlite3.connect(file)) as other:
            other.execute("CREATE TABLE photos (id)")
    before = file.read_bytes()
    monkeypatch.setenv("IMMICH_KEY", KEY)
    with Immich(rich("2.5.0")).serving() as address, pytest.raises(CommandError, match=r"cannot be written.*exists"):
        call_command("fetch_immich", address, str(file))
    assert file.read_bytes() == before


@pytest.mark.parametrize("error", [http.client.IncompleteRead(b"{"), http.client.BadStatusLine("SSH")])
def test_a_connection_that_breaks(tmp_path: Path, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(immich_api.urllib.request.OpenerDirector, "open", breaks)
    with pytest.raises(Unreadable, match="does not answer"):
        immich_api.fetch(immich_api.server_at("http://127.0.0.1:9", KEY), tmp_path / "immich.db")


def test_an_answer_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(immich_api, "MOST_BYTES", 30)
    with Immich(rich("2.5.0")).serving() as address, pytest.raises(Unreadable, match="more than 30 bytes"):
        immich_api.fetch(immich_api.server_at(address, KEY), tmp_path / "immich.db")


def test_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(immich_api.Fetching, "add", full)
    monkeypatch.setenv("IMMICH_KEY", KEY)
    with Immich(rich("2.5.0")).serving() as address, pytest.raises(CommandError, match="disk is full"):
        call_command("fetch_immich", address, str(tmp_path / "immich.db"))
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b"{}", b'{"assets": 3}', b'{"assets": {"items": [{"id": 1}]}}'])
def test_an_answer_of_another_kind(tmp_path: Path, answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Immich(rich("2.5.0"))
    monkeypatch.setattr(server, "search", lambda body: answer)
    with (
        server.serving() as address,
        pytest.raises(Unreadable, match=r"form that Mirage does not know|does not answer"),
    ):
        immich_api.fetch(immich_api.server_at(address, KEY), tmp_path / "immich.db")
    assert not (tmp_path / "immich.db").exists()


def test_addresses_that_are_none(tmp_path: Path) -> None:
    for address in ("immich", "file:///etc/passwd", "ftp://x", ""):
        with pytest.raises(Unreadable, match="begins with https"):
            immich_api.server_at(address, KEY)
    with pytest.raises(Unreadable, match="does not answer"):
        immich_api.fetch(immich_api.server_at("http://127.0.0.1:9", KEY), tmp_path / "immich.db")


def test_before_there_was_a_list_of_stacks(tmp_path: Path) -> None:
    server = Immich(rich("1.106.1"))
    server.refuses["/api/stacks"] = 404
    with server.serving() as address:
        immich_api.fetch(immich_api.server_at(address, KEY), tmp_path / "immich.db")
    library: Library
    with immich.read(tmp_path / "immich.db", "") as library:
        assert library.stacks


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = StringIO()
    monkeypatch.setenv("IMMICH_KEY", KEY)
    with Immich(rich("3.2.2")).serving() as address:
        call_command("fetch_immich", address, str(tmp_path / "immich.db"), stdout=out)
        assert out.getvalue().startswith("61 photos and videos. Now: manage.py switch_from immich")
        monkeypatch.setenv("IMMICH_KEY", "wrong")
        with pytest.raises(CommandError, match="does not know this key"):
            call_command("fetch_immich", address, str(tmp_path / "other.db"))


class Moving(Immich):
    """All assets are edited, and found twice, as when others are added between two pages of a search."""

    def asset(self, row: dict[str, Any]) -> dict[str, Any]:
        return super().asset(row) | {"isEdited": True}

    def search(self, body: dict[str, Any]) -> Any:
        found = super().search(body)
        found["assets"]["items"] *= 2
        return found

    def answer(self, path: str, query: dict[str, str], body: Any) -> Any:
        if path.endswith("/edits"):
            return {"edits": [{"action": "rotate", "parameters": {"angle": 90}}]}
        return super().answer(path, query, body)


def test_an_asset_that_is_found_twice_is_edited_once(tmp_path: Path) -> None:
    with Moving(rich("3.2.2")).serving() as address:
        immich_api.fetch(immich_api.server_at(address, KEY), tmp_path / "immich.db")
    with immich.read(tmp_path / "immich.db", "") as library:
        assert {asset.turn for asset in library.assets()} == {6}
