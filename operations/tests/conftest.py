"""A library with real files, and the users of photos.tests."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import User
from mirage.testing.database import make_migrated
from operations import transfer
from photos.models import Photo


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Forget the counts of other tests."""
    cache.clear()


@pytest.fixture(autouse=True)
def migrated_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots of PostgreSQL start as copies of a migrated file. Those of the real commands are really migrated."""
    monkeypatch.setattr(transfer, "migrate", partial(make_migrated, migrate=transfer.migrate))


@pytest.fixture
def any_database(transactional_db: None, django_db_blocker: Any) -> Iterator[None]:
    """Allow databases that are opened in the test."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def keep(owner: User, make_picture: Callable[..., Path]) -> Callable[..., Photo]:
    """Import a picture into the library: `keep("a.jpg")`."""
    from photos.ingest import intake

    def keep(name: str = "") -> Photo:
        outcome = intake.ingest(owner, make_picture(name))
        return Photo.objects.get(pk=outcome.photo.pk)

    return keep
