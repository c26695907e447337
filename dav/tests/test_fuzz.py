"""What nobody of good will would send: verbs, paths, headers and bodies at random. No error of the server, no leak."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from dav.models import Entry
from dav.tests.conftest import Program, text_of
from photos.models import Photo

METHODS = (
    *("OPTIONS", "GET", "HEAD", "PUT", "DELETE", "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK"),
    *("POST", "PATCH", "REPORT", "SEARCH", "TRACE", "ACL", "X"),
)
NAMES = (
    *("Upload", "Photos", "Albums", "People", "Favourites", "a.jpg", "a", "b", "2024", "05", "..", ".", "%00", "%FF"),
    *("%2F", "%2e%2e", "x" * 300, "%F0%9F%91%A8", "a%0Ab", "~", "*", "a;b", "%25", "Secret.jpg", "IMG ~abcdef.jpg"),
)
BASES = ("/dav/", "/remote.php/dav/files/anna/", "/remote.php/dav/uploads/anna/", "/remote.php/webdav/")
HEADERS: dict[str, tuple[str, ...]] = {
    "Depth": ("0", "1", "infinity", "-1", "x", ""),
    "Destination": ("/dav/Upload/b", "http://testserver/dav/Upload/a", "http://[", "//", "/dav/../x", "", "http://x:y/dav"),
    "Overwrite": ("T", "F", "x"),
    "If": ("(<urn:x>)", "(Not <DAV:no-lock>)", "<http://testserver/dav/Upload/a> ([\"x\"])", "((", "<", "[]", "(<>)"),
    "If-Match": ("*", '"x"', "x", '"'),
    "If-None-Match": ("*", '"x"', ""),
    "Lock-Token": ("<urn:x>", "x", ""),
    "Timeout": ("Second-1", "Infinite", "Second-99999999999999", "x"),
    "Range": ("bytes=0-1", "bytes=9-1", "bytes=-0", "bytes=999999999999-", "x", "bytes=0-1,2-3"),
    "X-OC-Mtime": ("1500000000", "-1", "99999999999999999999", "x", "nan"),
    "OC-Total-Length": ("1", "-1", "9" * 30, "x"),
    "Content-Range": ("bytes 0-1/2",),
    "Transfer-Encoding": ("gzip", "identity"),
}  # fmt: skip
DAV = 'xmlns:D="DAV:"'
BODIES = (
    "", "x", "<", "<a/>", "\x00", "é", f"<D:propfind {DAV}><D:allprop/></D:propfind>", f"<D:propfind {DAV}/>",
    f"<D:propfind {DAV}><D:prop><D:getetag/><x xmlns=''/></D:prop></D:propfind>",
    f"<D:propertyupdate {DAV}><D:set><D:prop><D:lastmodified>x</D:lastmodified></D:prop></D:set></D:propertyupdate>",
    f"<D:propertyupdate {DAV}><D:set/><D:remove><D:prop/></D:remove><D:x/></D:propertyupdate>",
    f"<D:lockinfo {DAV}><D:lockscope><D:shared/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>",
    f"<D:lockinfo {DAV}><D:lockscope/></D:lockinfo>", "<!DOCTYPE x [<!ENTITY y 'z'>]><x>&y;</x>", "<x>" * 3000,
)  # fmt: skip
MEANT = {502, 507}  # another server, no room


@pytest.fixture
def secrets(stranger: User, make_picture: Callable[..., Path]) -> Program:
    """What a stranger has sent."""
    theirs = Program(stranger)
    theirs("MKCOL", "Upload/a")
    assert theirs.put("Upload/Secret.jpg", make_picture()).status_code == 201
    assert theirs.put("Upload/a/Secret.txt", b"Secretword").status_code == 201
    return theirs


def rows_of(user: User) -> list[Any]:
    return [list(model.objects.filter(owner=user).order_by("pk").values_list()) for model in (Entry, Photo)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("seed", range(6))
def test_no_error_and_no_leak(
    program: Program, secrets: Program, make_picture: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr("accounts.security.programs.REQUESTS", 10**6)
    chance, picture, before = random.Random(seed), make_picture().read_bytes(), rows_of(secrets.user)
    for _ in range(250):
        program.base = chance.choice(BASES)
        method, path = chance.choice(METHODS), "/".join(chance.choices(NAMES, k=chance.randint(0, 4)))
        headers = {name: chance.choice(some) for name, some in HEADERS.items() if chance.random() < 0.2}
        body = picture if chance.random() < 0.2 else chance.choice(BODIES)
        with transaction.atomic():
            answer = program(method, path if chance.random() < 0.3 else f"Upload/{path}", body, **headers)
        said = f"{method} {program.base}{path} {headers} {body[:80]!r}: {answer.status_code}"
        assert answer.status_code < 500 or answer.status_code in MEANT, said
        assert b"Secretword" not in text_of(answer), said
    assert rows_of(secrets.user) == before


def test_others_get_nothing_by_any_verb(program: Program, secrets: Program) -> None:
    before = rows_of(secrets.user)
    for method in ("GET", "HEAD", "DELETE", "PROPFIND", "PROPPATCH", "COPY", "MOVE"):
        for path in ("Upload/Secret.jpg", "Upload/a/Secret.txt"):
            body = '<D:propertyupdate xmlns:D="DAV:"/>' if method == "PROPPATCH" else ""
            answer = program(method, path, body, Destination="/dav/Upload/b")
            assert answer.status_code == 404, method
            assert b"Secretword" not in text_of(answer)
    assert rows_of(secrets.user) == before
