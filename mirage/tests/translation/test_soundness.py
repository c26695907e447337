"""The catalogues: nothing untranslated, stale or unsound in the languages that are complete."""

from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from mirage.translation import catalogues, gathering, soundness
from mirage.translation.marked import BUTTON, Key, Marked, together

COMPLETE: tuple[str, ...] = ("de", "es", "fr", "it", "ja", "nl", "pl", "pt-br", "uk", "zh-hans")
INCOMPLETE = [language for language in catalogues.begun() if language not in COMPLETE]


@pytest.fixture(scope="module")
def everything() -> dict[str, dict[Key, Marked]]:
    return gathering.everything()


@pytest.mark.parametrize("language", COMPLETE)
def test_complete_and_sound(language: str, everything: dict[str, dict[Key, Marked]]) -> None:
    """If this fails after a change: run `manage.py words gather`, then translate what `words todo` lists."""
    assert list(soundness.faults(language, everything)) == []


@pytest.mark.parametrize("language", INCOMPLETE)
def test_what_is_translated_is_sound(language: str) -> None:
    assert list(soundness.unsound(language)) == []


def test_languages_have_a_catalogue_and_a_name() -> None:
    named = [code for code, _ in settings.LANGUAGES if code != "en"]
    assert sorted(named) == catalogues.begun()


def test_what_is_wrong_with_a_catalogue() -> None:
    book = catalogues.empty("de", "django")
    book.add("Old", "Alt")
    book.add("Delete", "Diese Fotos für immer löschen", auto_comments=[BUTTON])
    book.add("Open", "")
    book.add("%(count)s left", "%(count)s übrig", flags=["fuzzy"])
    texts = [Marked("Delete"), Marked("Open"), Marked("%(count)s left"), Marked("New")]
    wrong = list(soundness.of_catalogue(book, together(texts)))
    assert [line.split(":")[0] for line in wrong] == [
        *("stale, not in the code any more", "too long for a button", "untranslated", "untranslated"),
        "not in the catalogue; run words gather",
    ]


def test_the_command(tmp_path: Any, settings: Any, capsys: Any) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    call_command("words", "begin", "sv")
    assert "sv: " in capsys.readouterr().out
    with pytest.raises(CommandError, match="no catalogue of fi"):
        call_command("words", "todo", "fi")
    with pytest.raises(CommandError, match="Say which language"):
        call_command("words", "todo")
    call_command("words", "todo", "sv")
    listed = capsys.readouterr().out
    (tmp_path / "todo.jsonl").write_text(listed)
    (tmp_path / "answers.jsonl").write_text('{"text": "Language", "to": "Språk"}\n{"n": 0, "to": "x"}\n')
    call_command("words", "fill", "sv", str(tmp_path / "answers.jsonl"), todo=tmp_path / "todo.jsonl")
    told = capsys.readouterr()
    assert "1 taken, 1 refused." in told.out
    assert "line 2" in told.err
    with pytest.raises(CommandError, match="faults"):
        call_command("words", "check", "sv")
