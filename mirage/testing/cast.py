"""Fixtures for all tests: an owner with a library, a stranger, and generated photos.

Models are imported inside fixtures, because pytest reads this module before Django is set up.
"""

import hashlib
import os
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from PIL import Image
from pytest_django import Settings

from mirage.testing.weights import fetch_or_skip
from vision import embeddings, fingerprints

if TYPE_CHECKING:
    from accounts.models import User
    from photos.models import Photo


@pytest.fixture
def library(tmp_path: Path, settings: Settings, request: pytest.FixtureRequest) -> Path:
    """A data folder for this test. With MIRAGE_TEST_STORAGE=s3, its files are in object storage."""
    settings.MIRAGE_DATA = tmp_path / "data"
    settings.MIRAGE_DATA.mkdir()
    if os.environ.get("MIRAGE_TEST_STORAGE") == "s3":
        if request.node.get_closest_marker("on_disk"):
            pytest.skip("tests files on a disk")
        in_new_bucket(request.getfixturevalue("object_storage"), settings)
    return settings.MIRAGE_DATA


@pytest.fixture
def storage(object_storage: str, library: Path, settings: Settings) -> Any:
    """The storage of a library in a new bucket of object storage."""
    return in_new_bucket(object_storage, settings)


def in_new_bucket(object_storage: str, settings: Settings) -> Any:
    from mirage.settings import library_storage
    from photos.storage import paths

    name = f"test-{uuid.uuid4().hex}"
    kept = library_storage(f"s3+http://key:secret@{object_storage}/{name}/mirage?region=us-east-1")
    settings.STORAGES = {**settings.STORAGES, "library": kept}
    storage = cast(Any, paths.library())
    storage.connection.create_bucket(Bucket=name)
    return storage


@pytest.fixture
def owner(db: None, library: Path) -> "User":
    from accounts.models import User

    return User.objects.create_user("anna")


@pytest.fixture
def stranger(db: None) -> "User":
    from accounts.models import User

    return User.objects.create_user("mallory")


@pytest.fixture
def make_photo(owner: "User") -> "Callable[..., Photo]":
    """Rows without files: `make_photo(name="a.jpg", favourite=True)`, displayable and a minute apart."""
    from photos.models import Photo

    count = 0

    def make(**fields: Any) -> Photo:
        nonlocal count
        count += 1
        name = fields.pop("name", f"IMG_{count:04d}.jpg")
        taken = fields.pop("taken", datetime(2024, 5, 1, 12, count % 60))
        defaults = {
            "owner": owner,
            "sha256": hashlib.sha256(f"{name}{count}".encode()).hexdigest(),
            "path": f"anna/2024/05/{name}",
            "original_name": name,
            "media_type": "image/jpeg",
            "size": 1000,
            "file_modified_at": datetime(2024, 5, 1, tzinfo=UTC),
            "width": 400,
            "height": 300,
            "displayable": True,
        }
        photo = Photo(**{**defaults, **fields})
        photo.set_taken(taken, 0, "exif")
        photo.save()
        return photo

    return make


@pytest.fixture
def make_picture(tmp_path: Path) -> Callable[..., Path]:
    """Real JPEG files, each in a different colour: `make_picture("a.jpg", folder="holiday")`."""
    count = 0

    def make(name: str = "", *, folder: str = "pictures", size: tuple[int, int] = (64, 48), colour: Any = None) -> Path:
        nonlocal count
        count += 1
        path = tmp_path / folder / (name or f"IMG_{count:04d}.jpg")
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", size, colour or (count * 37 % 256, count * 91 % 256, count * 13 % 256)).save(path)
        return path

    return make


@pytest.fixture(scope="session")
def real_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both default weights, from MIRAGE_TEST_MODELS or fetched from the registry."""

    given = os.environ.get("MIRAGE_TEST_MODELS")
    folder = Path(given) if given else tmp_path_factory.mktemp("models")
    fetch_or_skip(folder, (fingerprints.MODEL, embeddings.MODEL))
    return folder
