"""Exports that are uploaded as zip files."""

import base64
import errno
import io
import json
import os
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from accounts.models import User
from albums.models import Album
from photos.ingest import in_use, intake, room, uploads
from photos.models import Photo, Upload, WatchedFolder
from takeout import uploading

PAGE, FILES, IMPORT = "/takeout/", "/takeout/files/", "/takeout/import/"
FRAGMENT = {"HX-Request": "true"}


def export(name: str = "a.jpg") -> bytes:
    """A small Takeout with one album."""
    picture, whole = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(picture, "JPEG")
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(f"Takeout/Google Photos/Rome/{name}", picture.getvalue())
        about = {"title": name, "photoTakenTime": {"timestamp": "1556700000"}}
        archive.writestr(f"Takeout/Google Photos/Rome/{name}.json", json.dumps(about))
        archive.writestr("Takeout/Google Photos/Rome/metadata.json", '{"title": "Rome"}')
    return whole.getvalue()


def send(client: Client, data: bytes, name: str = "takeout-001.zip", size: int | None = None) -> HttpResponseBase:
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(len(data) if size is None else size),
        "Upload-Metadata": f"filename {base64.b64encode(name.encode()).decode()}",
    }
    return client.post(FILES, data, content_type="application/offset+octet-stream", headers=headers)


