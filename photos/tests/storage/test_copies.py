"""Downloads: the edit, or JPEG, PNG and WebP of a size, with and without metadata; the original only for its owner."""

import io
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from accounts.models import User
from albums.models import Share
from media.metadata.reading import read
from mirage.refusals import NotPossible
from photos import pipeline
from photos.editing import bulk, edits
from photos.ingest import folders
from photos.models import Photo
from photos.storage import copies, paths
from photos.tests.editing.test_picture_edits import CROP, LIGHT, edit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def photo(make_picture: Callable[..., Path], owner: User) -> Photo:
    """A photo of 64 by 48 pixels with a title and a place."""
    folders.import_folder(owner, make_picture(size=(64, 48)))
    pipeline.drain()
    photo = Photo.objects.get()
    both = bulk.Together.of([edits.set_words(title="Harbour"), edits.set_place(38.7, -9.1)])
    bulk.make(owner, Photo.objects.all(), both, owner)
    photo.refresh_from_db()
    return photo


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def picture(response: Any) -> Image.Image:
    return Image.open(io.BytesIO(body(response)))


def fetch(client: Client, photo: Photo, **query: Any) -> Any:
    return client.get(f"/media/{photo.key}/download", query)


def edited(photo: Photo) -> Photo:
    edit(photo, CROP, LIGHT)
    pipeline.drain()
    photo.refresh_from_db()
    return photo


def test_without_an_edit_the_original_comes_and_with_one_the_edit(client: Client, photo: Photo, owner: User) -> None:
    client.force_login(owner)
    plain = body(fetch(client, photo))
    assert len(plain) == photo.size
    edited(photo)
    response = fetch(client, photo)
    assert "IMG_0001.jpg" in response["Content-Disposition"]
    assert picture(response).size == (32, 24)
    assert body(fetch(client, photo, form="original")) == plain
    assert picture(client.get(f"/media/{photo.key}/edited")).size == (32, 24)


@pytest.mark.parametrize(("form", "kind"), [("jpeg", "JPEG"), ("png", "PNG"), ("webp", "WEBP")])
def test_formats_and_sizes(client: Client, photo: Photo, owner: User, form: str, kind: str) -> None:
    client.force_login(owner)
    made = picture(fetch(client, photo, form=form, side=16))
    assert (made.format, made.size) == (kind, (16, 12))
    edited(photo)
    made = picture(fetch(client, photo, form=form))
    assert (made.format, made.size) == (kind, (32, 24))


def test_metadata_is_written_or_not(client: Client, photo: Photo, owner: User, tmp_path: Path) -> None:
    client.force_login(owner)
    edited(photo)
    told = {}
    for metadata in copies.METADATA:
        for form in ("edited", "webp"):
            path = tmp_path / f"{metadata}.{form}"
            path.write_bytes(body(fetch(client, photo, form=form, metadata=metadata)))
            found = read(path, "image/webp" if form == "webp" else "image/jpeg", original_name="")
            told[metadata, form] = found.title, round(found.latitude or 0, 1)
    for form in ("edited", "webp"):
        assert told["all", form] == ("Harbour", 38.7)
        assert told["no-place", form] == ("Harbour", 0)
        assert told["none", form] == (None, 0)


def test_a_turned_photo_without_an_edit_is_turned_in_its_copy(client: Client, photo: Photo, owner: User) -> None:
    client.force_login(owner)
    bulk.make(owner, Photo.objects.all(), edits.turn("right"), owner)
    assert picture(fetch(client, photo)).size == (48, 64)


@pytest.mark.parametrize("query", [{"form": "bmp"}, {"side": "0"}, {"side": "9" * 9}, {"side": "x"}, {"metadata": "x"}])
def test_what_is_not_offered_is_refused(client: Client, photo: Photo, owner: User, query: dict[str, str]) -> None:
    client.force_login(owner)
    assert fetch(client, photo, **query).status_code in (302, 422)
    with pytest.raises(NotPossible):
        copies.read(query)


def test_others_get_the_edit_and_never_the_original(client: Client, photo: Photo, owner: User, stranger: User) -> None:
    Share.objects.create(owner=owner, user=stranger, album=None)
    client.force_login(stranger)
    assert len(body(client.get(f"/media/{photo.key}/original"))) == photo.size
    edited(photo)
    for address in ("original", "download", "download?form=original"):
        assert picture(client.get(f"/media/{photo.key}/{address}")).size == (32, 24), address
    for form in ("", "original"):
        archive = client.post("/selection/download/", {"keys": photo.key, "form": form})
        with zipfile.ZipFile(io.BytesIO(body(archive))) as opened:
            (name,) = opened.namelist()
            assert Image.open(io.BytesIO(opened.read(name))).size == (32, 24)


def test_a_selection_in_one_form(client: Client, photo: Photo, owner: User, make_picture: Any) -> None:
    client.force_login(owner)
    edited(photo)
    folders.import_folder(owner, make_picture("second.png", size=(80, 60), colour="red"))
    pipeline.drain()
    keys = ",".join(Photo.objects.values_list("key", flat=True))
    archive = client.post("/selection/download/", {"keys": keys, "form": "webp", "side": "20"})
    with zipfile.ZipFile(io.BytesIO(body(archive))) as opened:
        sizes = {name: Image.open(io.BytesIO(opened.read(name))).size for name in opened.namelist()}
    assert sizes == {"IMG_0001.webp": (20, 15), "second.webp": (20, 15)}


def test_too_many_copies_at_once_are_refused(photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "MOST", 0)
    with pytest.raises(NotPossible, match="At most"):
        copies.entries([photo], copies.Form("jpeg"))
    assert len(copies.entries([photo], copies.Form())) == 1  # originals are not converted


def test_copies_are_removed_after_a_day(client: Client, photo: Photo, owner: User) -> None:
    client.force_login(owner)
    body(fetch(client, photo, form="png"))
    (made,) = paths.copies_folder().iterdir()
    assert copies.remove_old() == 0
    os.utime(made, (time.time() - 90_000,) * 2)
    assert copies.remove_old() == 1
    assert not made.exists()
