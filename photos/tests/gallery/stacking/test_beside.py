"""Finding what lies beside a photo: by the names that files may have, without reading the owner's whole library."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from photos.gallery.stacking import live, phone_edits, stacks
from photos.gallery.stacking.beside import beside
from photos.models import Photo

Maker = Callable[..., Photo]


def test_names_numbers_and_capitals(make_photo: Maker, stranger: User) -> None:
    photo = make_photo(name="IMG_1.HEIC")
    found = [make_photo(name=name) for name in ("IMG_1.MOV", "IMG_1.mov", "IMG_1-3.MOV")]
    make_photo(name="IMG_1-4.MOV")
    make_photo(name="IMG_2.MOV")
    make_photo(path="anna/2024/06/IMG_1.MOV")
    make_photo(name="IMG_1.m4v", owner=stranger)
    assert list(beside(photo, ["IMG_1"], ["mov", "m4v"]).order_by("pk")) == found


def test_files_that_a_storage_template_calls_by_their_second(make_photo: Maker) -> None:
    photo = make_photo(name="IMG_1.CR2", path="anna/20240501_120000.CR2")
    other = make_photo(name="IMG_1.JPG", path="anna/20240501_120000-1.JPG")
    assert list(beside(photo, ["IMG_1"], ["jpg"])) == [other]
    assert list(beside(other, ["IMG_1"], ["cr2"])) == [photo]


def test_files_that_were_renamed_after_they_were_sent(make_photo: Maker, stranger: User) -> None:
    photo = make_photo(name="IMG_1.CR2", path="anna/2024/05/up-1.tmp", folder="Camera")
    other = make_photo(name="IMG_1.JPG", path="anna/2024/05/up-2.tmp", folder="Camera")
    make_photo(name="IMG_1.JPG", path="anna/2024/05/up-3.tmp", folder="Phone")
    make_photo(name="IMG_1.JPG", path="anna/2024/06/up-4.tmp", folder="Camera")
    make_photo(name="IMG_1.JPG", path="anna/2024/05/up-5.tmp", folder="Camera", owner=stranger)
    assert list(beside(photo, ["IMG_1"], ["jpg"])) == [other]
    assert list(beside(other, ["IMG_1"], ["cr2"])) == [photo]


def test_in_place_names_are_whole(make_photo: Maker) -> None:
    photo = make_photo(path="/disk/IMG_1.HEIC", in_place=True)
    other = make_photo(path="/disk/IMG_1.MOV", in_place=True)
    make_photo(path="/disk/IMG_1-1.MOV", in_place=True)
    assert list(beside(photo, ["IMG_1"], ["mov"])) == [other]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a small table as a whole, and knows when")
@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda photo: stacks.stack_raw(photo), "photo_path"),
        (lambda photo: stacks.stack_burst(photo), "photo_burst"),
        (lambda photo: live.by_name(photo), "photo_path"),
        (lambda photo: live.by_identifier(photo), "photo_live"),
        (lambda photo: phone_edits.join(photo), "photo_path"),
    ],
)
def test_no_library_is_read_for_one_photo(make_photo: Maker, ask: Callable[[Photo], object], index: str) -> None:
    photo = make_photo(name="IMG_1234.JPG", burst_id="B", live_id="L")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        ask(photo)
    first = next(query["sql"] for query in asked if '"photos_photo"' in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {first}")
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert index in plan, plan
    assert index != "photo_path" or "photo_name" in plan, plan
    assert "(owner_id=?)" not in plan, plan
