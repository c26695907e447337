"""Queries in other languages, word by word in English."""

import pytest

from vision.words import languages, query
from vision.words.languages import CODES, FILE, shipped


@pytest.mark.parametrize(
    ("typed", "english"),
    [
        ("Hund am Strand", "dog on beach"),
        ("zwei Kinder spielen im Schnee", "children playing in snow"),
        ("rotes Auto", "red car"),
        ("un chien sur la plage", "dog on beach"),
        ("coucher de soleil", "sunset"),
        ("l’église", "church"),
        ("gâteau d'anniversaire", "birthday cake"),
        ("cœur", "cœur"),
        ("perro en la playa", "dog in beach"),
        ("puesta de sol sobre el mar", "sunset on sea"),
        ("cane sulla spiaggia", "dog on beach"),
        ("tramonto", "sunset"),
        ("Straße", "street"),
        ("strasse", "street"),
        ("Boot am See", "boat on lake"),
        ("Pferd mit laptop", "horse with laptop"),
        ("Kind", "child"),
        ("Kind im Pool", "child in swimming pool"),
        ("chat noir", "cat black"),
        ("thé vert", "tea green"),
        ("château", "castle"),
        ("montaña", "mountain"),
    ],
)
def test_words_of_one_language_are_translated(typed: str, english: str) -> None:
    assert " ".join(query.in_english(typed.split())) == english


@pytest.mark.parametrize(
    "typed",
    [
        "dog on the beach",
        "red car",
        "a man in a hat",
        "okapi",
        "xqzzt",
        "Hund plage",
        "people at a table",
        "boot",
        "an old hut",
        "the village",
        "the pizza",
        "main street",
        "kind man",
        "grand piano",
        "chat with friends",
        "estate with a garden",
        "all pizza",
        "an animal in a museum",
        "eclair",
        "chateau",
        "",
    ],
)
def test_english_and_what_no_language_knows_stay(typed: str) -> None:
    assert query.in_english(typed.split()) == typed.split()


def test_each_line_has_all_languages_and_no_english_word_twice() -> None:
    lines = [line.split("|") for line in FILE.read_text().splitlines() if not line.startswith("#")]
    assert {len(line) for line in lines} == {1 + len(CODES)}
    assert all(all(cell.strip() for cell in line) for line in lines)
    english = [line[0] for line in lines]
    assert sorted(set(english)) == sorted(english)
    assert all(len(language.words) >= 300 for language in shipped())


def test_what_is_said_in_english_is_said_by_another_language_too() -> None:
    """Else the lists hold words that do nothing."""
    foreign = {word for language in shipped() for word in (*language.words, *language.between)}
    assert not (languages.ENGLISH_TOO | languages.ENGLISH_BESIDE) - foreign
    assert not languages.ENGLISH_TOO & languages.ENGLISH_BESIDE


def test_the_english_words_of_the_file_are_english() -> None:
    """Beside any of them, words that two languages share stay English."""
    assert {"museum", "village", "castle"} <= languages.english()
    for word in languages.english():
        assert query.in_english([word]) == [word]
        assert query.in_english(["main", word]) == ["main", word]


def test_the_longest_phrase_wins() -> None:
    german, french, *_ = shipped()
    assert french.translated(["sapin", "de", "noel"], lambda _: False) == (3, ["christmas", "tree"])
    assert german.translated(["hund", "nichts"], lambda _: False) == (0, [])
    assert languages.parts_of("l’Été") == ["l", "ete"]
