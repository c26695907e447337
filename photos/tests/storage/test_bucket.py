"""The library in a bucket, against a real server process: two machines, each with copies of its own."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from media.storage_template import Facts
from mirage import env
from mirage.settings import library_storage
from photos.editing import file_writing
from photos.ingest import intake
from photos.models import Photo
from photos.pipeline import rendering
from photos.storage import bucket, deletion, paths, strays

Make = Callable[..., Path]
Machine = Callable[[str], None]


@pytest.fixture
def on(storage: Any, settings: Settings, tmp_path: Path) -> Machine:
    """Go to another machine: the same database and bucket, a data folder of its own."""

    def go(name: str) -> None:
        settings.MIRAGE_DATA = tmp_path / name
        settings.MIRAGE_DATA.mkdir(exist_ok=True)

    go("one")
    return go


@pytest.fixture
def photo(on: Machine, owner: User, make_picture: Make) -> Photo:
    """A photo that came in at machine `one` and got its thumbnails at `other`; we are at `one`."""
    photo = intake.ingest(owner, make_picture("IMG_20190504_183000.jpg", size=(800, 600))).photo
    assert photo is not None
    on("other")
    assert rendering.make_thumbnails([photo.pk]) == {}
    on("one")
    return Photo.objects.get(pk=photo.pk)


def names(storage: Any) -> list[str]:
    return sorted(each.key for each in storage.bucket.objects.all())


def test_a_machine_reads_files_added_by_another(storage: Any, on: Machine, photo: Photo) -> None:
    folder = f"mirage/derived/{photo.sha256[:2]}/{photo.sha256}"
    derived = [f"{folder}/{size}.webp" for size in ("large", "medium", "small")]
    assert names(storage) == [*derived, f"mirage/originals/{photo.path}"]
    on("third")
    assert paths.sha256_of(paths.original_file(photo)) == photo.sha256
    assert paths.picture_file(photo, "small").read_bytes()[8:12] == b"WEBP"
    assert not paths.fetched(rendering.motion_path(photo)).exists()


def test_media_are_sent_whole_in_part_and_unchanged(photo: Photo, owner: User, client: Client) -> None:
    client.force_login(owner)
    whole = client.get(media_url(photo, "original"))
    data = b"".join(cast(Any, whole))
    assert len(data) == photo.size
    part = client.get(media_url(photo, "original"), headers={"Range": "bytes=10-19"})
    assert (part.status_code, b"".join(cast(Any, part))) == (206, data[10:20])
    same = client.get(media_url(photo, "original"), headers={"If-None-Match": whole.headers["ETag"]})
    assert same.status_code == 304
    assert client.get(media_url(photo, "thumbnail", "small")).status_code == 200


def media_url(photo: Photo, name: str, *more: str) -> str:
    return reverse(f"photos:{name}", args=[photo.key, *more])


def test_a_name_taken_on_another_machine_gets_a_suffix(
    storage: Any, on: Machine, owner: User, make_picture: Make
) -> None:
    for machine in ("one", "other"):
        on(machine)
        intake.ingest(owner, make_picture("IMG_20190504_183000.jpg", folder=machine))
    found = sorted(Photo.objects.values_list("path", "sha256"))
    assert [path for path, _ in found] == [f"anna/2019/05/IMG_20190504_183000{more}.jpg" for more in ("-1", "")]
    for path, sha256 in found:
        assert storage.sha256_of(paths.originals_folder() / path) == sha256


def test_a_file_replaced_on_one_machine_is_fetched_again_on_another(on: Machine, photo: Photo) -> None:
    on("other")
    before = paths.sha256_of(paths.original_file(photo))
    on("one")
    photo.rating = 4
    photo.save()
    photo.edits.create(field="rating", value=4)
    assert file_writing.write_file(photo)
    assert photo.sha256 != before
    on("other")
    assert paths.sha256_of(paths.original_file(photo)) == photo.sha256
    assert paths.picture_file(photo, "small").exists()
    assert file_writing.restore_file(Photo.objects.get(pk=photo.pk))
    on("one")
    assert paths.sha256_of(paths.original_file(photo)) == before


def test_deleting_for_good_takes_the_objects_along(storage: Any, photo: Photo) -> None:
    gone = deletion.files_of(photo)
    Photo.objects.all().delete()
    deletion.remove_files(gone, photo.sha256)
    assert [name for name in names(storage) if "/originals/" in name] == []
    photo.delete()
    deletion.remove_files([], photo.sha256)
    assert names(storage) == []


def test_an_import_killed_before_its_row_leaves_no_object(storage: Any, on: Machine, owner: User) -> None:
    paths.incoming_folder().mkdir(parents=True)
    temporary = paths.incoming_folder() / "killed"
    temporary.write_bytes(b"on its way")
    paths.place_original(temporary, Facts("anna", datetime(2019, 5, 4, tzinfo=UTC), "a.jpg"))
    assert names(storage) == ["mirage/originals/anna/2019/05/a.jpg"]
    assert strays.remove_strays() == 1
    assert names(storage) == []


def test_copies_go_when_the_disk_is_full_and_come_back(
    photo: Photo, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = paths.original_file(photo)
    monkeypatch.setattr(bucket, "UNDISTURBED", -1)
    settings.MIRAGE_STORAGE_FREE_MB = 10**9
    small = paths.picture_file(photo, "small")  # which makes room
    assert not copy.exists()
    assert small.exists()
    assert paths.sha256_of(paths.original_file(photo)) == photo.sha256


def test_recently_used_and_incoming_files_stay(
    photo: Photo, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = paths.original_file(photo)
    settings.MIRAGE_STORAGE_FREE_MB = 10**9
    paths.picture_file(photo, "small")
    assert copy.exists()
    monkeypatch.setattr(bucket, "UNDISTURBED", -1)
    os.link(copy, paths.originals_folder() / "another-name")
    paths.picture_file(photo, "medium")
    assert copy.exists()


def test_storage_that_does_not_answer_loses_nothing_and_says_so(
    photo: Photo, owner: User, client: Client, make_picture: Make, settings: Settings
) -> None:
    dead = library_storage("s3+http://key:secret@127.0.0.1:9/bucket")
    settings.STORAGES = {**settings.STORAGES, "library": dead}
    with pytest.raises(paths.Unreachable, match="does not answer"):
        intake.ingest(owner, make_picture("new.jpg"))
    assert Photo.objects.count() == 1
    assert list(paths.incoming_folder().iterdir()) == []
    with pytest.raises(paths.Unreachable):
        rendering.make_thumbnails([photo.pk])  # which the pipeline repeats
    client.force_login(owner)
    before = set(photo.stage_runs.values_list("stage", "status"))
    assert client.get(media_url(photo, "thumbnail", "small")).status_code == 503
    assert client.get(media_url(photo, "original")).status_code == 503
    assert set(photo.stage_runs.values_list("stage", "status")) == before
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert b"object storage" in ready.content


@pytest.mark.parametrize("url", ["s3://host", "http://host/bucket", "s3:///bucket", "bucket"])
def test_an_address_that_cannot_be_understood_stops_the_start(url: str) -> None:
    with pytest.raises(env.BadEnvironment):
        library_storage(url)


def test_an_address_is_read() -> None:
    options = library_storage("s3://AK%2F1:se%3Acret@minio.home:9000/photos/a/b?region=eu")["OPTIONS"]
    assert options == {
        "endpoint_url": "https://minio.home:9000",
        "bucket_name": "photos",
        "location": "a/b",
        "access_key": "AK/1",
        "secret_key": "se:cret",
        "region_name": "eu",
    }
    assert library_storage("")["BACKEND"] == "photos.storage.local_disk.LocalDisk"
