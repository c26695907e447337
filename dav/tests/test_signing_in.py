"""Signing in over WebDAV: with application passwords, privately, with the scopes they have, and not by guessing."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import SecurityEvent, Token, User
from accounts.security import programs, tokens
from dav.tests.conftest import Program


def test_nobody_gets_in_without_a_password(owner: User) -> None:
    for method in ("PROPFIND", "GET", "PUT", "DELETE", "MKCOL", "LOCK"):
        answer = Client().generic(method, "/dav/Upload/a")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert Client().options("/dav/").headers["DAV"] == "1, 2"


def test_cookies_and_account_passwords_do_not_open_it(owner: User, client: Client) -> None:
    client.force_login(owner)
    assert client.generic("PROPFIND", "/dav/").status_code == 401
    owner.set_password("correct horse")
    owner.save()
    program = Program(owner)
    program.secret = "correct horse"
    assert program("PROPFIND").status_code == 401


@pytest.mark.parametrize("header", ["Basic", "Basic !!", "Basic YQ==", "Basic /w==", "Digest x", "Bearer x", ""])
def test_bad_headers(owner: User, header: str) -> None:
    assert Client().generic("PROPFIND", "/dav/", headers={"Authorization": header}).status_code == 401


def test_a_token_opens_it_too(owner: User) -> None:
    _, secret = tokens.issue(owner, "script", ["read"])
    assert Client().generic("PROPFIND", "/dav/", headers={"Authorization": f"Bearer {secret}"}).status_code == 207


@pytest.mark.parametrize(("address", "local", "status"), [
    ("127.0.0.1", False, 207), ("192.168.1.7", False, 403), ("192.168.1.7", True, 207), ("8.8.8.8", True, 403),
    ("fd00::7", True, 207),
])  # fmt: skip
def test_passwords_only_where_nobody_listens(
    program: Program, settings: Settings, address: str, local: bool, status: int
) -> None:
    settings.MIRAGE_DAV_LOCAL = local
    program.client.defaults["REMOTE_ADDR"] = address
    assert program("PROPFIND", Depth="0").status_code == status


def test_guessing_is_locked_out_and_logged(program: Program) -> None:
    right, program.secret = program.secret, "wrong"
    assert [program("PROPFIND").status_code for _ in range(6)] == [401] * 5 + [429]
    program.secret = right
    answer = program("PROPFIND")
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)
    assert SecurityEvent.objects.filter(verb="locked out", actor_name="anna").exists()


def test_too_many_requests(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "REQUESTS", 2)
    assert 429 in [program("PROPFIND", Depth="0").status_code for _ in range(5)]


def test_use_is_noted(program: Program) -> None:
    program("PROPFIND", User_Agent="PhotoSync/4")
    token = Token.objects.get(pk=program.token.pk)
    assert (token.last_agent, token.last_address) == ("PhotoSync/4", "127.0.0.1")


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        (("upload",), {"PROPFIND": 207, "PUT": 201, "GET": 403, "HEAD": 200, "DELETE": 403, "MKCOL": 201}),
        (("read",), {"PROPFIND": 207, "PUT": 403, "GET": 200, "DELETE": 403, "MKCOL": 403, "LOCK": 403}),
        (("upload", "edit"), {"PUT": 201, "DELETE": 204}),
        (("share",), {"PROPFIND": 403, "PUT": 403, "GET": 403}),
    ],
)
def test_scopes(
    owner: User, make_picture: Any, scopes: tuple[str, ...], allowed: dict[str, int], django_db_blocker: Any
) -> None:
    assert Program(owner).put("Upload/there.jpg", make_picture()).status_code == 201
    limited = Program(owner, *scopes)
    for method, status in allowed.items():
        path = {"PUT": "Upload/new.jpg", "MKCOL": "Upload/folder"}.get(method, "Upload/there.jpg")
        body = make_picture().read_bytes() if method == "PUT" else b""
        assert limited(method, path, body).status_code == status, method
