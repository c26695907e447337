"""What is found on this machine, and what may be chosen."""

from pathlib import Path
from typing import Any

import pytest

from switching import looking


@pytest.fixture
def allowed(tmp_path: Path, settings: Any) -> Path:
    settings.MIRAGE_DATA = tmp_path / "allowed" / "mirage"
    settings.MIRAGE_FOLDERS = [str(tmp_path / "allowed")]
    (tmp_path / "allowed" / "mirage").mkdir(parents=True)
    return tmp_path / "allowed"


def test_libraries_are_found_by_their_names(allowed: Path) -> None:
    for name in ("a/b/digikam4.db", "backups/immich-db-backup-1.sql.gz", "x/My.lrcat", "notes.txt"):
        (allowed / name).parent.mkdir(parents=True, exist_ok=True)
        (allowed / name).touch()
    (allowed / "Pictures/Mine.photoslibrary/database").mkdir(parents=True)
    found = {(candidate.program, candidate.path.name) for candidate in looking.candidates()}
    assert found == {
        ("digikam", "digikam4.db"), ("immich", "immich-db-backup-1.sql.gz"), ("lightroom", "My.lrcat"),
        ("apple", "Mine.photoslibrary"),
    }  # fmt: skip


def test_hidden_folders_links_and_our_own_are_not_entered(allowed: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    for folder in (allowed / ".hidden", allowed / "mirage", tmp_path / "out"):
        folder.mkdir(exist_ok=True)
        (folder / "digikam4.db").touch()
    (allowed / "link").symlink_to(tmp_path / "out")
    assert looking.candidates() == []


def test_only_what_is_there_and_allowed_may_be_chosen(allowed: Path, tmp_path: Path) -> None:
    (allowed / "digikam4.db").touch()
    assert looking.chosen(str(allowed / "digikam4.db")) == allowed / "digikam4.db"
    for wrong in ("digikam4.db", str(allowed / "none.db"), str(tmp_path), f"{allowed}/../x", "/etc/passwd", "\0/x"):
        assert looking.chosen(wrong) is None
