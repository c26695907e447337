"""The examples of the search's help are read as what they stand for."""

import pytest

from search.language.languages.examples import by_language, examples
from search.language.languages.tables import CALLED
from search.language.tree import Word
from search.results.lasting import reading


def test_each_language_has_its_own() -> None:
    assert set(by_language()) == set(CALLED)
    assert examples("pt-br")[0] == "verão passado"
    assert examples("sv") == examples("en")


@pytest.mark.parametrize("code", [code for code in CALLED if code != "en"])
def test_each_example_says_the_same_as_the_english(code: str) -> None:
    pairs = list(zip(examples(code), examples("en"), strict=True))
    for said, english in pairs[1:] if code in ("ja", "zh") else pairs:  # theirs says last month
        meant = reading([Word(word) for word in said.split()], code)
        wanted = reading([Word(word) for word in english.split()], "en")
        assert {sense for senses, _, _ in meant for sense in senses} == {s for senses, _, _ in wanted for s in senses}
        if not any(senses for senses, _, _ in wanted):
            found = {word for _, words, _ in meant for word in words.split()}
            assert {word for _, words, _ in wanted for word in words.removesuffix("s").split()} & found, (said, meant)