@pytest.fixture
def signed_in(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def test_an_export_is_uploaded_and_imported(signed_in: Client, owner: User) -> None:
    assert send(signed_in, export()).status_code == 201
    assert "takeout-001.zip" in signed_in.get(PAGE).content.decode()
    assert signed_in.post(IMPORT).headers["Location"] == "/welcome/"
    folder = in_use.take()
    assert folder is not None
    assert "the export that was uploaded" in signed_in.get("/welcome/").content.decode()
    assert in_use.read(folder) is not None, WatchedFolder.objects.get().problem
    assert Photo.objects.get().owner == owner
    assert Album.objects.get().name == "Rome"
    assert not WatchedFolder.objects.exists()
    assert not Path(folder.path).exists()
    assert not Upload.objects.exists()


def test_parts_that_have_not_arrived_are_waited_for(signed_in: Client) -> None:
    send(signed_in, export(), size=1_000_000)
    response = signed_in.post(IMPORT, headers=FRAGMENT)
    assert response.status_code == 422
    assert "not arrived completely" in response.content.decode()
    assert not WatchedFolder.objects.exists()


def test_without_parts_there_is_nothing_to_import(signed_in: Client) -> None:
    assert signed_in.post(IMPORT, headers=FRAGMENT).status_code == 422


@pytest.mark.parametrize("name", ["a.jpg", "export.tgz", "zip"])
def test_only_zip_files_are_accepted(signed_in: Client, name: str) -> None:
    assert send(signed_in, b"x", name=name).status_code == 415


def test_a_zip_file_that_is_no_export_says_so(signed_in: Client) -> None:
    send(signed_in, b"no zip at all")
    signed_in.post(IMPORT)
    folder = in_use.take()
    assert folder is not None
    in_use.read(folder)
    folder.refresh_from_db()
    assert "is not a readable zip file" in folder.problem
    assert not Path(folder.path).exists()
    WatchedFolder.objects.update(noted_at=timezone.now() - timedelta(days=2))
    uploading.remove_left()
    assert not WatchedFolder.objects.exists()


def test_the_button_pressed_twice_imports_once(signed_in: Client, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    send(signed_in, export())
    seen = uploading.parts_of(owner)
    monkeypatch.setattr(uploading, "parts_of", lambda user: seen)
    assert signed_in.post(IMPORT).status_code == 302
    assert signed_in.post(IMPORT, headers=FRAGMENT).status_code == 422
    folder = WatchedFolder.objects.get()
    assert [path.name for path in Path(folder.path).iterdir()] == ["001 takeout-001.zip"]


def test_what_may_succeed_later_is_kept_and_counts(
    signed_in: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(signed_in, export())
    signed_in.post(IMPORT)

    def full(*_args: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = in_use.take()
    assert folder is not None
    with monkeypatch.context() as patch:
        patch.setattr(intake, "ingest", full)
        report = in_use.read(folder)
    assert report is not None
    assert len(report.failures) == 1
    assert Path(folder.path).exists()
    cache.clear()
    assert room.used_bytes(owner) == len(export())
    in_use.read_again(folder)
    again = in_use.take()
    assert again is not None
    in_use.read(again)
    assert Photo.objects.count() == 1
    assert not Path(folder.path).exists()


def test_links_of_an_export_that_was_chosen_do_not_lead_out(owner: User, tmp_path: Path, settings: Settings) -> None:
    for place, name in (("shelf", "inside.jpg"), ("secret", "outside.jpg")):
        (tmp_path / place).mkdir()
        (tmp_path / place / f"{place}.zip").write_bytes(export(name))
    (tmp_path / "shelf/link.zip").symlink_to(tmp_path / "secret/secret.zip")
    settings.MIRAGE_FOLDERS = [tmp_path / "shelf"]
    in_use.use(owner, tmp_path / "shelf", WatchedFolder.Kind.EXPORT, watched=False, confined=True)
    folder = in_use.take()
    assert folder is not None
    assert in_use.read(folder) is not None
    assert [photo.original_name for photo in Photo.objects.all()] == ["inside.jpg"]


def test_names_do_not_lead_out(signed_in: Client, library: Path) -> None:
    send(signed_in, export(), name="../../../evil.zip")
    signed_in.post(IMPORT)
    folder = Path(WatchedFolder.objects.get().path)
    assert [path.name for path in folder.iterdir()] == ["001 evil.zip"]


def test_a_part_is_not_taken_for_a_photo(signed_in: Client) -> None:
    send(signed_in, export())
    part = Upload.objects.get()
    assert signed_in.post(f"/upload/files/{part.key}/finish/").status_code == 404
    Upload.objects.update(touched_at=part.touched_at - uploads.UNATTENDED * 2)
    assert uploads.finish_unattended() == 0
    assert uploads.unfinished(part.owner) == []
    assert Upload.objects.exists()


def test_parts_are_removed_after_a_week(signed_in: Client) -> None:
    send(signed_in, export())
    part = Upload.objects.get()
    assert uploads.remove_expired() == 0
    Upload.objects.update(touched_at=part.touched_at - uploads.KEPT * 2)
    assert uploads.remove_expired() == 1


def test_a_stranger_has_parts_of_their_own(signed_in: Client, stranger: User) -> None:
    send(signed_in, export())
    other, part = Client(), Upload.objects.get()
    other.force_login(stranger)
    assert "takeout-001.zip" not in other.get(PAGE).content.decode()
    assert other.post(IMPORT, headers=FRAGMENT).status_code == 422
    assert other.delete(f"/upload/files/{part.key}/", headers={"Tus-Resumable": "1.0.0"}).status_code == 404


def test_guests_have_no_library(client: Client, library: Path, db: None) -> None:
    client.force_login(User.objects.create_user("guest", is_guest=True))
    assert send(client, export()).status_code == 403


def test_signed_out_nothing_is_accepted(client: Client, db: None) -> None:
    assert send(client, export()).status_code == 401
    assert client.get(PAGE).status_code == 302


def test_the_fragment(signed_in: Client) -> None:
    assert "<html" not in signed_in.get(PAGE, headers=FRAGMENT).content.decode()


def test_what_was_left_is_removed(signed_in: Client, library: Path) -> None:
    send(signed_in, export())
    signed_in.post(IMPORT)
    (library / "exports/left").mkdir()
    assert uploading.remove_left() == 0
    old = time.time() - 2 * uploading.LEFT_SECONDS
    for folder in (library / "exports").iterdir():
        os.utime(folder, (old, old))
    assert uploading.remove_left() == 1
    assert len(list((library / "exports").iterdir())) == 1
