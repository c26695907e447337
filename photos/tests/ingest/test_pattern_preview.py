"""What patterns would do, before they are saved and to photos that are in the library."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts import undoing
from accounts.models import User
from photos.ingest import in_use, pattern_preview
from photos.ingest.patterns import Rules
from photos.models import Photo, WatchedFolder
from photos.storage import deletion

Make = Callable[..., Path]
Kind = WatchedFolder.Kind


@pytest.fixture(params=[Kind.COPIED, Kind.IN_PLACE])
def folder(request: pytest.FixtureRequest, owner: User, tmp_path: Path, make_picture: Make) -> WatchedFolder:
    """Two photos, one of them in Raw, which have been read; and one of the same name from elsewhere."""
    make_picture("a.jpg", folder="Pictures")
    make_picture("b.jpg", folder="Pictures/Raw")
    folder = in_use.use(owner, tmp_path / "Pictures", request.param, watched=False, confined=False)
    claimed = in_use.take()
    assert claimed is not None
    in_use.read(claimed)
    Photo.objects.create(
        owner=owner, sha256="f" * 64, path="x/c.jpg", folder="Pictures/Raw", original_name="c.jpg", size=1,
        taken_local=Photo.objects.first().taken_local, taken_at=Photo.objects.first().taken_at,  # type: ignore[union-attr]
        file_modified_at=Photo.objects.first().file_modified_at,  # type: ignore[union-attr]
    )  # fmt: skip
    return folder


def test_a_preview_counts_and_names(folder: WatchedFolder) -> None:
    found = pattern_preview.preview(folder, Rules(Path(folder.path), "raw/"))
    assert (found.files, found.left_out, found.examples, found.more) == (2, 1, ["Raw/b.jpg"], False)
    nothing = pattern_preview.preview(folder, Rules(Path(folder.path)))
    assert (nothing.files, nothing.left_out, nothing.examples) == (2, 0, [])


def test_a_large_folder_is_looked_at_for_a_while_only(folder: WatchedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern_preview, "SECONDS", -1.0)
    assert pattern_preview.preview(folder, Rules(Path(folder.path), "raw/")).more


def test_what_is_here_already_is_only_what_comes_from_the_folder(folder: WatchedFolder) -> None:
    known = Photo.objects.get(original_name="b.jpg")
    assert pattern_preview.already_here(folder, Rules(Path(folder.path), "Raw/")) == [known.pk]
    assert pattern_preview.already_here(folder, Rules(Path(folder.path))) == []


def test_what_is_here_is_looked_for_for_a_while_only(folder: WatchedFolder) -> None:
    rules = Rules(Path(folder.path), "Raw/")
    assert len(pattern_preview.already_here(folder, rules, until=time.monotonic() + 60)) == 1
    assert pattern_preview.already_here(folder, rules, until=time.monotonic() - 1) == []


def test_files_are_looked_at_only_where_a_pattern_is_met(
    folder: WatchedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Path] = []

    def look(path: Path, _size: int) -> bool:
        looked.append(path)
        return True

    monkeypatch.setattr(pattern_preview, "has_size", look)
    pattern_preview.already_here(folder, Rules(Path(folder.path), "*.tif"))
    assert looked == []


def test_the_owner_moves_them_to_the_trash_and_back(folder: WatchedFolder, owner: User, settings: Settings) -> None:
    assert pattern_preview.leave_out(folder, owner) is None
    in_use.choose(folder, leave_out="Raw/", only="", read_only=False, read_at="")
    activity = pattern_preview.leave_out(folder, owner)
    assert activity is not None
    assert [photo.original_name for photo in Photo.objects.trashed()] == ["b.jpg"]
    assert (Path(folder.path) / "Raw/b.jpg").exists()
    undoing.undo(activity, owner)
    assert not Photo.objects.trashed().exists()


def test_what_was_left_out_is_still_on_the_disk_when_the_trash_is_emptied(folder: WatchedFolder, owner: User) -> None:
    """Immich #20372, #14995 and #14898: there, the files went with the trash."""
    in_use.choose(folder, leave_out="Raw/", only="", read_only=False, read_at="")
    assert pattern_preview.leave_out(folder, owner) is not None
    deletion.empty_trash(owner)
    assert not Photo.objects.filter(original_name="b.jpg").exists()
    assert (Path(folder.path) / "Raw/b.jpg").exists()
    claimed = in_use.take()
    assert claimed is not None
    report = in_use.read(claimed)
    assert report is not None
    assert report.added == 0  # and it does not come again
