"""The cast: an owner with a library of their own, a stranger, and photos made on the spot.

Fixtures of all tests. Models are imported inside them, because pytest reads this before Django is set up.
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

from mirage.runtime import fetching
from vision import embeddings, fingerprints, weights

if TYPE_CHECKING:
    from accounts.models import User
    from photos.models import Photo


@pytest.fixture
def library(tmp_path: Path, settings: Settings, request: pytest.FixtureRequest) -> Path:
    """A data folder for this test alone; with MIRAGE_TEST_STORAGE=s3 its files lie in object storage."""
    settings.MIRAGE_DATA = tmp_path / "data"
    settings.MIRAGE_DATA.mkdir()
    if os.environ.get("MIRAGE_TEST_STORAGE") == "s3":
        if request.node.get_closest_marker("on_disk"):
            pytest.skip("is about files on a disk")
        in_new_bucket(request.getfixturevalue("object_storage"), settings)
    return settings.MIRAGE_DATA


@pytest.fixture
def storage(object_storage: str, library: Path, settings: Settings) -> Any:
    """The library in a new bucket of object storage, and what it is reached by."""
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
    """Real JPEG files, each of another colour: `make_picture("a.jpg", folder="holiday")`."""
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
    """A folder with both weights; fetched from the registry unless they are in MIRAGE_TEST_MODELS."""

    given = os.environ.get("MIRAGE_TEST_MODELS")
    folder = Path(given) if given else tmp_path_factory.mktemp("models")
    wanted = [weights.by_name(name) for name in (fingerprints.MODEL, embeddings.MODEL)]
    with fetching.placing(folder) as scratch:
        for weight in wanted:
            if not weights.is_sound(folder, weight):
                try:
                    fetching.place(weight, fetching.download(weight, scratch), folder)
                except fetching.CannotFetch as error:
                    pytest.skip(str(error))
    return folder
