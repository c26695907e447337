"""Words that are typed as one, cut into dates, names and words."""

import time

import pytest

from search.language.languages.cutting import apart
from search.language.languages.tables import of
from search.language.tree import Word

NAMES = {"安娜", "東京", "d'angelo"}


def cut(code: str, text: str, *, exact: bool = False) -> list[str]:
    word = Word(text, exact, 0, len(text))
    return [one.text for one in apart([word], [of(code)], lambda said: said.lower() in NAMES)]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("ja", "2024年夏の海", ["2024年夏", "の", "海"]),
        ("ja", "猫2024年", ["猫", "2024年"]),
        ("ja", "パリの夕日", ["パリ", "の", "夕日"]),  # Paris is no word of the table
        ("ja", "東京の犬", ["東京", "の", "犬"]),
        ("ja", "さくらんぼう", ["さくらんぼう"]),  # not cherry trees in bloom, and something else
        ("zh", "去年夏天的海滩", ["去年", "夏天", "的", "海滩"]),
        ("zh", "安娜2024年", ["安娜", "2024年"]),
        ("zh", "安娜和狗", ["安娜", "和", "狗"]),
        ("fr", "l'église", ["l'", "église"]),
        ("fr", "d’Anna", ["d’", "Anna"]),
        ("fr", "d'Angelo", ["d'Angelo"]),
        ("de", "l'église", ["l'église"]),
        ("de", "猫", ["猫"]),
    ],
)
def test_words_are_cut(code: str, text: str, expected: list[str]) -> None:
    assert cut(code, text) == expected


def test_the_pieces_know_where_they_stand() -> None:
    word = Word("2024年夏の海", False, 5, 13)
    pieces = apart([word], [of("ja")], lambda said: False)
    assert [(one.start, one.end) for one in pieces] == [(5, 11), (11, 12), (12, 13)]


def test_what_is_quoted_stays_whole() -> None:
    assert cut("ja", "2024年夏の海", exact=True) == ["2024年夏の海"]


def test_long_texts_are_cut_at_once_or_not_at_all() -> None:
    assert cut("ja", "年月日" * 30) == ["年月日" * 30]
    before = time.perf_counter()
    apart([Word("年月日" * 20, False, 0, 60)] * 33, [of("ja"), of("zh")], lambda said: False)
    assert time.perf_counter() - before < 2
