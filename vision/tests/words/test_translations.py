"""Words of other languages for what can be seen."""

import pytest

from vision.words import translations

CODES = [path.stem for path in translations.HERE.glob("*.txt")]


def test_there_are_ten_languages() -> None:
    assert sorted(CODES) == ["de", "es", "fr", "it", "ja", "nl", "pl", "pt", "uk", "zh"]


@pytest.mark.parametrize("code", CODES)
def test_each_line_has_english_and_words_once(code: str) -> None:
    lines = (translations.HERE / f"{code}.txt").read_text(encoding="utf-8").splitlines()
    parts = [line.partition("|") for line in lines if not line.startswith("#")]
    assert all(english and bar and said for english, bar, said in parts)
    words = [word for _, _, said in parts for word in said.split(",")]
    assert sorted(set(words)) == sorted(words)
    assert all(word == word.strip() != "" for word in words)


@pytest.mark.parametrize(
    ("code", "said", "english"),
    [
        ("de", "Hund", "dog"),
        ("fr", "plage", "beach"),
        ("ja", "猫", "cat"),
        ("uk", "море", "sea"),
        ("nl", "hond", "dog"),
    ],
)
def test_a_word_in_english(code: str, said: str, english: str) -> None:
    assert translations.of(code)[said.lower()] == english
