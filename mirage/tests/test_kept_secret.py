from pathlib import Path

import pytest

from mirage.env import BadEnvironment, kept_secret


def test_a_secret_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "data" / "secret_key"
    made = kept_secret(file)
    assert len(made) >= 50
    assert kept_secret(file) == made
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_says_which_variable_names_an_unusable_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadEnvironment, match=r"MIRAGE_DATA=.*: expected a writable folder \(Not a directory\)"):
        kept_secret(tmp_path / "file" / "data" / "secret_key")


def test_two_simultaneous_starts_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret_key"

    def link_too_late(_source: str, target: Path) -> None:
        target.write_text("theirs")
        raise FileExistsError(target)

    monkeypatch.setattr("os.link", link_too_late)
    assert kept_secret(file) == "theirs"
