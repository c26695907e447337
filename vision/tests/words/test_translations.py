"""Words of other languages for what can be seen."""

import pytest

from vision.coco import LABELS
from vision.words import translations, vocabulary

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


@pytest.mark.parametrize("code", CODES)
def test_all_that_is_recognised_has_a_name_and_is_understood_by_it(code: str) -> None:
    names = translations.names(code)
    assert set(names) == {*vocabulary.shipped().words, *LABELS}
    for english, name in names.items():
        assert name == name.strip() != ""
        assert name.lower() in translations.of(code), "typed in the search it must find something"
        assert translations.called(translations.meant(name.upper(), code), code) == name, english


def test_names_by_language() -> None:
    assert translations.called("dog", "de") == "Hund"
    assert translations.called("dog", "pt-br") == "cachorro"
    assert translations.called("dog", "zh-hans") == "狗"
    assert translations.called("dog", "en-gb") == translations.called("dog", "") == "dog"
    assert translations.called("a barbecue", "de") == "a barbecue", "what has no name stays English"
    assert translations.meant("vela", "es") == "sailing", "as pages say it, though it is a candle as well"
    assert translations.meant("welpe", "de") == "puppy"
    assert translations.meant("chat", "en") == "chat"
