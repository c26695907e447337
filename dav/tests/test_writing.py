"""Putting, moving and deleting over WebDAV, as programs do it."""

import hashlib
import io
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from accounts import undoing
from accounts.models import Activity, User
from dav.arriving import receiving
from dav.models import Device, Entry
from dav.tests.conftest import Program, text_of, tree
from photos.models import Photo, Stack
from photos.storage import paths

Pictures = Callable[..., Path]
HERE = "http://testserver/dav/"


def test_a_file_is_a_photo_at_once(program: Program, make_picture: Pictures) -> None:
    picture = make_picture()
    answer = program.put("Upload/IMG_1.jpg", picture, X_OC_Mtime="1500000000")
    assert (answer.status_code, answer.headers["X-OC-MTime"]) == (201, "accepted")
    photo = Photo.objects.get()
    assert (photo.original_name, photo.file_modified_at) == ("IMG_1.jpg", datetime(2017, 7, 14, 2, 40, tzinfo=UTC))
    assert paths.original_path(photo).read_bytes() == picture.read_bytes()
    assert program.names("Upload") == ["IMG_1.jpg"]
    assert program.property("Upload/IMG_1.jpg", "getetag") == answer.headers["ETag"]
    assert program.property("Upload/IMG_1.jpg", "getlastmodified") == "Fri, 14 Jul 2017 02:40:00 GMT"
    assert text_of(program("GET", "Upload/IMG_1.jpg")) == picture.read_bytes()
    assert program.put("Upload/IMG_1.jpg", picture).status_code == 204
    assert list(paths.uploads_folder().iterdir()) == []


def test_a_known_file_is_created_but_not_doubled(program: Program, make_picture: Pictures) -> None:
    picture = make_picture()
    for name in ("a.jpg", "b.jpg"):
        assert program.put(f"Upload/{name}", picture).status_code == 201
    assert Photo.objects.count() == 1
    assert program.names("Upload") == ["a.jpg", "b.jpg"]


