"""Deleting for good: which files go with many photos, and how often the database is asked about them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from photos.models import Photo
from photos.storage import deletion, paths


def with_files(make_photo: Callable[..., Photo], number: int, **fields: Any) -> list[Photo]:
    """So many photos, each with a file in the library and one derived from it."""
    photos = [make_photo(**fields) for _ in range(number)]
    for photo in photos:
        for file in (paths.original_path(photo), paths.derived_folder(photo.sha256) / "small.webp"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"picture")
    return photos


def are_there(photo: Photo) -> tuple[bool, bool]:
    """Whether the original is there, and whether what was made from it is."""
    return paths.original_path(photo).exists(), paths.derived_folder(photo.sha256).exists()


@pytest.mark.django_db(transaction=True)
def test_all_files_of_many_photos_go(make_photo: Callable[..., Photo]) -> None:
    gone = with_files(make_photo, deletion.LOOKED_UP + 2)
    (stays,) = with_files(make_photo, 1)
    assert deletion.delete(Photo.objects.exclude(pk=stays.pk)) == len(gone)
    assert {are_there(photo) for photo in gone} == {(False, False)}
    assert are_there(stays) == (True, True)


@pytest.mark.django_db(transaction=True)
def test_what_another_owner_needs_stays_among_many(
    make_photo: Callable[..., Photo], owner: User, stranger: User
) -> None:
    gone = with_files(make_photo, 3)
    (theirs,) = with_files(make_photo, 1, owner=stranger, sha256=gone[1].sha256)
    deletion.delete(Photo.objects.filter(owner=owner))
    assert [are_there(photo) for photo in gone] == [(False, False), (False, True), (False, False)]
    assert are_there(theirs) == (True, True)


@pytest.mark.django_db(transaction=True)
def test_who_needs_the_files_is_asked_once_for_many(make_photo: Callable[..., Photo]) -> None:
    with_files(make_photo, deletion.LOOKED_UP)
    with CaptureQueriesContext(connection) as few:
        deletion.delete(Photo.objects.filter(pk=Photo.objects.order_by("pk")[0].pk))
    with CaptureQueriesContext(connection) as many:
        deletion.delete(Photo.objects.all())
    assert len(many) <= len(few) + 2
