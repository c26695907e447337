"""Uploads without HTTP: growing, ending, expiring; and the protocol's headers."""

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from photos.ingest import intake, tus, uploads
from photos.ingest.uploads import Announcement
from photos.models import ImportFailure, Photo, Upload
from photos.storage import paths

Maker = Callable[..., Path]


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def picture(make_picture: Maker) -> Path:
    return make_picture("a.jpg")


def begin(owner: User, path: Path, **more: object) -> Upload:
    announced = Announcement(path.name, path.stat().st_size, **more)  # type: ignore[arg-type]
    return uploads.create(owner, announced)


def send(owner: User, path: Path, **more: object) -> Upload:
    upload = begin(owner, path, **more)
    uploads.append(upload, 0, [path.read_bytes()])
    return upload


# --- growing ----------------------------------------------------------------------------------------------------------


def test_bytes_come_piece_by_piece(owner: User, picture: Path) -> None:
    upload, content = begin(owner, picture), picture.read_bytes()
    assert uploads.received(upload) == 0
    assert uploads.append(upload, 0, [content[:10], content[10:20]]) == 20
    assert uploads.append(upload, 20, [content[20:]]) == len(content)
    assert uploads.file_of(upload).read_bytes() == content
    upload.refresh_from_db()
    assert upload.offset == upload.size


