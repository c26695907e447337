"""Halves that arrive by different ways, WebDAV and the page of uploads, in any order, end as one stack."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import User
from dav.tests.arriving.test_ingesting import clip, jpeg, read_all
from dav.tests.conftest import Program
from photos.ingest import folders, uploads
from photos.models import Photo, Stack

Way = Callable[[Program, str, bytes], None]


def by_webdav(program: Program, name: str, content: bytes) -> None:
    assert program.put(f"Upload/{name}", content).status_code == 201


def by_page(program: Program, name: str, content: bytes) -> None:
    upload = uploads.create(program.user, uploads.Announcement(name, len(content)))
    uploads.append(upload, 0, [content[:1000], content[1000:]])
    assert uploads.finish(upload).photo


@pytest.mark.parametrize("ways", list(itertools.product([by_webdav, by_page], repeat=2)))
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_live_photo(program: Program, tmp_path: Path, ways: tuple[Way, Way], order: tuple[int, int]) -> None:
    halves = [("IMG_5.JPG", jpeg(tmp_path, "a.jpg", "2022:07:01 12:00:00")), ("IMG_5.MOV", clip(tmp_path))]
    for place in order:
        ways[place](program, *halves[place])
        read_all()
    stack = Stack.objects.get()
    assert (stack.kind, stack.photos.count()) == ("live", 2)
    assert stack.cover == Photo.objects.get(kind="photo")


@pytest.mark.parametrize("ways", [(by_webdav, by_page), (by_page, by_webdav)])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_raw_and_its_jpeg(program: Program, tmp_path: Path, ways: tuple[Way, Way], order: tuple[int, int]) -> None:
    files = [
        ("IMG_9.CR2", jpeg(tmp_path, "raw.jpg", "2022:07:01 12:00:00")),
        ("IMG_9.JPG", jpeg(tmp_path, "developed.jpg", "2022:07:01 12:00:01")),
    ]
    for place in order:
        ways[place](program, *files[place])
        Photo.objects.filter(original_name="IMG_9.CR2").update(media_type="image/x-canon-cr2")
        read_all()
    stack = Stack.objects.get()
    assert (stack.kind, stack.photos.count()) == ("raw", 2)


def test_the_same_file_by_both_ways_is_one_photo(program: Program, owner: User, tmp_path: Path) -> None:
    content = jpeg(tmp_path, "a.jpg", "2022:07:01 12:00:00")
    by_page(program, "IMG_5.JPG", content)
    by_webdav(program, "IMG_5.JPG", content)
    by_page(program, "IMG_5 (1).JPG", content)
    assert Photo.objects.filter(owner=owner).count() == 1


# --- what an iPhone edited --------------------------------------------------------------------------------------------

NOON = "2022:07:01 12:00:00"


def by_folder(program: Program, name: str, content: bytes) -> None:
    """A folder in which the phone's files lie as it sent them, read again after each."""
    folder = settings.MIRAGE_DATA.parent / "from the phone"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    assert not folders.import_folder(program.user, folder).failures


def in_place(program: Program, name: str, content: bytes) -> None:
    folder = settings.MIRAGE_DATA.parent / "stays there"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    assert not folders.import_folder(program.user, folder, in_place=True).failures


@pytest.fixture
def edited_live_photo(tmp_path: Path) -> dict[str, bytes]:
    """A Live Photo and its edit, each with still and video, and what the phone notes about the edits."""
    video = clip(tmp_path)
    note = b'<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict/></plist>'
    return {
        "IMG_0005.JPG": jpeg(tmp_path, "a.jpg", NOON),
        "IMG_E0005.JPG": jpeg(tmp_path, "other.jpg", NOON),
        "IMG_0005.MOV": video,
        "IMG_E0005.MOV": video + b"\0\0\0\x08free",
        "IMG_0005.AAE": note,
        "IMG_O0005.AAE": note,
    }


@pytest.mark.parametrize(
    "ways",
    [[by_webdav], [by_page], [by_folder], [in_place], [by_webdav, by_page, by_folder]],
    ids=lambda ways: len(ways),
)
@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5), (5, 3, 2, 1, 0, 4), (1, 3, 4, 0, 2, 5), (2, 5, 0, 3, 1, 4)])
def test_an_edited_live_photo_is_one_stack_with_the_edit_on_top(
    program: Program, edited_live_photo: dict[str, bytes], ways: list[Way], order: tuple[int, ...]
) -> None:
    names = list(edited_live_photo)
    for number, place in enumerate(order):
        way = ways[number % len(ways)]
        if names[place].endswith(".AAE") and way is by_page:
            way = by_webdav  # the page leaves such files out
        way(program, names[place], edited_live_photo[names[place]])
        read_all()
    stack = Stack.objects.get()
    assert (stack.kind, stack.photos.count(), Photo.objects.count()) == ("live", 4, 4)
    assert stack.cover
    assert stack.cover.original_name == "IMG_E0005.JPG"
    assert [photo.original_name for photo in Photo.objects.as_tiles()] == ["IMG_E0005.JPG"]


def test_an_edit_that_is_sent_under_another_name_first(program: Program, tmp_path: Path) -> None:
    by_webdav(program, "IMG_0005.JPG", jpeg(tmp_path, "a.jpg", NOON))
    by_webdav(program, "IMG_E0005.JPG.part", jpeg(tmp_path, "other.jpg", NOON))
    by_webdav(program, "up-77.tmp", jpeg(tmp_path, "a third.jpg", NOON))
    read_all()
    program("MOVE", "Upload/up-77.tmp", Destination="/dav/Upload/IMG_E0005.HEIC")
    assert Stack.objects.get().photos.count() == 3


@pytest.mark.parametrize("way", [by_webdav, by_page, by_folder, in_place])
def test_a_number_that_came_again_is_another_photo(program: Program, tmp_path: Path, way: Way) -> None:
    way(program, "IMG_0005.JPG", jpeg(tmp_path, "a.jpg", "2022:07:03 18:00:00"))
    way(program, "IMG_E0005.JPG", jpeg(tmp_path, "other.jpg", NOON))
    read_all()
    assert not Stack.objects.exists()
