"""What is at a path, and how it looks from outside."""

from collections.abc import Callable
from pathlib import Path

from dav.models import Entry
from dav.tests.conftest import Program
from photos.models import Photo


def test_folders_keep_their_tags_and_numbers(program: Program, make_photo: Callable[..., Photo]) -> None:
    make_photo()
    for path in ("", "Photos", "Photos/2024", "Favourites"):
        first, second = (program.property(path, "getetag") for _ in range(2))
        assert first == second
        assert first


def test_types(program: Program, make_picture: Callable[..., Path]) -> None:
    program.put("Upload/a.jpg", make_picture())
    program.put("Upload/a.txt", b"words")
    assert program.property("Upload/a.jpg", "getcontenttype") == "image/jpeg"
    assert program.property("Upload/a.txt", "getcontenttype") == "application/octet-stream"
    assert program.property("Upload", "getcontentlength") is None


def test_tags_tell_contents_apart(program: Program, make_picture: Callable[..., Path]) -> None:
    one, other = make_picture(), make_picture()
    tags = [program.put(f"Upload/{name}", one).headers["ETag"] for name in ("a.jpg", "b.jpg")]
    assert tags[0] == tags[1]
    assert program.put("Upload/a.jpg", other).headers["ETag"] != tags[0]
    assert len(tags[0]) == 34


def test_a_file_without_content_is_an_empty_file(program: Program) -> None:
    program.put("Upload/empty.jpg", b"")
    assert program.property("Upload/empty.jpg", "getcontentlength") == "0"
    got = program("GET", "Upload/empty.jpg")
    assert (got.status_code, got.content) == (200, b"")
    assert Entry.objects.get().photo is None
