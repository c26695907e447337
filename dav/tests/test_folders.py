"""Folders below Upload: their rows, limits, and what changes with them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from dav import folders
from dav.access import entry_at
from dav.models import Entry
from dav.protocol.refusals import Refusal
from dav.tests.conftest import Program
from photos.models import Photo


def test_a_folder_is_found_in_one_query(owner: User, django_assert_num_queries: Any) -> None:
    for depth in range(1, 5):
        folders.make(owner, tuple("abcd"[:depth]))
    with django_assert_num_queries(1):
        found = entry_at(owner, tuple("abcd"))
    assert found
    assert found.name == "d"
    assert entry_at(owner, ("b",)) is None
    assert entry_at(owner, ("d",)) is None


def test_folders_of_others_are_others(owner: User, stranger: User) -> None:
    folders.make(owner, ("a",))
    folders.make(stranger, ("a",))
    with pytest.raises(Refusal):
        folders.make(owner, ("a",))
    with pytest.raises(Refusal):
        folders.existing(stranger, ("a", "b"))


def test_a_change_is_seen_from_above(program: Program, make_picture: Callable[..., Path]) -> None:
    program("MKCOL", "Upload/a")
    program("MKCOL", "Upload/a/b")

    def tags() -> list[str | None]:
        return [program.property(path, "getetag") for path in ("Upload", "Upload/a", "Upload/a/b")]

    before = tags()
    program.put("Upload/a/b/1.jpg", make_picture())
    assert all(old != new for old, new in zip(before, tags(), strict=True))


def test_all_below_level_by_level(owner: User) -> None:
    top = folders.make(owner, ("a",))
    folders.make(owner, ("a", "b"))
    folders.make(owner, ("a", "b", "c"))
    assert [entry.name for entry in folders.below(owner, top)] == ["b", "c"]
    folders.delete(owner, top)
    assert not Entry.objects.exists()


def test_too_much_is_not_copied(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MOST_COPIED", 1)
    top = folders.make(owner, ("a",))
    folders.make(owner, ("a", "b"))
    folders.make(owner, ("a", "c"))
    with pytest.raises(Refusal):
        folders.copy(owner, top, ("d",), overwrite=True, deep=True)
    assert entry_at(owner, ("d",)) is None


def test_moving_over_a_folder_moves_its_photos_to_the_trash(
    program: Program, make_picture: Callable[..., Path]
) -> None:
    program("MKCOL", "Upload/a")
    program("MKCOL", "Upload/b")
    program.put("Upload/b/1.jpg", make_picture())
    assert program("MOVE", "Upload/a", Destination="/dav/Upload/b").status_code == 204
    assert program.names("Upload") == ["b"]
    assert program.names("Upload/b") == []
    assert Photo.objects.trashed().count() == 1


def test_only_how_accents_are_encoded_changes(program: Program, make_picture: Callable[..., Path]) -> None:
    program.put("Upload/e%CC%81.jpg", make_picture())
    assert program("MOVE", "Upload/e%CC%81.jpg", Destination="/dav/Upload/%C3%A9.jpg").status_code == 201
    assert program.names("Upload") == ["%C3%A9.jpg"]
    assert Photo.objects.get().original_name == "\u00e9.jpg"
