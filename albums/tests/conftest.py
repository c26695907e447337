"""The users of the tests of sharing: Anna owns albums, others see some of them, Mallory sees nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from albums.models import Album, AlbumItem, Role, Share
from photos.models import Photo


@pytest.fixture
def viewer(db: None) -> User:
    return User.objects.create_user("vera")


@pytest.fixture
def make_album(owner: User) -> Callable[..., Album]:
    """`make_album("Lisbon", [photo, …])`: an album of the owner, its photos in that order."""

    def make(name: str = "Lisbon", photos: list[Photo] | None = None, **fields: Any) -> Album:
        album = Album.objects.create(**{"owner": owner, "name": name, **fields})
        for place, photo in enumerate(photos or []):
            AlbumItem.objects.create(album=album, photo=photo, position=place, added_by=photo.owner)
        return album

    return make


@pytest.fixture
def share(owner: User) -> Callable[..., Share]:
    """`share(viewer, album)` or, without an album, the whole library."""

    def give(user: User, album: Album | None = None, role: str = Role.VIEWER, **fields: Any) -> Share:
        return Share.objects.create(owner=owner, user=user, album=album, role=role, **fields)

    return give
