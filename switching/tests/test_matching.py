"""Finding photos by content, path, name and size, or name and time, and not at all where two would fit."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from accounts.models import User
from photos.ingest import intake
from photos.models import Photo
from switching.matching import Finder, fill_sums
from switching.stream import Asset
from switching.tests.conftest import sha1_of

pytestmark = pytest.mark.django_db
Make = Callable[..., Photo]


def found(owner: User, **asset: object) -> tuple[int, str] | None:
    return Finder(owner).find(Asset(key="1", **{"name": "", **asset}))


def test_content_comes_first(owner: User, make_photo: Make) -> None:
    same = make_photo(name="other.jpg", sha1=sha1_of("x"))
    make_photo(name="a.jpg", path="/photos/2024/a.jpg")
    assert found(owner, name="a.jpg", path="/photos/2024/a.jpg", sha1=sha1_of("x")) == (same.pk, "content")


def test_a_path_is_found_by_its_last_folders(owner: User, make_photo: Make) -> None:
    one = make_photo(name="a.jpg", path="/mnt/disk/Photos/2023/Rome/a.jpg", in_place=True)
    make_photo(name="a.jpg", path="/mnt/disk/Photos/2024/Rome/a.jpg", in_place=True)
    assert found(owner, name="a.jpg", path="/import/2023/rome/A.JPG") == (one.pk, "path")
    assert found(owner, name="a.jpg", path="C:\\Pictures\\2023\\Rome\\a.jpg") == (one.pk, "path")
    assert found(owner, name="a.jpg", path="/import/Rome/a.jpg") is None  # both fit as well
    assert found(owner, name="a.jpg", path="/a.jpg") is None


def test_another_size_needs_more_folders(owner: User, make_photo: Make) -> None:
    one = make_photo(name="a.jpg", path="/Photos/Rome/a.jpg", size=1000)
    assert found(owner, path="/else/Rome/a.jpg", size=1000) == (one.pk, "path")
    assert found(owner, path="/else/Rome/a.jpg", size=999) is None
    assert found(owner, path="/x/Photos/Rome/a.jpg", size=999) == (one.pk, "path")


def test_a_copied_photo_is_found_by_the_folder_that_it_came_from(owner: User, make_photo: Make) -> None:
    rome = make_photo(name="a.jpg", path="anna/2024/05/a.jpg", folder="Pictures/2023/Rome", size=1000)
    make_photo(name="a.jpg", path="anna/2024/05/a-1.jpg", folder="Pictures/2024/Rome", size=1000)
    assert found(owner, path="C:/Users/Anna/Pictures/2023/Rome/a.jpg", size=999) == (rome.pk, "path")
    assert found(owner, path="/else/Rome/a.jpg") is None


def test_name_and_size_or_time_must_be_unique(owner: User, make_photo: Make) -> None:
    one = make_photo(name="IMG_1.jpg", path="anna/2024/05/IMG_1-2.jpg", size=5, taken=datetime(2024, 1, 1, 1, 1, 1))
    make_photo(name="IMG_1.jpg", size=6, taken=datetime(2024, 1, 1, 1, 1, 2))
    assert found(owner, name="img_1.JPG", size=5) == (one.pk, "name and size")
    assert found(owner, name="IMG_1.jpg", taken=datetime(2024, 1, 1, 1, 1, 1, 500)) == (one.pk, "name and time")
    assert found(owner, name="IMG_1.jpg", size=7) is None
    make_photo(name="IMG_1.jpg", size=5)
    assert found(owner, name="IMG_1.jpg", size=5) is None


def test_the_photos_of_others_are_not_found(owner: User, stranger: User, make_photo: Make) -> None:
    make_photo(name="a.jpg", sha1=sha1_of("a"), owner=stranger)
    assert found(owner, name="a.jpg", sha1=sha1_of("a"), size=1000) is None


def test_sums_are_kept_at_import_and_filled_in_where_they_are_missing(
    owner: User, make_picture: Callable[..., Path]
) -> None:
    path = make_picture("a.jpg")
    photo = intake.ingest(owner, path).photo
    kept = photo.sha1
    assert len(kept) == 40
    Photo.objects.update(sha1="")
    progress: list[tuple[int, int]] = []
    assert fill_sums(owner, lambda done, total: progress.append((done, total))) == 0
    photo.refresh_from_db()
    assert (photo.sha1, progress) == (kept, [(1, 1)])


def test_a_missing_file_has_no_sum(owner: User, make_photo: Make) -> None:
    photo = make_photo(name="gone.jpg")
    assert fill_sums(owner) == 1
    photo.refresh_from_db()
    assert photo.sha1 == ""


def test_a_name_without_an_extension_finds_the_picture_of_its_folder(owner: User, make_photo: Make) -> None:
    make_photo(name="IMG_1.mov", path="anna/2024/05/IMG_1.mov", kind="video")
    make_photo(name="IMG_1.nef", path="anna/2024/05/IMG_1.nef")
    one = make_photo(name="IMG_1.heic", path="anna/2024/05/IMG_1.heic", taken=datetime(2024, 5, 1))
    other = make_photo(name="IMG_1.jpg", path="anna/2023/01/IMG_1.jpg")
    stem = {"any_extension": True, "name": "IMG_1"}
    assert found(owner, path="2024/05/IMG_1", **stem) == (one.pk, "path")
    assert found(owner, path="2023/01/img_1", **stem) == (other.pk, "path")
    assert found(owner, path="IMG_1", **stem) is None
    assert found(owner, path="x/20240501_ABCD", taken=datetime(2024, 5, 1), **stem) == (one.pk, "name and time")
    make_photo(name="IMG_1.heic", path="anna/else/05/IMG_1.heic")
    assert found(owner, path="05/IMG_1", **stem) is None  # two folders fit as well
