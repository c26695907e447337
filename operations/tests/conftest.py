"""A library with real files, and the cast of photos.tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import User
from photos.models import Photo


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What was counted for another test is forgotten."""
    cache.clear()


@pytest.fixture
def any_database(transactional_db: None, django_db_blocker: Any) -> Iterator[None]:
    """Databases that are opened in the test may be used too."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def keep(owner: User, make_picture: Callable[..., Path]) -> Callable[..., Photo]:
    """Take a picture into the library, as an import does: `keep("a.jpg")`."""
    from photos.ingest import intake

    def keep(name: str = "") -> Photo:
        outcome = intake.ingest(owner, make_picture(name))
        return Photo.objects.get(pk=outcome.photo.pk)

    return keep
