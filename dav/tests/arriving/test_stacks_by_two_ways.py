"""Halves that arrive by different ways, WebDAV and the page of uploads, in any order, end as one stack."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from accounts.models import User
from dav.tests.arriving.test_ingesting import clip, jpeg, read_all
from dav.tests.conftest import Program
from photos.ingest import uploads
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
