"""A program that speaks WebDAV to the site, with an application password of the owner."""

import base64
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Token, User
from accounts.security import tokens

FULL = ("read", "upload", "edit")


class Program:
    """Sends requests with a password: `program("PUT", "Upload/a.jpg", content)`."""

    def __init__(self, user: User, *scopes: str, base: str = "/dav/") -> None:
        self.user, self.base = user, base
        self.token, self.secret = tokens.issue(user, "phone", scopes or FULL, kind=Token.Kind.PASSWORD)
        self.client = Client(raise_request_exception=True)

    @property
    def basic(self) -> str:
        return "Basic " + base64.b64encode(f"{self.user.username}:{self.secret}".encode()).decode()

    def __call__(self, method: str, path: str = "", body: bytes | str = b"", **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method, self.base + path, body, "application/octet-stream", headers={"Authorization": self.basic, **named}
        )

    def put(self, path: str, content: bytes | Path, **headers: str) -> Any:
        return self("PUT", path, content.read_bytes() if isinstance(content, Path) else content, **headers)

    def names(self, path: str = "") -> list[str]:
        """What a folder lists, without the folder itself."""
        listed = self("PROPFIND", path, Depth="1")
        assert listed.status_code == 207, listed.content
        hrefs = [one.text or "" for one in tree(listed).findall("{DAV:}response/{DAV:}href")]
        return [href.rstrip("/").rpartition("/")[2] for href in hrefs[1:]]

    def property(self, path: str, name: str) -> str | None:
        """The text of one property; None if there is none."""
        answer = self("PROPFIND", path, Depth="0")
        return tree(answer).findtext(f".//{{DAV:}}{name}")


def text_of(response: Any) -> bytes:
    """The whole answer."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def tree(response: Any) -> ElementTree.Element:
    """The answer as XML."""
    return ElementTree.fromstring(text_of(response))


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def signed_in(owner: User) -> Client:
    """A browser in which the owner has signed in and just confirmed it."""
    owner.set_password("correct horse")
    owner.save()
    client = Client()
    client.post("/accounts/login/", {"username": "anna", "password": "correct horse"})
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()
    return client


@pytest.fixture
def program(owner: User) -> Program:
    return Program(owner)


@pytest.fixture
def program_of() -> Callable[..., Program]:
    return Program
