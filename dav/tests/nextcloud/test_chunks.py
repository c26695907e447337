"""Files in chunks, as Nextcloud's app sends them."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from dav.nextcloud import chunks
from dav.tests.conftest import Program, tree
from photos.ingest import room
from photos.models import Photo
from photos.storage import paths

FILES = "http://testserver/remote.php/dav/files/anna/"


@pytest.fixture
def app(owner: User) -> Program:
    return Program(owner, base="/remote.php/dav/uploads/anna/")


def send(app: Program, content: bytes, *names: str) -> None:
    """Begin, and send the content in as many pieces as there are names, the last first."""
    assert app("MKCOL", "77").status_code == 201
    size = -(-len(content) // len(names))
    pieces = [content[place * size : (place + 1) * size] for place in range(len(names))]
    for name, piece in reversed(list(zip(names, pieces, strict=True))):
        assert app("PUT", f"77/{name}", piece).status_code == 201


@pytest.mark.parametrize("names", [("1", "2", "10"), ("00001", "00002", "00003"), ("0-9", "10-19", "100-199")])
def test_chunks_become_a_photo(app: Program, make_picture: Callable[..., Path], names: tuple[str, ...]) -> None:
    content = make_picture().read_bytes()
    send(app, content, *names)
    sizes = [one.text for one in tree(app("PROPFIND", "77", Depth="1")).iter("{DAV:}getcontentlength")]
    assert sum(int(size or 0) for size in sizes) == len(content)
    moved = app(
        "MOVE", "77/.file", Destination=FILES + "a.jpg", OC_Total_Length=str(len(content)), X_OC_Mtime="1500000000"
    )
    assert (moved.status_code, moved.headers["X-OC-MTime"]) == (201, "accepted")
    photo = Photo.objects.get()
    assert paths.original_path(photo).read_bytes() == content
    assert photo.file_modified_at.year == 2017
    assert list(chunks.root().glob("*/*")) == []
    assert app("MOVE", "77/.file", Destination=FILES + "a.jpg").status_code == 404


def test_a_chunk_that_is_sent_again(app: Program, make_picture: Callable[..., Path]) -> None:
    content = make_picture().read_bytes()
    app("MKCOL", "77")
    for piece in (b"wrong", content):
        assert app("PUT", "77/1", piece).status_code == 201
    assert app("MOVE", "77/.file", Destination=FILES + "a.jpg").status_code == 201
    assert Photo.objects.get().size == len(content)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("MKCOL", "77", {}, 405), ("MKCOL", "78/1", {}, 404), ("PUT", "78/1", {}, 404), ("PUT", "77/../x", {}, 400),
        ("PUT", "77/x", {}, 400), ("PUT", "77/.file", {}, 400), ("PUT", "77", {}, 405), ("GET", "77/1", {}, 405),
        ("MOVE", "77/.file", {"Destination": FILES + "a.jpg", "OC_Total_Length": "9"}, 400),
        ("MOVE", "77/.file", {"Destination": FILES + "none/a.jpg"}, 409),
        ("MOVE", "77/.file", {"Destination": FILES}, 403),
        ("MOVE", "77/.file", {"Destination": "http://testserver/remote.php/dav/files/other/a.jpg"}, 502),
        ("MOVE", "77/.file", {}, 400), ("DELETE", "77", {}, 204), ("PROPFIND", "78", {}, 404),
        ("PROPFIND", "", {}, 404),
    ],
)  # fmt: skip
def test_what_is_refused(app: Program, method: str, path: str, headers: dict[str, str], status: int) -> None:
    app("MKCOL", "77")
    app("PUT", "77/1", b"x")
    assert app(method, path, **headers).status_code == status
    assert not Photo.objects.exists()


def test_no_room_for_the_whole(app: Program, owner: User) -> None:
    owner.quota_bytes = 100
    owner.save()
    assert app("MKCOL", "77", OC_Total_Length="101").status_code == 507
    app("MKCOL", "77")
    assert app("PUT", "77/1", b"x" * 60).status_code == 201
    assert app("PUT", "77/2", b"x" * 60).status_code == 507


def test_the_whole_holds_its_room_while_it_is_put_together(
    app: Program, make_picture: Callable[..., Path], monkeypatch: Any
) -> None:
    content, whole = make_picture().read_bytes(), chunks.blocks
    held: list[int] = []

    def look(found: list[tuple[Path, int]]) -> Any:
        held.extend(claim.size for claim in room._claims)
        return whole(found)

    monkeypatch.setattr(chunks, "blocks", look)
    send(app, content, "1", "2")
    assert app("MOVE", "77/.file", Destination=FILES + "a.jpg").status_code == 201
    assert held == [len(content)]
    assert room._claims == []


def test_others_have_their_own(app: Program, stranger: User) -> None:
    app("MKCOL", "77")
    theirs = Program(stranger, base="/remote.php/dav/uploads/anna/")
    assert theirs("PROPFIND", "77").status_code == 404
    theirs.base = "/remote.php/dav/uploads/mallory/"
    assert theirs("PROPFIND", "77").status_code == 404
    assert Program(stranger, "read", base=theirs.base)("MKCOL", "1").status_code == 403


def test_what_nobody_continued_is_removed(app: Program, monkeypatch: Any) -> None:
    monkeypatch.setattr(chunks, "MOST_UPLOADS", 1)
    app("MKCOL", "77")
    assert app("MKCOL", "78").status_code == 507
    assert chunks.remove_old() == 0
    folder = next(chunks.root().glob("*/*"))
    os.utime(folder, (time.time() - chunks.KEPT - 1,) * 2)
    assert chunks.remove_old() == 1
    assert not folder.exists()