def test_chunked_bodies(program: Program, make_picture: Pictures) -> None:
    content = make_picture().read_bytes()
    extra = {"wsgi.input": io.BytesIO(content), "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = program.client.generic("PUT", "/dav/Upload/a.jpg", headers={"Authorization": program.basic}, **extra)
    assert answer.status_code == 201
    assert Photo.objects.get().size == len(content)


def test_a_file_that_breaks_off_is_forgotten(program: Program, make_picture: Pictures) -> None:
    content = make_picture().read_bytes()
    headers = {"Authorization": program.basic}
    extra = {"wsgi.input": io.BytesIO(content[:50]), "CONTENT_LENGTH": str(len(content))}
    answer = program.client.generic("PUT", "/dav/Upload/a.jpg", headers=headers, **extra)
    assert answer.status_code == 400
    assert not Photo.objects.exists()
    assert not Entry.objects.exists()
    assert list(paths.uploads_folder().iterdir()) == []


def test_no_room_is_said_before_the_body_is_read(program: Program, owner: User, settings: Settings) -> None:
    class Untouched(io.BytesIO):
        def read(self, size: int | None = None) -> bytes:
            raise AssertionError("the body was read")

    def put(size: str) -> int:
        extra = {"wsgi.input": Untouched(), "CONTENT_LENGTH": size}
        headers = {"Authorization": program.basic}
        status: int = program.client.generic("PUT", "/dav/Upload/a.jpg", headers=headers, **extra).status_code
        return status

    assert put(str(shutil.disk_usage("/").total * 2)) == 413  # larger than any file may be
    settings.MIRAGE_UPLOAD_MAX_MB = 10**9
    assert put(str(shutil.disk_usage("/").total * 2)) == 507
    owner.quota_bytes = 1000
    owner.save()
    assert put("1001") == 507
    assert "quota" in Device.objects.get().problem


def test_a_file_of_unknown_length_ends_at_the_quota(program: Program, owner: User, monkeypatch: Any) -> None:
    owner.quota_bytes = 1000
    owner.save()
    monkeypatch.setattr(receiving, "CHECKED_EVERY", 100)

    class Endless(io.BytesIO):
        def read(self, size: int | None = None) -> bytes:
            return b"x" * 200

    extra = {"wsgi.input": Endless(), "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = program.client.generic("PUT", "/dav/Upload/a", headers={"Authorization": program.basic}, **extra)
    assert answer.status_code == 507
    assert list(paths.uploads_folder().iterdir()) == []


def test_guests_have_no_upload(program: Program, owner: User, make_picture: Pictures) -> None:
    owner.is_guest = True
    owner.save()
    assert program.put("Upload/a.jpg", make_picture()).status_code == 403
    assert program("MKCOL", "Upload/a").status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("PUT", "Upload/none/a.jpg", {}, 409),
        ("PUT", "Upload/folder", {}, 405),
        ("PUT", "Upload/a.jpg", {"Content_Range": "bytes 0-1/2"}, 400),
        ("PUT", "Upload/" + "x" * 256, {}, 414),
        ("PUT", "Upload/x%00y", {}, 400),
        ("MKCOL", "Upload/none/b", {}, 409),
        ("MKCOL", "Upload/folder", {}, 405),
        ("MKCOL", "Upload", {}, 405),
        ("MKCOL", "", {}, 405),
        ("DELETE", "Upload/none", {}, 404),
        ("DELETE", "Upload", {}, 403),
        ("DELETE", "", {}, 403),
        ("MOVE", "Upload/a.jpg", {}, 400),
        ("MOVE", "Upload/a.jpg", {"Destination": "http://elsewhere/dav/Upload/b.jpg"}, 502),
        ("MOVE", "Upload/a.jpg", {"Destination": HERE + "Photos/b.jpg"}, 403),
        ("MOVE", "Upload/a.jpg", {"Destination": HERE + "Upload"}, 403),
        ("MOVE", "Upload/a.jpg", {"Destination": HERE + "Upload/none/b.jpg"}, 409),
        ("MOVE", "Upload/a.jpg", {"Destination": HERE + "Upload/a.jpg"}, 403),
        ("MOVE", "Upload/folder", {"Destination": HERE + "Upload/folder/inside"}, 403),
        ("MOVE", "Upload/a.jpg", {"Destination": HERE + "Upload/folder", "Overwrite": "F"}, 412),
        ("COPY", "Upload/none", {"Destination": HERE + "Upload/b"}, 404),
        ("PROPPATCH", "Upload/a.jpg", {}, 400),
        ("LOCK", "Upload/a.jpg", {}, 412),
        ("UNLOCK", "Upload/a.jpg", {}, 400),
        ("UNLOCK", "Upload/a.jpg", {"Lock_Token": "<urn:uuid:x>"}, 409),
        ("PROPFIND", "Upload", {"Depth": "infinity"}, 403),
        ("POST", "Upload", {}, 405),
        ("TRACE", "Upload", {}, 405),
        ("GET", "Upload/none", {}, 404),
        ("DELETE", "Upload/a.jpg", {"If_Match": '"other"'}, 412),
        ("PUT", "Upload/a.jpg", {"If_None_Match": "*"}, 412),
        ("PUT", "Upload/a.jpg", {"If": "(<urn:uuid:x>)"}, 412),
        ("PUT", "Upload/a.jpg", {"If": "("}, 400),
    ],
)
def test_what_is_refused(
    program: Program, make_picture: Pictures, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    program("MKCOL", "Upload/folder")
    program.put("Upload/a.jpg", make_picture())
    answer = program(method, path, **headers)
    assert answer.status_code == status, text_of(answer)
    assert sorted(program.names("Upload")) == ["a.jpg", "folder"]
    assert Photo.objects.present().count() == 1


def test_deleting_moves_to_the_trash_with_undo(program: Program, owner: User, make_picture: Pictures) -> None:
    program("MKCOL", "Upload/folder")
    for name in ("a.jpg", "folder/b.jpg", "folder/c.jpg"):
        program.put(f"Upload/{name}", make_picture())
    assert program("DELETE", "Upload/folder").status_code == 204
    assert Photo.objects.present().count() == 1
    assert program.names("Upload") == ["a.jpg"]
    done = Activity.objects.get(verb="deleted there")
    undoing.undo(done, owner)
    assert Photo.objects.present().count() == 3


def test_a_file_that_was_known_before_is_not_deleted_with_its_copy(
    program: Program, owner: User, make_picture: Pictures, make_photo: Any
) -> None:
    picture = make_picture()
    make_photo(sha256=hashlib.sha256(picture.read_bytes()).hexdigest())
    program.put("Upload/a.jpg", picture)
    assert program("DELETE", "Upload/a.jpg").status_code == 204
    assert Photo.objects.present().count() == 1


def test_the_last_of_two_files_takes_the_photo_with_it(program: Program, make_picture: Pictures) -> None:
    picture = make_picture()
    for name in ("a.jpg", "b.jpg"):
        program.put(f"Upload/{name}", picture)
    program("DELETE", "Upload/a.jpg")
    assert Photo.objects.present().count() == 1
    program("DELETE", "Upload/b.jpg")
    assert Photo.objects.present().count() == 0


def test_sent_again_what_is_in_the_trash_stays_there(program: Program, make_picture: Pictures) -> None:
    picture = make_picture()
    program.put("Upload/a.jpg", picture)
    Photo.objects.trash()
    assert program.names("Upload") == ["a.jpg"]
    assert program.put("Upload/a.jpg", picture).status_code == 204
    assert Photo.objects.present().count() == 0
    Photo.objects.all().delete()
    assert program.names("Upload") == ["a.jpg"]
    assert program("GET", "Upload/a.jpg").status_code == 410
    assert program.put("Upload/a.jpg", picture).status_code == 204
    assert not Photo.objects.exists()
    assert program.put("Upload/elsewhere.jpg", picture).status_code == 201  # somebody wants it after all
    assert Photo.objects.exists()


def test_moving_renames_the_photo_that_was_sent_under_another_name(program: Program, make_picture: Pictures) -> None:
    program.put("Upload/.tmp-77.part", make_picture())
    assert program("MOVE", "Upload/.tmp-77.part", Destination=HERE + "Upload/IMG_7.jpg").status_code == 201
    assert Photo.objects.get().original_name == "IMG_7.jpg"
    Photo.objects.update(original_name="Named by hand.jpg")
    program("MOVE", "Upload/IMG_7.jpg", Destination="/dav/Upload/IMG_8.jpg")
    assert Photo.objects.get().original_name == "Named by hand.jpg"


def test_copies_are_the_same_photo(program: Program, make_picture: Pictures) -> None:
    program("MKCOL", "Upload/a")
    program("MKCOL", "Upload/a/b")
    program.put("Upload/a/b/1.jpg", make_picture())
    program.put("Upload/a/notes.txt", b"hello")
    assert program("COPY", "Upload/a", Destination=HERE + "Upload/c").status_code == 201
    assert (program.names("Upload/c"), program.names("Upload/c/b")) == (["b", "notes.txt"], ["1.jpg"])
    assert text_of(program("GET", "Upload/c/notes.txt")) == b"hello"
    assert program("COPY", "Upload/a", Destination=HERE + "Upload/d", Depth="0").status_code == 201
    assert program.names("Upload/d") == []
    assert Photo.objects.count() == 1
    program("DELETE", "Upload/a")
    assert Photo.objects.present().count() == 1


def test_a_file_that_replaces_another_is_its_new_version(program: Program, owner: User, make_picture: Pictures) -> None:
    program.put("Upload/a.jpg", make_picture())
    program.put("Upload/a.jpg", make_picture(size=(70, 50)))
    old, new = Photo.objects.order_by("pk")
    stack = Stack.objects.get()
    assert (stack.cover, old.stack, old.trashed_at) == (new, stack, None)
    undoing.undo(Activity.objects.get(verb="stacked photos"), owner)
    assert not Stack.objects.exists()


def test_locking_before_sending_as_finder_and_windows_do(program: Program, make_picture: Pictures) -> None:
    info = (
        '<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype>'
        "<D:owner>Me &amp; mine</D:owner></D:lockinfo>"
    )
    assert program.put("Upload/a.jpg", b"").status_code == 201
    locked = program("LOCK", "Upload/a.jpg", info, Timeout="Second-600", Depth="0")
    token = locked.headers["Lock-Token"]
    assert locked.status_code == 200
    assert tree(locked).findtext(".//{DAV:}owner") == "Me & mine"
    picture = make_picture()
    assert program.put("Upload/a.jpg", picture).status_code == 423
    assert program.put("Upload/a.jpg", picture, If=f"({token})").status_code == 204
    assert program("DELETE", "Upload/a.jpg").status_code == 423
    assert program("LOCK", "Upload/a.jpg", info).status_code == 423
    assert program("UNLOCK", "Upload/a.jpg", Lock_Token=token).status_code == 204
    assert program("DELETE", "Upload/a.jpg").status_code == 204
    assert program("LOCK", "Upload/new.jpg", info).status_code == 201
    assert program.names("Upload") == ["new.jpg"]


def test_times_by_proppatch(program: Program, make_picture: Pictures) -> None:
    program.put("Upload/a.jpg", make_picture())
    body = (
        '<D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:schemas-microsoft-com:"><D:set><D:prop>'
        "<Z:Win32LastModifiedTime>Fri, 14 Jul 2017 02:40:00 GMT</Z:Win32LastModifiedTime>"
        "<Z:Win32FileAttributes>00000020</Z:Win32FileAttributes></D:prop></D:set></D:propertyupdate>"
    )
    answer = program("PROPPATCH", "Upload/a.jpg", body)
    assert answer.status_code == 207
    assert b"403" not in answer.content
    assert program.property("Upload/a.jpg", "getlastmodified") == "Fri, 14 Jul 2017 02:40:00 GMT"


def test_strangers_find_nothing(program: Program, stranger: User, make_picture: Pictures) -> None:
    program.put("Upload/a.jpg", make_picture())
    theirs = Program(stranger)
    for method in ("GET", "HEAD", "PROPFIND", "DELETE", "MOVE", "COPY", "PROPPATCH"):
        body = '<D:propertyupdate xmlns:D="DAV:"/>' if method == "PROPPATCH" else ""
        answer = theirs(method, "Upload/a.jpg", body, Destination=HERE + "Upload/b.jpg")
        assert answer.status_code == 404, method
    assert Photo.objects.present().count() == 1
