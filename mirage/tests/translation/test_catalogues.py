"""Catalogues follow the code, and lose nothing."""

from pathlib import Path

import pytest
from pytest_django import Settings

from mirage.translation import catalogues, compiling
from mirage.translation.catalogues import key_of, messages
from mirage.translation.marked import KEPT, Marked, together


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.LOCALE_PATHS = [tmp_path]
    return tmp_path


def follow(*texts: Marked, language: str = "pl") -> None:
    old = catalogues.read(language, "django")
    catalogues.write(catalogues.follow(old, together(list(texts)), language, "django"), language, "django")


def translate(text: str, *strings: str, context: str = "", language: str = "pl") -> None:
    book = catalogues.read(language, "django")
    message = book.get(text, context or None)
    assert message is not None
    message.string = strings if len(strings) > 1 else strings[0]
    catalogues.write(book, language, "django")


def translations(language: str = "pl") -> dict[tuple[str, str], list[str]]:
    return {key_of(each): catalogues.strings(each) for each in messages(catalogues.read(language, "django"))}


PHOTOS = Marked("%(number)s photo", "%(number)s photos", where={"b.py", "a.py"})
OPEN, VERB = Marked("Open", where={"a.py"}), Marked("Open", context="verb", notes=["button"])


def test_a_language_is_begun_with_its_own_plural_forms(folder: Path) -> None:
    follow(PHOTOS, OPEN, VERB)
    text = (folder / "pl/LC_MESSAGES/django.po").read_text()
    assert "nplurals=3;" in text
    assert "#: a.py b.py" in text
    assert translations() == {("", "%(number)s photo"): [""] * 3, ("", "Open"): [""], ("verb", "Open"): [""]}
    assert catalogues.begun() == ["pl"]


def test_what_is_translated_stays_while_the_code_changes() -> None:
    follow(PHOTOS, OPEN, VERB)
    translate("Open", "Otwarte")
    translate("Open", "Otwórz", context="verb")
    translate("%(number)s photo", "a", "b", "c")
    follow(PHOTOS, VERB, Marked("New"))
    assert translations() == {
        ("", "%(number)s photo"): ["a", "b", "c"],
        ("verb", "Open"): ["Otwórz"],
        ("", "New"): [""],
    }


def test_a_text_that_comes_back_has_its_translation_again() -> None:
    follow(OPEN)
    translate("Open", "Otwarte")
    follow(PHOTOS)
    assert ("", "Open") not in translations()
    follow(PHOTOS, OPEN)
    assert translations()["", "Open"] == ["Otwarte"]


def test_nothing_is_guessed() -> None:
    follow(Marked("Delete this photo"))
    translate("Delete this photo", "x")
    follow(Marked("Delete this photos"), Marked("Delete this photo", "Delete these photos", context="y"))
    assert not any(any(strings) for strings in translations().values())


def test_writing_again_changes_nothing(folder: Path) -> None:
    follow(PHOTOS, OPEN, VERB)
    before = (folder / "pl/LC_MESSAGES/django.po").read_bytes()
    follow(PHOTOS, OPEN, VERB)
    assert (folder / "pl/LC_MESSAGES/django.po").read_bytes() == before


def test_only_what_is_whole_is_compiled(monkeypatch: pytest.MonkeyPatch, folder: Path, settings: Settings) -> None:
    settings.BASE_DIR = folder
    follow(PHOTOS, OPEN, VERB, Marked("The file is damaged.", notes=[KEPT]))
    translate("%(number)s photo", "a", "", "c")
    translate("Open", "Otwórz", context="verb")
    compiling.compile_languages(["pl"])
    compiled = (folder / "pl/LC_MESSAGES/django.mo").read_bytes()
    assert b"verb\x04Open" in compiled
    assert b"%(number)s photo" not in compiled
    assert "The file is damaged." in compiling.kept_file().read_text()


def test_the_script_of_a_language() -> None:
    book = catalogues.empty("pl", "djangojs")
    book.add("Saved", "Zapisano")
    book.add(("%(number)s photo", "%(number)s photos"), ("a", "b", "c"))
    book.add("Open", "Otwórz", context="verb")
    book.add("Left")
    text = compiling.script(book)
    assert text.startswith('globalThis.mirageWords = { words: {\n"%(number)s photo": [\n"a",')
    assert '"verb\\u0004Open": "Otwórz"' in text or '"verb\x04Open": "Otwórz"' in text
    assert "Left" not in text
    assert "plural: (n) => Number((n==1 ?" in text
