"""Rows are copied from one database to another and back unchanged."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connections

from accounts.models import Activity, User
from operations import transfer
from photos.gallery.kept import cells, months
from photos.models import MapCell, MapNote, MonthNote, Photo, PhotoEdit, RawMetadata, Stack

pytestmark = pytest.mark.usefixtures("any_database")


@pytest.fixture
def photo(make_photo: Callable[..., Photo], owner: User) -> Photo:
    """A photo with all kinds of values: bytes, JSON, times, floats, text in all scripts, circular references."""
    photo = make_photo(thumbhash=b"\x00\xff\x10", latitude=-33.8567844, longitude=151.213108, title="Ёлка 🎄 “naïve”")
    photo.stack = Stack.objects.create(owner=owner, cover=photo)
    photo.save()
    RawMetadata.objects.create(photo=photo, tags={"b": [1, None, 0.1], "a": {"ü": "x"}}, fields={})
    PhotoEdit.objects.create(photo=photo, field="title", value=None, by=owner)
    Activity.objects.create(owner=owner, verb="named", detail={"from": "", "to": "Ann"})
    return photo


def test_a_snapshot_holds_the_same_rows(photo: Photo, tmp_path: Path) -> None:
    transfer.snapshot(tmp_path / "snapshot.sqlite3")
    with transfer.opened(tmp_path / "snapshot.sqlite3") as alias:
        assert transfer.compared("default", alias)[1] == {}
        assert Photo.objects.using(alias).get().thumbhash == b"\x00\xff\x10"


def test_a_changed_row_is_a_difference(photo: Photo, tmp_path: Path) -> None:
    transfer.snapshot(tmp_path / "snapshot.sqlite3")
    Photo.objects.update(rating=5)
    with transfer.opened(tmp_path / "snapshot.sqlite3") as alias:
        assert set(transfer.compared("default", alias)[1]) == {"photos_photo"}


def test_rows_are_restored_and_new_ones_get_new_ids(
    photo: Photo, make_photo: Callable[..., Photo], tmp_path: Path
) -> None:
    transfer.snapshot(tmp_path / "snapshot.sqlite3")
    edited_at = PhotoEdit.objects.get().at
    Photo.objects.all().delete()
    with transfer.opened(tmp_path / "snapshot.sqlite3") as alias:
        transfer.copy_rows(alias, "default")
        assert transfer.compared("default", alias)[1] == {}
    assert PhotoEdit.objects.get().at == edited_at
    assert make_photo().pk > photo.pk


def test_a_failed_copy_changes_nothing(photo: Photo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transfer.snapshot(tmp_path / "snapshot.sqlite3")

    def fail(*_args: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(transfer, "restart_sequences", fail)
    with transfer.opened(tmp_path / "snapshot.sqlite3") as alias, pytest.raises(OSError):
        transfer.copy_rows(alias, "default")
    assert Photo.objects.count() == 1
    assert list(connections) == ["default"]


def test_kept_counts_are_made_anew_and_not_copied(
    owner: User, make_photo: Callable[..., Photo], tmp_path: Path
) -> None:
    """They would be copied without the notes that say what is wrong with them."""
    make_photo(taken=datetime(2024, 5, 1), latitude=38.7, longitude=-9.1)
    trashed = make_photo(taken=datetime(2023, 1, 1), latitude=-17.7, longitude=178.0)
    months.catch_up()
    cells.catch_up()
    Photo.objects.filter(pk=trashed.pk).trash()  # is noted, and not counted yet
    transfer.migrate(tmp_path / "copy.sqlite3")
    with transfer.opened(tmp_path / "copy.sqlite3") as alias:
        transfer.copy_rows("default", alias)
        MonthNote.objects.all().delete()
        MapNote.objects.all().delete()
        transfer.copy_rows(alias, "default")
        assert transfer.compared("default", alias)[1] == {}
    months.catch_up()
    cells.catch_up()
    assert months.counts([owner.pk], "timeline") == [(202405, 1)]
    assert set(MapCell.objects.values_list("level", "count")) == {(cells.FINE, 1), (cells.COARSE, 1)}
    assert MapCell.objects.count() == 2
