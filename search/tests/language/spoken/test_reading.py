"""Plain words as units: names, dates and kinds, small words, or, without, only and alone."""

import pytest

from search.language.grammar import parse
from search.language.spoken.known import known_names, place_senses
from search.language.spoken.reading import read
from search.language.spoken.senses import Unit
from search.language.tree import Word, conjuncts

PLACES = place_senses([("Paris", "Île-de-France", "France"), ("New York City", "New York", "United States")])
KNOWN = known_names(
    ["Anna Lee", "Ben", "April"], ["Japan 2023", "Our wedding", "Summer in Paris"], ["travel/beach"], PLACES
)


def units(text: str) -> list[Unit]:
    words = [node for node in conjuncts(parse(text).root) if isinstance(node, Word)]
    return [unit for unit in read(words, KNOWN) if unit.words]


def told(text: str) -> list[str]:
    """The labels of the units, with their kinds; plain words in lower case as they are."""
    return [" ".join([unit.label, *dict.fromkeys(sense.kind for sense in unit.senses)]) for unit in units(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("anna paris", ["Anna person", "Paris place"]),
        ("Anna's photos in Paris", ["Anna person", "Paris place"]),
        ("show me all pictures of my dog", ["dog"]),
        ("anna lee and ben at the lake", ["Anna Lee person", "Ben person", "lake"]),
        ("france", ["France place"]),
        ("new york", ["New York place"]),
        ("nyc", ["New York City place"]),
        ("usa", ["United States place"]),
        ("near paris", ["Near Paris place"]),
        ("near new york city", ["Near New York City place"]),
        ("near new york", ["New York place"]),
        ("near france", ["France place"]),
        ("trip to paris", ["Paris place"]),
        ("beach", ["beach tag"]),
        ("our wedding", ["Our wedding album"]),
        ("wedding", ["Our wedding album"]),
        ("summer in paris", ["Summer in Paris album"]),
        ("april", ["April person date"]),
        ("april 2024", ["April 2024 date"]),
        ("last summer", ["Last summer date"]),
        ("photos from two years ago", ["Two years ago date"]),
        ("the 90s", ["90s date"]),
        ("from 2025 to yesterday", ["From 2025 to yesterday date"]),
        ("between 2025 and today", ["Between 2025 and today date"]),
        ("9876-1234", ["9876-1234"]),
        ("12", ["12"]),
        ("4711", ["4711"]),
        ("mar", ["mar"]),
        ("mar 2024", ["Mar 2024 date"]),
        ("videos", ["Videos kind"]),
        ("receipts", ["Receipts kind"]),
        ("blurry photos", ["Blurred kind"]),
        ("memes from 2023", ["Memes kind", "2023 date"]),
        ("photos without tags", ["Untagged kind"]),
        ("live photos", ["Live photos kind"]),
        ("live", ["live"]),
        ("photos", ["Photos kind"]),
        ("of the", ["of", "the"]),
        ("ben without anna", ["Ben person", "without Anna person"]),
        ("anna or ben", ["Anna or Ben person"]),
        ("dogs or cats at home", ["dogs or cats", "home"]),
        ("anna alone", ["Only Anna person"]),
        ("only ben", ["Only Ben person"]),
        ("home alone", ["home", "alone"]),
        ("without", ["without"]),
        ("dog or", ["dog", "or"]),
        ('"anna" paris', ['"anna"', "Paris place"]),
        ('"anna lee"', ['"anna lee"']),
        ("anna, ben", ["Anna person", "Ben person"]),
    ],
)
def test_what_words_are_read_as(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_a_date_with_a_name_in_it_is_read_both_ways() -> None:
    [unit] = units("april 2024")
    assert [inner.label for inner in unit.inner] == ["April", "2024"]
    assert [[sense.kind for sense in inner.senses] for inner in unit.inner] == [["person", "date"], ["date"]]
    [plain] = units("january 2024")
    assert plain.inner == ()


def test_a_kind_is_not_taken_apart() -> None:
    known = known_names([], [], ["place"], {})
    [unit] = [unit for unit in read([Word("without"), Word("place")], known) if unit.words]
    assert [sense.kind for sense in unit.senses] == ["kind"]
    assert unit.inner == ()


def test_small_words_belong_to_what_follows() -> None:
    anna, lake = units("photos of anna at the lake")
    assert [word.text for word in anna.before] == ["photos", "of"]
    assert [word.text for word in lake.all_words] == ["at", "the", "lake"]


def test_every_word_is_kept_somewhere() -> None:
    for text in (
        "photos of anna or ben without videos in march 2024",
        "anna alone or only ben",
        "or or or",
    ):
        words = text.split()
        told_words = [word.text for unit in units(text) for word in unit.all_words]
        assert sorted(told_words) == sorted(words), text
