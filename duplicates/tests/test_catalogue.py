"""Duplicates in the exported catalogue."""

from accounts.models import User
from duplicates import resolving
from duplicates.models import DuplicateGroup
from photos import catalogue
from photos.models import Photo, PhotoFile

Pair = tuple[Photo, Photo, DuplicateGroup]


def test_export_names_duplicates_copies_and_stacks(owner: User, pair: Pair) -> None:
    best, copy, group = pair
    PhotoFile.objects.create(photo=best, kind="copy", path="/backup/a.jpg", in_place=True, sha256="1" * 64, size=1)
    lines = {line["id"]: line for line in catalogue.export(Photo.objects.all())}
    assert lines[best.key]["duplicates"] == [{"group": group.key, "kind": "same", "role": "best"}]
    assert lines[copy.key]["duplicates"] == [{"group": group.key, "kind": "same", "role": "copy"}]
    assert (lines[best.key]["copies"], lines[copy.key]["copies"]) == (["/backup/a.jpg"], [])
    resolving.stack(owner, group, owner)
    lines = {line["id"]: line for line in catalogue.export(Photo.objects.all())}
    assert [lines[photo.key]["stack"]["cover"] for photo in (best, copy)] == [True, False]


def test_export_leaves_out_photos_that_are_decided_to_be_different(owner: User, pair: Pair) -> None:
    resolving.keep_all(owner, pair[2], owner)
    assert all(line["duplicates"] == [] for line in catalogue.export(Photo.objects.all()))
