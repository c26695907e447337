"""A search asks for so much and no more, and is told where it becomes too much."""

import pytest

from search.language.bounds import MOST_LETTERS, MOST_PARTS, MOST_WORDS
from search.language.grammar import Mistake, parse


@pytest.mark.parametrize("text", ["ab", "ab OR", "-ab", "iso:1,", '"a"', "東"])
def test_as_many_parts_as_may_be(text: str) -> None:
    many = " ".join([text] * MOST_PARTS).removesuffix(" OR")
    assert parse(many if text != "iso:1," else "iso:" + ",".join(["1"] * MOST_PARTS)).root


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("ab " * (MOST_PARTS + 1), 3 * MOST_PARTS),
        ("ab " * 666, 3 * MOST_PARTS),
        ("iso:" + ",".join(["1"] * (MOST_PARTS + 1)), len("iso:") + 2 * MOST_PARTS),
        ("(ab OR -ab) " * (MOST_PARTS // 2) + "tag:b", 12 * (MOST_PARTS // 2) + len("tag:")),
    ],
)
def test_one_part_more_is_pointed_at(text: str, start: int) -> None:
    with pytest.raises(Mistake, match=f"at most {MOST_PARTS} words and values") as told:
        parse(text)
    assert told.value.start == start


@pytest.mark.parametrize("text", ["東京" * 501, f'"{"a " * 999}"', "ﷺ" * 500])
def test_words_without_spaces_are_counted_too(text: str) -> None:
    if text.startswith('"'):
        assert parse(text).root
    else:
        with pytest.raises(Mistake, match=f"at most {MOST_WORDS:,} words"):
            parse(text)


@pytest.mark.parametrize("text", ["a ", "title:a ", "-ä ", "new-y "])
def test_single_letters_are_fewer(text: str) -> None:
    assert parse(text * MOST_LETTERS).root
    with pytest.raises(Mistake, match=f"at most {MOST_LETTERS} single letters"):
        parse(text * (MOST_LETTERS + 1))
