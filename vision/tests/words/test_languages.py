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


def test_the_longest_phrase_wins() -> None:
    german, french, *_ = shipped()
    assert french.translated(["sapin", "de", "noel"], lambda _: False) == (3, ["christmas", "tree"])
    assert german.translated(["hund", "nichts"], lambda _: False) == (0, [])
    assert languages.parts_of("l’Été") == ["l", "ete"]
