"""The cast of photos, and programs that hold their tokens."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.security import tokens
from albums.models import Album, AlbumItem
from photos.models import Photo

Ask = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def program() -> Callable[..., Ask]:
    """A program with a token of the user: `program(owner)("GET", "/photos")`; JSON bodies as keyword `json`."""

    def of(user: User, *scopes: str) -> Ask:
        _, secret = tokens.issue(user, "test", scopes or (set(tokens.SCOPES) - {"admin"}))
        client = Client(headers={"Authorization": f"Bearer {secret}"})

        def ask(method: str, path: str, json: Any = None, **options: Any) -> HttpResponse:
            if json is not None:
                options |= {"data": json, "content_type": "application/json"}
            return getattr(client, method.lower())(f"/api/v1{path}", **options)

        return ask

    return of


@pytest.fixture
def ask(program: Callable[..., Ask], owner: User) -> Ask:
    """A program of the owner."""
    return program(owner)


@pytest.fixture
def album(owner: User, make_photo: Callable[..., Photo]) -> Album:
    """An album of the owner with three photos."""
    made = Album.objects.create(owner=owner, name="Norway")
    for place in range(3):
        AlbumItem.objects.create(album=made, photo=make_photo(), position=place)
    return made
