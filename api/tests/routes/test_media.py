"""The bytes of photos over the API: which, for whom, and in parts."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from accounts.models import User
from albums.models import Share
from photos import pipeline
from photos.ingest import folders
from photos.models import Photo
from photos.storage import paths
from photos.tests.editing.test_picture_edits import CROP, edit

Ask = Callable[..., Any]
Maker = Callable[..., Photo]


@pytest.fixture
def photo(make_photo: Maker) -> Photo:
    """A photo with its original and thumbnails."""
    made = make_photo(name="a.jpg")
    folder = paths.derived_folder(made.sha256)
    folder.mkdir(parents=True, exist_ok=True)
    for size in ("small", "medium", "large"):
        Image.new("RGB", (4, 3)).save(folder / f"{size}.webp")
    original = paths.original_path(made)
    original.parent.mkdir(parents=True, exist_ok=True)
    original.write_bytes(b"0123456789")
    return made


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_an_original_is_sent_unchanged(ask: Ask, photo: Photo) -> None:
    answer = ask("GET", f"/photos/{photo.key}/original")
    assert body(answer) == b"0123456789"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a.jpg"'
    part = ask("GET", f"/photos/{photo.key}/original", headers={"Range": "bytes=2-4"})
    assert (part.status_code, body(part), part.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    beyond = ask("GET", f"/photos/{photo.key}/original", headers={"Range": "bytes=10-"})
    assert beyond.status_code == 416


def test_unchanged_files_are_not_sent_again(ask: Ask, photo: Photo) -> None:
    for path in ("original", "thumbnails/small"):
        tag = ask("GET", f"/photos/{photo.key}/{path}").headers["ETag"]
        assert ask("GET", f"/photos/{photo.key}/{path}", headers={"If-None-Match": tag}).status_code == 304


def test_head_returns_the_size_of_an_original(ask: Ask, photo: Photo) -> None:
    answer = ask("HEAD", f"/photos/{photo.key}/original")
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, "10")
    assert "ETag" in answer.headers


@pytest.mark.parametrize("size", ["small", "medium", "large"])
def test_thumbnails(ask: Ask, photo: Photo, size: str) -> None:
    answer = ask("GET", f"/photos/{photo.key}/thumbnails/{size}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert body(answer)[8:12] == b"WEBP"


@pytest.mark.parametrize(("path", "status"), [("thumbnails/huge", 422), ("thumbnails/animated", 404), ("video", 404)])
def test_missing_files_are_404(ask: Ask, photo: Photo, path: str, status: int) -> None:
    assert ask("GET", f"/photos/{photo.key}/{path}").status_code == status


def test_nobody_gets_the_bytes_of_others(program: Any, stranger: User, owner: User, photo: Photo) -> None:
    for path in ("original", "thumbnails/small", "video"):
        assert program(stranger)("GET", f"/photos/{photo.key}/{path}").status_code == 404
        assert program(owner, "upload")("GET", f"/photos/{photo.key}/{path}").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_copy_comes_in_the_form_that_is_asked_for(ask: Ask, owner: User, make_picture: Any) -> None:
    folders.import_folder(owner, make_picture(size=(64, 48)))
    pipeline.drain()
    key = Photo.objects.get().key
    answer = ask("GET", f"/photos/{key}/copy?form=webp&side=32&metadata=none")
    assert answer.headers["Content-Type"] == "image/webp"
    assert Image.open(io.BytesIO(body(answer))).size == (32, 24)
    assert ask("GET", f"/photos/{key}/copy").headers["Content-Type"] == "image/jpeg"
    for wrong in ("form=bmp", "side=1", "metadata=some"):
        assert ask("GET", f"/photos/{key}/copy?{wrong}").status_code == 422
    assert ask("GET", "/photos/nothing/copy").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_others_get_the_edit_in_place_of_the_original(
    ask: Ask, program: Callable[..., Ask], owner: User, stranger: User, make_picture: Any
) -> None:
    folders.import_folder(owner, make_picture(size=(64, 48)))
    pipeline.drain()
    photo = Photo.objects.get()
    edit(photo, CROP)
    pipeline.drain()
    Share.objects.create(owner=owner, user=stranger, album=None)
    assert len(body(ask("GET", f"/photos/{photo.key}/original"))) == photo.size
    of_stranger = program(stranger)
    theirs = of_stranger("GET", f"/photos/{photo.key}/original")
    assert Image.open(io.BytesIO(body(theirs))).size == (32, 24)
    assert of_stranger("GET", f"/photos/{photo.key}").json()["picture_edit"] is None
    (paths.derived_folder(photo.sha256) / "motion.mp4").write_bytes(b"moving")
    assert ask("GET", f"/photos/{photo.key}/video").status_code == 200
    assert of_stranger("GET", f"/photos/{photo.key}/video").status_code == 404
