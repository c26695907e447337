"""The library as folders: what is in them, and names that stay."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import pytest

from accounts.models import User
from albums.models import Album, AlbumItem, Share
from dav.tests.conftest import Program, text_of
from people.models import Face, Person
from photos.editing.virtual_copies import make_copy
from photos.models import Photo
from photos.storage import moving, paths

Maker = Callable[..., Photo]


@pytest.fixture
def shown(make_photo: Maker) -> Photo:
    photo = make_photo(name="a.jpg", favourite=True)
    path = paths.original_path(photo)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"picture" * 100)
    Photo.objects.filter(pk=photo.pk).update(size=700)
    return photo


def test_the_top(program: Program, program_of: Any, owner: User) -> None:
    assert program.names() == ["Upload", "Photos", "Albums", "People", "Favourites"]
    sender = program_of(owner, "upload")
    assert sender.names() == ["Upload"]
    assert sender("PROPFIND", "Photos", Depth="0").status_code == 404


def test_by_month(program: Program, shown: Photo, make_photo: Maker) -> None:
    make_photo(name="b.jpg", taken=datetime(2023, 11, 1))
    assert program.names("Photos") == ["2023", "2024"]
    assert program.names("Photos/2024") == ["05"]
    assert program.names("Photos/2024/05") == ["a.jpg"]
    for path in ("Photos/1999", "Photos/2024/06", "Photos/2024/05/x.jpg", "Photos/2024/05/a.jpg/b", "Photos/x"):
        assert program("PROPFIND", path, Depth="1").status_code == 404, path


def test_a_photo_is_its_original(program: Program, shown: Photo) -> None:
    whole = program("GET", "Favourites/a.jpg")
    assert (whole.status_code, text_of(whole)) == (200, b"picture" * 100)
    part = program("GET", "Photos/2024/05/a.jpg", Range="bytes=0-6")
    assert (part.status_code, text_of(part)) == (206, b"picture")
    head = program("HEAD", "Favourites/a.jpg")
    assert (head.headers["Content-Length"], head.headers["ETag"]) == (
        "700",
        program.property("Favourites/a.jpg", "getetag"),
    )
    assert program("GET", "Favourites/a.jpg", If_None_Match=head.headers["ETag"]).status_code == 304
    assert program.property("Favourites/a.jpg", "getcontentlength") == "700"


def test_albums_with_those_of_others(program: Program, shown: Photo, owner: User, stranger: User) -> None:
    for user in (owner, stranger):
        album = Album.objects.create(owner=user, name="Lisbon / Tejo")
        AlbumItem.objects.create(album=album, photo=shown, position=1)
    assert len(program.names("Albums")) == 1
    Share.objects.create(owner=stranger, user=owner, album=album, role="viewer")
    first, second = map(unquote, program.names("Albums"))
    assert second == f"{first} ~{album.key[:6]}"
    assert program.names(f"Albums/{second}") == ["a.jpg"]
    smart = Album.objects.create(owner=owner, name="Best", kind="smart", query="is:favourite")
    assert program.names(f"Albums/{smart.name}") == ["a.jpg"]


def test_people_by_name(program: Program, shown: Photo, owner: User) -> None:
    box = {"x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}
    for name, hidden in (("Marta", False), ("", False), ("Nobody", True)):
        person = Person.objects.create(owner=owner, name=name, hidden=hidden)
        Face.objects.create(photo=shown, person=person, assignment="automatic", **box)
    assert program.names("People") == ["Marta"]
    assert program.names("People/Marta") == ["a.jpg"]


def test_names_stay_when_others_come_and_go(program: Program, make_photo: Maker) -> None:
    first = make_photo(name="IMG_1.jpg")
    second = make_photo(name="IMG_1.jpg")
    strange = make_photo(name="a/b\n.jpg")
    marked = f"IMG_1 ~{second.key[:6]}.jpg"
    before = [unquote(name) for name in program.names("Photos/2024/05")]
    assert before[:2] == ["IMG_1.jpg", marked]
    assert before[2].endswith(f" ~{strange.key[:6]}.jpg")
    Photo.objects.filter(pk=first.pk).trash()
    assert [unquote(name) for name in program.names("Photos/2024/05")] == before[1:]
    assert program("PROPFIND", "Photos/2024/05/IMG_1.jpg", Depth="0").status_code == 404
    for name in before[1:]:
        assert program("PROPFIND", f"Photos/2024/05/{name}", Depth="0").status_code == 207, name
    assert program("PROPFIND", f"Photos/2024/05/IMG_1 ~{first.key[:6]}.jpg", Depth="0").status_code == 404


def test_nothing_of_strangers_shows(program_of: Any, shown: Photo, stranger: User) -> None:
    theirs = program_of(stranger)
    assert (
        theirs.names("Photos") == theirs.names("Favourites") == theirs.names("Albums") == theirs.names("Upload") == []
    )
    for path in ("Photos/2024/05/a.jpg", "Favourites/a.jpg"):
        assert theirs("GET", path).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "MKCOL", "DELETE", "MOVE", "COPY", "PROPPATCH", "LOCK", "UNLOCK"])
def test_shelves_are_only_read(program: Program, shown: Photo, method: str) -> None:
    for path in ("Photos/2024/05/a.jpg", "Favourites/new.jpg", "Albums/New", "new.jpg"):
        answer = program(method, path, Destination="http://testserver/dav/Upload/x.jpg", Lock_Token="<x>")
        assert answer.status_code == 403, (path, answer.status_code)
    assert Photo.objects.present().count() == 1


def test_listing_a_folder_takes_as_many_queries_for_more_photos(
    program: Program, make_photo: Maker, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        make_photo(name="a.jpg")
    with django_assert_max_num_queries(14):
        assert len(program.names("Photos/2024/05")) == 30


def test_copies_are_listed_under_their_own_names_also_after_their_file_moved(
    program: Program, shown: Photo, owner: User
) -> None:
    sha256 = paths.sha256_of(paths.original_path(shown))
    Photo.objects.filter(pk=shown.pk).update(sha256=sha256)
    copies = [make_copy(Photo.objects.get(pk=shown.pk), owner) for _ in range(2)]
    expected = ["a.jpg", *(f"a ~{copy.key[:6]}.jpg" for copy in copies)]
    assert [unquote(name) for name in program.names("Photos/2024/05")] == expected
    assert moving.move(Photo.objects.get(pk=shown.pk), "anna/new/other.jpg")
    moving.finish(at_once=True)
    assert [unquote(name) for name in program.names("Photos/2024/05")] == expected
    for name in expected:
        assert text_of(program("GET", f"Photos/2024/05/{name}")) == b"picture" * 100