def test_bytes_before_an_interruption_are_kept(owner: User, picture: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"12345"
        raise ConnectionResetError

    upload = begin(owner, picture)
    with pytest.raises(ConnectionResetError):
        uploads.append(upload, 0, breaking())
    assert uploads.received(upload) == 5
    upload.refresh_from_db()
    assert upload.offset == 5


def test_the_file_knows_better_than_the_row(owner: User, picture: Path) -> None:
    """A server killed between the write and the row's update has lost nothing."""
    upload = send(owner, picture)
    Upload.objects.update(offset=3)
    upload.refresh_from_db()
    assert uploads.received(upload) == upload.size


@pytest.mark.parametrize("offset", [0, 4, 6])
def test_bytes_for_another_place_are_refused(owner: User, picture: Path, offset: int) -> None:
    upload = begin(owner, picture)
    uploads.append(upload, 0, [b"12345"])
    with pytest.raises(uploads.WrongOffset):
        uploads.append(upload, offset, [b"x"])
    assert uploads.file_of(upload).read_bytes() == b"12345"


def test_one_of_two_requests_continues(owner: User, picture: Path) -> None:
    """A phone that lost its network resumes while the old request still waits for bytes."""
    upload, content = begin(owner, picture), picture.read_bytes()

    def slow() -> Iterator[bytes]:
        yield content[:10]
        assert uploads.append(upload, 10, [content[10:]]) == len(content)
        yield content[10:20]

    with pytest.raises(uploads.WrongOffset):
        uploads.append(upload, 0, slow())
    assert uploads.file_of(upload).read_bytes() == content


def test_no_more_than_was_announced(owner: User, picture: Path) -> None:
    upload = begin(owner, picture)
    with pytest.raises(uploads.TooLarge):
        uploads.append(upload, 0, [b"x" * upload.size, b"y"])
    assert uploads.received(upload) == upload.size


def test_checksum_vouches_for_a_piece(owner: User, picture: Path) -> None:
    upload = begin(owner, picture)
    right = tus.Checksum("sha256", hashlib.sha256(b"12345").digest())
    assert uploads.append(upload, 0, [b"123", b"45"], right) == 5
    with pytest.raises(uploads.WrongChecksum):
        uploads.append(upload, 5, [b"damaged"], right)
    assert uploads.file_of(upload).read_bytes() == b"12345"


def test_a_piece_that_breaks_off_is_not_vouched_for(owner: User, picture: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"12345"
        raise ConnectionResetError

    upload = begin(owner, picture)
    with pytest.raises(ConnectionResetError):
        uploads.append(upload, 0, breaking(), tus.Checksum("sha1", b""))
    assert uploads.received(upload) == 0


def test_full_disk_while_writing(owner: User, picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    upload = begin(owner, picture)
    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(uploads.NoSpace, match="full"):
        uploads.append(upload, 0, [b"x"])


def test_full_disk_beforehand(owner: User, picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "LEAST_FREE_BYTES", 2**62)
    with pytest.raises(uploads.NoSpace):
        begin(owner, picture)
    assert not Upload.objects.exists()


def test_too_large_for_the_installation(owner: User, settings: Settings) -> None:
    settings.MIRAGE_UPLOAD_MAX_MB = 1
    with pytest.raises(uploads.TooLarge, match="1 MB"):
        uploads.create(owner, Announcement("a.jpg", 1_000_001))


def test_too_large_for_the_quota(owner: User, make_photo: Callable[..., Photo]) -> None:
    make_photo(size=600)
    make_photo(size=10_000, in_place=True)  # is not in the library's folder
    owner.quota_bytes = 1000
    assert uploads.create(owner, Announcement("a.jpg", 400))
    cache.clear()
    with pytest.raises(uploads.TooLarge, match="quota"):
        uploads.create(owner, Announcement("b.jpg", 1))


# --- ending -----------------------------------------------------------------------------------------------------------


def test_finished_file_is_a_photo(owner: User, picture: Path) -> None:
    modified = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    upload = send(owner, picture, modified_at=modified)
    outcome = uploads.finish(upload, paths.sha256_of(picture))
    assert outcome.status is intake.Status.ADDED
    photo = Photo.objects.get(owner=owner)
    assert (photo.original_name, photo.file_modified_at) == ("a.jpg", modified)
    assert paths.original_path(photo).read_bytes() == picture.read_bytes()
    assert not Upload.objects.exists()
    assert not list(paths.uploads_folder().iterdir())


def test_the_same_file_again_is_known(owner: User, picture: Path) -> None:
    uploads.finish(send(owner, picture))
    assert uploads.finish(send(owner, picture)).status is intake.Status.PRESENT
    assert Photo.objects.count() == 1


def test_incomplete_file_stays(owner: User, picture: Path) -> None:
    upload = begin(owner, picture)
    with pytest.raises(uploads.Incomplete):
        uploads.finish(upload)
    assert Upload.objects.exists()


def test_file_that_is_not_the_one_meant_is_discarded(owner: User, picture: Path) -> None:
    upload = send(owner, picture)
    with pytest.raises(uploads.WrongChecksum):
        uploads.finish(upload, "0" * 64)
    assert not Photo.objects.exists()
    assert not Upload.objects.exists()


def test_no_two_finish_at_once(owner: User, picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = send(owner, picture)

    def meanwhile(*args: object, **kwargs: object) -> intake.Outcome:
        with pytest.raises(uploads.Busy):
            uploads.finish(upload)
        return intake.Outcome(intake.Status.SKIPPED)

    monkeypatch.setattr(intake, "ingest", meanwhile)
    uploads.finish(upload)


def test_raw_files_are_told_by_their_name(owner: User, tmp_path: Path) -> None:
    (tmp_path / "IMG.NEF").write_bytes(b"II*\x00\x08\x00\x00\x00\x00\x00")
    outcome = uploads.finish(send(owner, tmp_path / "IMG.NEF"))
    assert outcome.photo is not None
    assert outcome.photo.media_type == "image/x-nikon-nef"


# --- what nobody comes back for ---------------------------------------------------------------------------------------


def age(upload: Upload, **time: int) -> None:
    Upload.objects.filter(pk=upload.pk).update(touched_at=timezone.now() - timedelta(**time))


def test_complete_upload_whose_browser_is_gone_is_finished(owner: User, picture: Path, make_picture: Maker) -> None:
    left, fresh = send(owner, picture), send(owner, make_picture())
    age(left, minutes=5)
    assert uploads.finish_unattended() == 1
    assert Photo.objects.get().original_name == "a.jpg"
    assert list(Upload.objects.all()) == [fresh]


def test_an_upload_that_cannot_be_finished_is_listed_and_kept(
    owner: User, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = 0

    def full(*args: object, **kwargs: object) -> None:
        nonlocal attempts
        attempts += 1
        raise OSError(errno.ENOSPC, "full")

    upload = send(owner, picture)
    age(upload, minutes=5)
    monkeypatch.setattr(intake, "ingest", full)
    assert uploads.finish_unattended() == 0
    assert uploads.finish_unattended() == 0
    assert attempts == 1
    assert ImportFailure.objects.get(owner=owner).path == str(uploads.file_of(upload))
    assert uploads.received(upload) == upload.size


def test_expired_uploads_are_removed(owner: User, picture: Path, make_picture: Maker) -> None:
    old, young = begin(owner, picture), begin(owner, make_picture())
    uploads.append(old, 0, [b"1"])
    age(old, days=8)
    age(young, days=6)
    assert uploads.remove_expired() == 1
    assert list(Upload.objects.all()) == [young]
    assert not uploads.file_of(old).exists()


def test_expired_but_complete_is_kept(owner: User, picture: Path) -> None:
    upload = send(owner, picture)
    Upload.objects.update(offset=1)  # the server was killed before it could say so
    age(upload, days=8)
    assert uploads.remove_expired() == 0
    upload.refresh_from_db()
    assert upload.offset == upload.size


def test_files_that_no_row_knows_are_removed_when_they_are_old(owner: User, picture: Path) -> None:
    known = send(owner, picture)
    paths.uploads_folder().mkdir(exist_ok=True)
    for name, days in (("orphan.jpg", 8), ("young.jpg", 1)):
        path = paths.uploads_folder() / name
        path.touch()
        then = (timezone.now() - timedelta(days=days)).timestamp()
        os.utime(path, (then, then))
    then = (timezone.now() - timedelta(days=8)).timestamp()
    os.utime(uploads.file_of(known), (then, then))
    assert uploads.remove_expired() == 1
    assert sorted(path.name for path in paths.uploads_folder().iterdir()) == sorted(
        ["young.jpg", uploads.file_of(known).name]
    )


# --- tus' headers -----------------------------------------------------------------------------------------------------


def test_metadata() -> None:
    assert tus.parse_metadata("filename w6QuanBn,flag, folder YQ==") == {"filename": "ä.jpg", "flag": "", "folder": "a"}
    assert tus.parse_metadata("") == {}


@pytest.mark.parametrize("header", ["a !!!", "a YQ==,a YQ==", ",", "a YQ"])
def test_bad_metadata(header: str) -> None:
    with pytest.raises(tus.BadHeader):
        tus.parse_metadata(header)


@pytest.mark.parametrize("header", ["md5 YQ==", "sha1 !", "", "sha256"])
def test_bad_checksum(header: str) -> None:
    try:
        checksum = tus.parse_checksum(header)
    except tus.BadHeader:
        return
    assert not tus.Verifier(checksum).matches()


@pytest.mark.parametrize("value", [None, "", "-1", "1.5", "٣", "1" * 30])
def test_bad_length(value: str | None) -> None:
    with pytest.raises(tus.BadHeader):
        tus.parse_length(value, "Upload-Length")
