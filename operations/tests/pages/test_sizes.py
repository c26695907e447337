"""The parts of the installation: their bytes, and their words in the language of whoever looks, also from the cache."""

from pathlib import Path

import pytest
from django.utils.translation import gettext, override

from operations.pages import sizes


def test_bytes_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/c").write_bytes(bytes(10))
    (tmp_path / "d").write_bytes(bytes(5))
    assert sizes.below(tmp_path) == 15
    assert sizes.below(tmp_path / "absent") == 0


def test_what_is_too_much_to_measure_is_estimated(library: Path) -> None:
    for name in ("ab", "cd"):
        (library / "derived" / name).mkdir(parents=True)
        (library / "derived" / name / "small.webp").write_bytes(bytes(100))
    assert sizes.derived_bytes(60) == (200, False)
    assert sizes.derived_bytes(-1) == (0, True)


def test_remembered_words_are_still_translated(db: None, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes.parts()
    monkeypatch.setattr("django.utils.translation._trans.gettext", str.upper)
    assert gettext("it works") == "IT WORKS"
    assert "DATABASE" in [str(part.title) for part in sizes.parts()]


def test_the_disk_is_measured_once_for_all_languages(db: None, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with override("de"):
        german = [str(part.title) for part in sizes.parts()]
    monkeypatch.setattr(sizes, "measure", lambda: pytest.fail("it was measured again"))
    with override("fr"):
        french = [str(part.title) for part in sizes.parts()]
    assert len(german) == len(french)
    assert german[3] == "Datenbank"
    assert german[3] != french[3]
