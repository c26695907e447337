"""What guests get of an edited photo: the edit alone, with the metadata that the link shows."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from PIL import Image

from accounts.models import User
from albums.models import Album
from albums.public import links
from albums.public.links import Terms
from media.metadata.reading import read
from media.tests.videos import write
from photos import pipeline
from photos.editing import bulk, edits
from photos.ingest import folders
from photos.models import Photo
from photos.storage import paths
from photos.tests.editing.test_picture_edits import CROP, edit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_link(owner: User, make_picture: Callable[..., Path], make_album: Callable[..., Album]) -> Callable[..., Any]:
    """`open_link(show_place=False)`: an edited photo with a title and a place, and the address of its link."""
    cache.clear()
    folders.import_folder(owner, make_picture(size=(64, 48)))
    pipeline.drain()
    photo = Photo.objects.get()
    both = bulk.Together.of([edits.set_words(title="Harbour"), edits.set_place(38.7, -9.1)])
    bulk.make(owner, Photo.objects.all(), both, owner)
    edit(photo, CROP)
    pipeline.drain()

    def make(**terms: Any) -> tuple[Photo, str]:
        link = links.make(owner, Terms(**terms), album=make_album("Lisbon", [photo]))
        return photo, f"/s/{links.token_of(link)}/"

    return make


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(
    ("terms", "title", "placed"),
    [
        ({"show_place": True}, "Harbour", True),
        ({"show_place": False}, "Harbour", False),
        ({"show_metadata": False}, None, False),
    ],
)
def test_the_edit_comes_with_what_the_link_shows(
    client: Client, open_link: Callable[..., Any], tmp_path: Path, terms: dict[str, bool], title: str, placed: bool
) -> None:
    photo, address = open_link(**terms)
    for part in ("original", "download"):
        response = client.get(f"{address}media/{photo.key}/{part}")
        path = tmp_path / f"{part}.jpg"
        path.write_bytes(content(response))
        with Image.open(path) as picture:
            assert picture.size == (32, 24)
        found = read(path, "image/jpeg", original_name="")
        assert (found.title, found.latitude is not None) == (title, placed)
        assert (photo.original_name in response["Content-Disposition"]) is (title is not None)
    with zipfile.ZipFile(io.BytesIO(content(client.get(f"{address}download/")))) as archive:
        (name,) = archive.namelist()
        assert Image.open(io.BytesIO(archive.read(name))).size == (32, 24)
        assert (name == "IMG_0001.jpg") is (title is not None)


def test_pages_and_thumbnails_show_the_edit(client: Client, open_link: Callable[..., Any]) -> None:
    photo, address = open_link(show_place=True)
    picture = Image.open(io.BytesIO(content(client.get(f"{address}media/{photo.key}/large.webp"))))
    assert picture.size == (32, 24)
    page = client.get(f"{address}photo/{photo.key}/").content.decode()
    assert "data-original" not in page
    assert 'width="32"' in page


def test_without_downloads_there_is_no_edit_to_download(client: Client, open_link: Callable[..., Any]) -> None:
    photo, address = open_link(allow_download=False)
    assert client.get(f"{address}media/{photo.key}/download").status_code == 404


@pytest.mark.parametrize(
    ("terms", "size"),
    [
        ({}, (32, 24)),
        ({"allow_originals": True}, (64, 48)),
        ({"allow_originals": True, "show_place": True}, (64, 48)),
        ({"allow_originals": True, "show_metadata": False}, (64, 48)),
    ],
)
def test_the_original_only_where_the_link_allows_it(
    client: Client, open_link: Callable[..., Any], tmp_path: Path, terms: dict[str, bool], size: tuple[int, int]
) -> None:
    photo, address = open_link(**terms)
    path = tmp_path / "a.jpg"
    path.write_bytes(content(client.get(f"{address}media/{photo.key}/download?original=yes")))
    with Image.open(path) as picture:
        assert picture.size == size
    found = read(path, "image/jpeg", original_name="")
    assert found.latitude is None or terms.get("show_place")
    with Image.open(io.BytesIO(content(client.get(f"{address}media/{photo.key}/download")))) as picture:
        assert picture.size == (32, 24)  # the edit, unless the original is asked for
    page = client.get(f"{address}photo/{photo.key}/").content.decode()
    assert ("download?original=yes" in page) is (size == (64, 48))


def test_no_original_without_downloads(client: Client, open_link: Callable[..., Any]) -> None:
    photo, address = open_link(allow_download=False, allow_originals=True)
    assert client.get(f"{address}media/{photo.key}/download?original=yes").status_code == 404
    assert "original=yes" not in client.get(f"{address}photo/{photo.key}/").content.decode()


@pytest.mark.parametrize(("terms", "whole"), [({"show_place": True}, True), ({"show_metadata": False}, False)])
def test_a_video_with_another_poster_shows_no_more_than_the_link(
    client: Client,
    make_photo: Callable[..., Photo],
    make_album: Callable[..., Album],
    terms: dict[str, bool],
    whole: bool,
) -> None:
    cache.clear()
    photo = make_photo(name="a.mp4", kind="video", media_type="video/mp4", duration=2.0, thumbhash=b"x")
    file = paths.original_path(photo)
    file.parent.mkdir(parents=True)
    write(file, seconds=2)
    edit(photo, {"op": "poster", "at": 1.0})
    pipeline.drain()
    link = links.make(photo.owner, Terms(**terms), album=make_album("Lisbon", [photo]))
    photo.refresh_from_db()
    assert photo.rendition
    for part in ("original", "download", "video.mp4"):
        response = client.get(f"/s/{links.token_of(link)}/media/{photo.key}/{part}")
        assert (content(response) == file.read_bytes()) == whole
        assert response.status_code == 200
