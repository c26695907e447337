"""Ranges, conditional requests, names: what files look like over HTTP."""

import os
import socket
from pathlib import Path

import pytest
from django.http import HttpResponseBase
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from photos.storage import http
from photos.storage.http import ByteRange, RangeNotSatisfiable, disposition, file_response, parse_range

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
]  # a closed response looks after connections

CONTENT = bytes(range(256)) * 8  # 2048 bytes


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file.bin"
    path.write_bytes(CONTENT)
    return path


def answer(path: Path, method: str = "GET", **headers: str) -> HttpResponseBase:
    request = RequestFactory().generic(method, "/", headers=headers)
    return file_response(request, path, tag="abc", mime="image/jpeg", caching=http.FOREVER, name="a.jpg")


def body(response: HttpResponseBase) -> bytes:
    content = b"".join(response)  # type: ignore[arg-type]
    response.close()
    return content


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-99", (0, 100)),
        ("bytes=500-", (500, 2048)),
        ("bytes=2047-", (2047, 2048)),
        ("bytes=-1", (2047, 2048)),
        ("bytes=-9999", (0, 2048)),
        ("bytes=2000-999999", (2000, 2048)),
        ("Bytes = 0-1", (0, 2)),
        ("bytes=0-1,5-6", None),  # several: the whole file is a right answer
        ("bytes=-", None),
        ("bytes=5-4", None),
        ("bytes=a-b", None),
        ("items=0-1", None),
        ("bytes=٣-٤", None),  # digits, but not of the protocol
        ("", None),
    ],
)
def test_parse_range(header: str, expected: tuple[int, int] | None) -> None:
    assert parse_range(header, 2048) == (ByteRange(*expected) if expected else None)


@pytest.mark.parametrize("header", ["bytes=2048-", "bytes=9999-10000", "bytes=-0"])
def test_range_outside_the_file(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        parse_range(header, 2048)


@given(first=st.integers(0, 5000), last=st.integers(0, 5000), size=st.integers(0, 3000))
def test_a_range_is_a_slice(first: int, last: int, size: int) -> None:
    content = bytes(i % 251 for i in range(size))
    try:
        part = parse_range(f"bytes={first}-{last}", size)
    except RangeNotSatisfiable:
        assert not content[first : last + 1]
    else:
        assert part is None if last < first else content[part.start : part.stop] == content[first : last + 1]


def test_whole_file(file: Path) -> None:
    response = answer(file)
    assert response.status_code == 200
    assert body(response) == CONTENT
    assert response.headers["Content-Length"] == "2048"
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["ETag"] == '"abc"'
    assert response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_part_of_a_file(file: Path) -> None:
    response = answer(file, Range="bytes=10-19")
    assert response.status_code == 206
    assert body(response) == CONTENT[10:20]
    assert response.headers["Content-Range"] == "bytes 10-19/2048"
    assert response.headers["Content-Length"] == "10"


def test_part_that_is_not_there(file: Path) -> None:
    response = answer(file, Range="bytes=2048-")
    assert response.status_code == 416
    assert response.headers["Content-Range"] == "bytes */2048"


@pytest.mark.parametrize("held", ['"other"', 'W/"abc"', "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_part_of_another_version_is_not_continued(file: Path, held: str) -> None:
    response = answer(file, **{"Range": "bytes=10-19", "If-Range": held})
    assert response.status_code == 200
    assert body(response) == CONTENT


def test_part_of_the_same_version_is_continued(file: Path) -> None:
    assert answer(file, **{"Range": "bytes=10-19", "If-Range": '"abc"'}).status_code == 206


@pytest.mark.parametrize("held", ['"abc"', 'W/"abc"', '"x", "abc"', "*"])
def test_unchanged(file: Path, held: str) -> None:
    response = answer(file, **{"If-None-Match": held, "Range": "bytes=10-19"})
    assert response.status_code == 304
    assert response.headers["ETag"] == '"abc"'
    assert body(response) == b""


def test_changed(file: Path) -> None:
    assert answer(file, **{"If-None-Match": '"old"'}).status_code == 200


def test_head_tells_all_but_the_bytes(file: Path) -> None:
    response = answer(file, "HEAD", Range="bytes=10-19")
    assert response.status_code == 200
    assert response.headers["Content-Length"] == "2048"
    assert body(response) == b""


def test_empty_file(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    assert body(answer(empty)) == b""
    assert answer(empty, Range="bytes=0-").status_code == 416


def test_servers_with_sendfile_find_the_part(file: Path) -> None:
    """They take the descriptor's position and Content-Length, and never call read."""
    response = answer(file, Range="bytes=100-149")
    part = response.file_to_stream  # type: ignore[attr-defined]
    assert os.pread(part.fileno(), 50, os.lseek(part.fileno(), 0, os.SEEK_CUR)) == CONTENT[100:150]
    response.close()


def test_nothing_is_held_in_memory(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(3 * http.BLOCK)
    blocks = [len(block) for block in answer(file)]  # type: ignore[attr-defined]
    assert blocks == [http.BLOCK] * 3


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a b.jpg", 'inline; filename="a b.jpg"'),
        ('q"\\.jpg', 'inline; filename="q\\"_.jpg"'),
        ("Crémieux.jpg", "inline; filename*=utf-8''Cr%C3%A9mieux.jpg"),
        ("a\r\nSet-Cookie: x=1.jpg", 'inline; filename="a__Set-Cookie: x=1.jpg"'),
        ("../../etc/passwd", 'inline; filename=".._.._etc_passwd"'),
    ],
)
def test_names(name: str, expected: str) -> None:
    assert disposition(name, attachment=False) == expected


def test_silent_clients_are_dropped(file: Path) -> None:
    """gunicorn hands out its socket; a paused video would else hold a thread for as long as it is paused."""
    ours, theirs = socket.socketpair()
    request = RequestFactory().get("/", **{"gunicorn.socket": ours})
    file_response(request, file, tag="abc", mime="video/mp4", caching=http.FOREVER).close()
    assert ours.gettimeout() == http.SILENCE_SECONDS
    ours.close()
    theirs.close()
