"""What needs attention: what is chosen, tried again, moved away and forgotten."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from photos.ingest import uploads
from photos.ingest.uploads import Announcement
from photos.models import ImportFailure, Photo, StageRun, Upload, WatchedFolder
from photos.pipeline import attention

Maker = Callable[..., Photo]
Fail = Callable[..., ImportFailure]


@pytest.fixture
def make_broken(make_photo: Maker) -> Maker:
    def make(*stages: str, **fields: Any) -> Photo:
        photo = make_photo(displayable=False, **fields)
        for stage in stages or ("thumbnails",):
            StageRun.objects.create(photo=photo, stage=stage, status="failed", attempts=3, error="It is damaged.")
        return photo

    return make


@pytest.fixture
def fail(owner: User) -> Fail:
    def make(path: str | Path = "/pictures/a.jpg", **fields: Any) -> ImportFailure:
        return ImportFailure.objects.create(**{"owner": owner, "path": str(path), "reason": "No.", **fields})

    return make


def test_photos_with_a_failed_stage_newest_first(owner: User, stranger: User, make_broken: Maker) -> None:
    first, second = make_broken("metadata", "thumbnails"), make_broken()
    make_broken(owner=stranger)
    make_broken(trashed_at=timezone.now())
    make_broken("a stage that is no more")
    found: list[Any] = list(attention.failed_photos(owner))
    assert found == [second, first]
    assert sorted(run.stage for run in found[1].failed_runs) == ["metadata", "thumbnails"]


def test_files_newest_first_and_what_comes_after_one(owner: User, stranger: User, fail: Fail) -> None:
    now = timezone.now()
    old = fail("/a.jpg", at=now - timedelta(days=1))
    same, twin = fail("/b.jpg", at=now), fail("/c.jpg", at=now)
    fail("/d.jpg", owner=stranger)
    files = attention.import_failures(owner)
    assert list(files) == [twin, same, old]
    assert list(attention.older_files(files, twin.key)) == [same, old]
    assert list(attention.older_files(files, old.key)) == []
    assert list(attention.older_files(files, "unknown")) == []


def test_photos_that_come_after_one(owner: User, stranger: User, make_broken: Maker) -> None:
    photos = [make_broken() for _ in range(3)]
    listed = attention.failed_photos(owner)
    assert list(attention.older_photos(listed, photos[1].key)) == [photos[0]]
    assert list(attention.older_photos(listed, "unknown")) == []


def test_only_what_is_ones_own_is_chosen(owner: User, stranger: User, make_broken: Maker, fail: Fail) -> None:
    mine, theirs = make_broken(), make_broken(owner=stranger)
    file, their_file = fail(), fail(owner=stranger)
    chosen = attention.choose(owner, [mine.key, theirs.key, file.key, their_file.key])
    assert (list(chosen.photos), list(chosen.files)) == ([mine], [file])
    assert not attention.choose(owner, [theirs.key, their_file.key])
    assert attention.choose(owner, [file.key])
    everything = attention.everything(owner)
    assert (list(everything.photos), list(everything.files)) == ([mine], [file])


def test_every_stage_that_gave_up_on_a_photo_is_tried_again(owner: User, make_broken: Maker) -> None:
    photos = [make_broken("metadata", "thumbnails"), make_broken()]
    other = make_broken()
    StageRun.objects.create(photo=photos[0], stage="faces", status="done")
    chosen = attention.choose(owner, [photo.key for photo in photos])
    assert attention.retry_photos(chosen.photos) == 2
    runs = StageRun.objects.filter(photo__in=photos, stage__in=["metadata", "thumbnails"])
    assert set(runs.values_list("status", "attempts")) == {("waiting", 0)}
    assert list(attention.failed_photos(owner)) == [other]


def test_no_worker_is_told_of_no_file(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention.jobs, "enqueue", lambda *call: pytest.fail("it was told"))
    assert attention.retry_imports(attention.import_failures(owner)) == 0


def test_a_file_that_was_mended_is_taken_in_with_its_sidecar(
    owner: User, make_picture: Callable[..., Path], fail: Fail
) -> None:
    path = make_picture("a.jpg")
    path.with_name("a.jpg.xmp").write_text("<x:xmpmeta/>")
    attention.import_again([fail(path).pk])
    assert not ImportFailure.objects.exists()
    photo = Photo.objects.get()
    assert [file.kind for file in photo.files.all()] == ["sidecar"]


def test_a_file_in_place_stays_there(owner: User, make_picture: Callable[..., Path], fail: Fail) -> None:
    path = make_picture("a.jpg")
    attention.import_again([fail(path, in_place=True).pk])
    photo = Photo.objects.get()
    assert (photo.in_place, photo.path) == (True, str(path))


@pytest.mark.parametrize("again", ["file", "folder"])
def test_a_file_of_a_watched_folder_gets_the_folder_that_it_is_in(
    owner: User, stranger: User, make_picture: Callable[..., Path], fail: Fail, tmp_path: Path, again: str
) -> None:
    inner = tmp_path / "Pictures" / "2019" / "Lisbon"
    inner.mkdir(parents=True)
    path = make_picture("a.jpg").rename(inner / "a.jpg")
    WatchedFolder.objects.create(owner=owner, path=str(tmp_path / "Pictures"))
    WatchedFolder.objects.create(owner=stranger, path=str(tmp_path))
    attention.import_again([fail(path if again == "file" else inner, in_place=True).pk])
    assert Photo.objects.get().folder == "Pictures/2019/Lisbon"


def test_a_file_outside_of_every_folder_in_use_gets_none(
    owner: User, make_picture: Callable[..., Path], fail: Fail
) -> None:
    attention.import_again([fail(make_picture("a.jpg")).pk])
    assert Photo.objects.get().folder == ""


def test_a_new_failure_replaces_the_old_one(owner: User, tmp_path: Path, fail: Fail) -> None:
    path = tmp_path / "gone" / "a.jpg"
    attention.import_again([fail(path).pk])
    (failure,) = attention.import_failures(owner)
    assert (failure.path, failure.reason != "No.") == (str(path), True)


def test_a_file_that_is_no_picture_any_more_is_forgotten(owner: User, tmp_path: Path, fail: Fail) -> None:
    path = tmp_path / "a.txt"
    path.write_text("no picture")
    attention.import_again([fail(path).pk])
    assert not ImportFailure.objects.exists()
    assert not Photo.objects.exists()


def test_a_failure_that_is_gone_meanwhile_is_passed_over(db: None) -> None:
    attention.import_again([123])


@pytest.fixture
def upload(owner: User) -> Upload:
    upload = uploads.create(owner, Announcement("mine.jpg", 3))
    uploads.file_of(upload).parent.mkdir(parents=True, exist_ok=True)
    uploads.file_of(upload).write_bytes(b"abc")
    return upload


def test_which_upload_a_failure_is_about(owner: User, stranger: User, upload: Upload, fail: Fail) -> None:
    path = uploads.file_of(upload)
    assert attention.upload_of(fail(path)) == upload
    assert attention.upload_of(fail("/pictures/a.jpg")) is None
    assert attention.upload_of(fail(path.with_name("unknown"))) is None
    assert attention.upload_of(fail(path, owner=stranger)) is None


def test_forgetting_gives_up_an_uploads_bytes_and_leaves_a_folders_file(
    owner: User, upload: Upload, make_picture: Callable[..., Path], fail: Fail
) -> None:
    path = make_picture("a.jpg")
    fail(path)
    fail(uploads.file_of(upload))
    assert attention.dismiss(attention.import_failures(owner)) == 2
    assert not ImportFailure.objects.exists()
    assert not Upload.objects.exists()
    assert not uploads.file_of(upload).exists()
    assert path.exists()


def test_photos_are_moved_to_the_trash_by_keys_that_bring_them_back(owner: User, make_broken: Maker) -> None:
    photos = [make_broken() for _ in range(2)]
    other = make_broken()
    keys = attention.move_to_trash(attention.choose(owner, [photo.key for photo in photos]).photos)
    assert set(keys) == {photo.key for photo in photos}
    assert list(Photo.objects.present()) == [other]
