"""What only looks: answers that programs and people get."""

from collections.abc import Callable, Iterator
from pathlib import Path

from accounts.models import User
from albums.models import Album, AlbumItem, Share
from dav import reading
from dav.tests.conftest import Program, text_of
from photos.models import Photo
from photos.storage import paths


def test_a_folder_in_a_browser(program: Program) -> None:
    answer = program("GET", "Upload/")
    assert (answer.status_code, b"WebDAV" in answer.content) == (200, True)


def test_with_and_without_the_last_slash(program: Program) -> None:
    program.base = "/dav"
    assert program("PROPFIND", Depth="0").status_code == 207
    assert program("PROPFIND", "/", Depth="0").status_code == 207
    assert program("PROPFIND", "/Upload", Depth="0").status_code == 207


def test_answers_come_in_pieces_worth_sending() -> None:
    def parts() -> Iterator[str]:
        yield from (["x" * 1000] * 100)

    pieces = list(reading.in_pieces(parts()))
    assert (len(pieces), sum(map(len, pieces))) == (6, 100_000)


def test_ranges_of_small_files(program: Program) -> None:
    program.put("Upload/a.txt", b"0123456789")
    part = program("GET", "Upload/a.txt", Range="bytes=-3")
    assert (part.status_code, part.content, part.headers["Content-Range"]) == (206, b"789", "bytes 7-9/10")
    assert program("GET", "Upload/a.txt", Range="bytes=10-").status_code == 416


def test_a_missing_original_is_not_found(program: Program, make_picture: Callable[..., Path]) -> None:
    program.put("Upload/a.jpg", make_picture())
    paths.original_path(Photo.objects.get()).unlink()
    assert program("GET", "Upload/a.jpg").status_code == 404
    assert text_of(program("PROPFIND", "Upload/a.jpg", Depth="0"))


def test_of_an_edited_photo_of_others_the_original_is_not_read(
    program: Program, program_of: Callable[..., Program], owner: User, stranger: User, make_picture: Callable[..., Path]
) -> None:
    program.put("Upload/a.jpg", make_picture())
    photo = Photo.objects.get()
    album = Album.objects.create(owner=owner, name="Lisbon")
    AlbumItem.objects.create(album=album, photo=photo, position=1)
    Share.objects.create(owner=owner, user=stranger, album=album, role="viewer")
    Photo.objects.update(displayable=True, picture_edit={"version": 1, "operations": [{"op": "exposure", "amount": 1}]})
    other = program_of(stranger)
    assert (other("GET", "Albums/Lisbon/a.jpg").status_code, program("GET", "Albums/Lisbon/a.jpg").status_code) == (
        403,
        200,
    )
    Photo.objects.update(picture_edit=None)
    assert other("GET", "Albums/Lisbon/a.jpg").status_code == 200
