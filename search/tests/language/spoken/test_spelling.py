"""The same word written otherwise, and typing mistakes."""

import pytest

from search.language.spoken.spelling import meant, otherwise

KNOWN = {"beach": 0, "marie": 0, "lisbon": 1, "ben": 0, "bench": 1}


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("colour", {"color"}), ("gray", {"grey"}), ("theater", {"theatre"}), ("beaches", {"beach"}),
        ("babies", {"baby"}), ("baby", {"babies"}), ("child", {"children", "kid"}), ("dogs", {"dog"}),
    ],
)  # fmt: skip
def test_the_same_word_otherwise(word: str, others: set[str]) -> None:
    assert others <= set(otherwise(word))
    assert word not in otherwise(word)


@pytest.mark.parametrize("word", ["dog", "bus", "glass", "tennis", "x", ""])
def test_what_is_written_one_way(word: str) -> None:
    assert otherwise(word) == ()


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("baech", "beach"),  # changed places
        ("beahc", "beach"),
        ("beac", "beach"),  # a letter less
        ("beeach", "beach"),  # one more
        ("beadh", "beach"),  # another
        ("lisbom", "lisbon"),
        ("bne", "ben"),  # three letters: only changed places
        ("bem", ""),
        ("baehc", ""),  # two mistakes
        ("peach", ""),  # the first letter is seldom wrong
        ("b3ach", ""),
        ("be", ""),
        ("", ""),
    ],
)
def test_one_mistake_is_forgiven(typed: str, word: str) -> None:
    assert meant(typed, KNOWN) == word


def test_a_name_may_lack_its_first_letter() -> None:
    assert meant("arie", {"marie": 0}) == ""
    assert meant("arie", {"marie": 0}, any_first=True) == "marie"
