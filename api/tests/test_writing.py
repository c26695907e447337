"""Writing into files over the API, and restoring them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from accounts.models import User
from photos.editing import file_writing
from photos.ingest import intake
from photos.models import Photo, StageRun

Ask = Any


@pytest.fixture
def photo(owner: User, tmp_path: Path) -> Photo:
    path = tmp_path / "a.jpg"
    Image.new("RGB", (64, 48), "teal").save(path)
    made = intake.ingest(owner, path).photo
    assert made
    return made


def test_a_title_is_written_into_the_file_and_the_file_is_restored(ask: Ask, photo: Photo) -> None:
    ask("PATCH", f"/photos/{photo.key}", json={"title": "At the sea"})
    before = photo.sha256
    told = ask("POST", "/photos/files/write", json={"keys": [photo.key]}).json()
    assert told == {"done": [photo.key], "waiting": 0, "refused": []}
    photo.refresh_from_db()
    assert photo.sha256 != before
    assert ask("POST", "/photos/files/back", json={"keys": [photo.key]}).json()["done"] == [photo.key]
    photo.refresh_from_db()
    assert photo.sha256 == before


def test_a_file_that_cannot_be_written_comes_with_the_reason(
    ask: Ask, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(photo: Photo) -> bool:
        raise file_writing.NotWritten("The file was left as it was: it is full.")

    monkeypatch.setattr(file_writing, "write_file", refuse)
    told = ask("POST", "/photos/files/write", json={"keys": [photo.key]}).json()
    assert told["refused"] == [{"key": photo.key, "reason": "The file was left as it was: it is full."}]


def test_many_are_left_to_the_workers(ask: Ask, make_photo: Callable[..., Photo]) -> None:
    keys = [make_photo().key for _ in range(11)]
    assert ask("POST", "/photos/files/write", json={"keys": keys}).json()["waiting"] == 11
    assert StageRun.objects.filter(stage="writing").count() == 11


def test_others_files_are_ignored(program: Any, stranger: User, photo: Photo) -> None:
    other = program(stranger)
    assert other("POST", "/photos/files/write", json={"keys": [photo.key]}).json()["done"] == []
    assert other("POST", "/photos/files/erase", json={"keys": [photo.key]}).status_code == 422
