"""Photos that look alike, and the commands over the indexes."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from photos import vectors
from photos.access import photos_of
from photos.gallery.alike import similar
from photos.models import Embedding, Photo
from photos.vectors import files
from vision import embeddings

Maker = Callable[..., Photo]


@pytest.fixture
def add(make_photo: Maker) -> Maker:
    """A photo whose embedding makes this angle with the first axis, in degrees."""

    def make(angle: float, **fields: object) -> Photo:
        photo = make_photo(**fields)
        vector = np.zeros(embeddings.DIMENSION, np.float32)
        vector[:2] = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        Embedding.objects.create(photo=photo, kind=embeddings.KIND, model=embeddings.MODEL, vector=vectors.pack(vector))
        return photo

    return make


def test_alike_in_order_and_without_itself(owner: User, add: Maker) -> None:
    photo, far, near, beyond = add(0), add(40), add(20), add(89)
    found = similar.to_photo(photo, photos_of(owner))
    assert [one.photo for one in found] == [near, far]
    assert found[0].similarity == pytest.approx(np.cos(np.radians(20)), abs=1e-3)
    assert beyond not in [one.photo for one in found]


def test_only_of_the_query(owner: User, stranger: User, add: Maker) -> None:
    photo = add(0)
    add(5, owner=stranger)
    add(10)
    wanted = add(15, favourite=True)
    found = similar.to_photo(photo, photos_of(owner).filter(favourite=True))
    assert [one.photo for one in found] == [wanted]


def test_not_yet_known(owner: User, make_photo: Maker) -> None:
    with pytest.raises(similar.NotYetKnown, match="Try again later"):
        similar.to_photo(make_photo(), photos_of(owner))


# --- commands -------------------------------------------------------------------------------------------------------


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_rebuild_index(owner: User, add: Maker) -> None:
    for angle in range(5):
        add(angle)
    assert json.loads(run("rebuild_index", "--kind", "embeddings", "--json")) == {"embeddings": 5}
    assert "5 vectors in the index, 5 in the database" in run("rebuild_index", "--kind", "embeddings", "--check")


def test_a_full_disk_leaves_the_index_that_was_there(owner: User, add: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    add(1)
    run("rebuild_index", "--kind", "embeddings", "--json")
    add(2)
    monkeypatch.setattr(files, "publish", lambda *_: files.sync(Path("/dev/null/full")))
    with pytest.raises(CommandError, match="embeddings was not rebuilt, the old one stays in use: "):
        run("rebuild_index", "--kind", "embeddings", "--json")
    monkeypatch.undo()
    assert files.read_sidecar(vectors.KINDS["embeddings"]).count == 1


def test_check_fails_where_something_is_wrong(owner: User, add: Maker) -> None:
    add(1)
    run("rebuild_index", "--kind", "embeddings", "--json")
    next(files.paths.indexes_folder().glob("embeddings-*.hnsw")).unlink()
    with pytest.raises(SystemExit):
        run("rebuild_index", "--kind", "embeddings", "--check", "--json")


def test_find_duplicates_says_what_is_missing(db: None) -> None:
    with pytest.raises(CommandError, match=r"The model sscd-distilled is missing\."):
        run("find_duplicates")
