"""Which languages the words of a search are read in."""

from collections.abc import Callable

import pytest

from search import hearing
from search.language.grammar import parse
from search.language.languages.tables import CODES, of
from search.language.languages.voices import Voice, voice_of
from search.language.spoken.known import Known, known_names
from search.language.spoken.reading import in_english, read, token_of
from search.language.tree import Word, conjuncts

KNOWN = known_names(["Anna", "Mia"], ["Chat"], [], {})


def said(text: str) -> list[Word]:
    return [node for node in conjuncts(parse(text).root) if isinstance(node, Word)]


def voice(text: str, language: str, known: Known = KNOWN) -> Voice:
    forms = [token_of(word).form for word in said(text)]
    return voice_of(forms, language, lambda form: hearing.is_name(form, known), hearing.is_english)


def english(text: str, language: str, known: Known = KNOWN) -> list[str]:
    return [word.said for word in in_english(said(text), known, voice(text, language, known))]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("letzten Sommer am Strand", ["de"]),
        ("coucher de soleil", ["fr"]),
        ("заходи сонця", ["uk"]),
        ("2024年夏の海", ["ja"]),
        ("dog on the beach", []),
        ("gift", []),
        ("art", []),
        ("chat", []),
        ("anna", []),
        ("annna", []),  # rather a mistake in her name
        ("xqzzt", []),
        ("Hund plage xqzzt", []),
    ],
)
def test_an_english_reader_is_read_in_another_language_where_only_that_has_all_words(
    text: str, codes: list[str]
) -> None:
    assert [table.code for table in voice(text, "en").tables] == codes


def test_words_of_the_readers_language_come_before_english_ones() -> None:
    assert english("gift", "de") == ["gift"]
    assert english("see", "de") == ["lake"]
    assert english("see", "en") == ["see"]
    assert english("pies", "pl") == ["dog"]
    assert english("the sea", "fr") == ["the", "sea"]  # thé is tea
    assert english("the sea", "fr-ca") == ["the", "sea"]


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("uk", "міст над водою", ["bridge", "над", "water"]),
        ("uk", "діти літа", ["children", "summer"]),
        ("uk", "синє небо", ["blue", "sky"]),
        ("pl", "z nartami", ["with", "skiing"]),
        ("de", "Jungs", ["boy"]),
    ],
)
def test_words_that_share_a_stem_are_read_within_a_sentence(language: str, text: str, words: list[str]) -> None:
    assert english(text, language) == words


@pytest.mark.parametrize(("language", "text"), [("pl", "przed świętami"), ("uk", "перед святами")])
def test_before_a_feast_is_no_place(language: str, text: str) -> None:
    assert "in front of" not in " ".join(english(text, language))


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("pl", "dzieci przed domem", "in front of a house"),
        ("pl", "dzieci przed budynkiem", "in front of a building"),
        ("uk", "діти перед хатою", "in front of a house"),
        ("uk", "діти перед будинком", "in front of a building"),
    ],
)
def test_in_front_of_a_house_is_a_place(language: str, text: str, place: str) -> None:
    assert english(text, language) == ["children", place]


def test_names_of_the_library_come_before_all_languages() -> None:
    assert english("chat", "fr") == ["chat"]
    assert english("chat", "fr", Known()) == ["cat"]
    assert english("mia", "it") == ["mia"]


def test_a_phrase_is_one_word() -> None:
    assert english("coucher de soleil sur la plage", "fr") == ["sunset", "on", "", "beach"]


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [("de", "Annas Hund", "Anna"), ("pl", "zdjęcia Anny", "Anna"), ("fr", "photos d'Anna", "Anna")],
)
def test_names_in_other_cases(language: str, text: str, name: str) -> None:
    heard = voice(text, language)
    units = read(in_english(said(text), KNOWN, heard), KNOWN, heard)
    assert name in [sense.label for unit in units for sense in unit.senses]


def test_an_english_sentence_keeps_its_small_words() -> None:
    assert english("favourite photos of mia", "nl") == ["favourite", "photos", "of", "mia"]


@pytest.mark.parametrize("code", CODES)
def test_each_word_of_a_table_is_spelled_as_it_is_written(code: str) -> None:
    spelled: Callable[[], dict[str, str]] = Voice(of(code)).spelled
    assert all(" " not in plain for plain in spelled())
    assert len(spelled()) > 50
