"""Words people use, and the names of things that they stand for."""

import tomllib

import pytest

from photos.gallery import labels
from vision.coco import LABELS


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("dog", {"dog"}),
        ("Puppies", {"dog"}),
        ("hot-dog", {"hot dog"}),
        ("men", {"person"}),
        ("children", {"person"}),
        ("knives", {"knife"}),
        ("sofas", {"couch"}),
        ("buses", {"bus"}),
        ("dishes", {"bowl", "cup", "wine glass"}),
        ("skis", {"skis"}),
        ("Vögel", {"bird"}),
        ("Vogel", {"bird"}),
        ("winter sports", {"skis", "snowboard"}),
        ("bat", {"baseball bat"}),
    ],
)
def test_words_stand_for_names(word: str, names: set[str]) -> None:
    assert set(labels.meant(word)) == names


@pytest.mark.parametrize("word", ["", "s", "ss", "es", "ies", "ves", "qwertz", "2023", "🐶", "\x00"])
def test_other_words_stand_for_nothing(word: str) -> None:
    assert labels.meant(word) == {}


def test_a_name_stands_for_itself_alone() -> None:
    assert all(labels.meant(name) == {name: 1.0} for name in LABELS)


def test_the_table_names_what_the_model_names() -> None:
    told = tomllib.loads(labels.WORDS.read_text())
    assert set(told["words"]) == set(LABELS)
    assert set(told["other_languages"]) <= set(LABELS)
    assert {name for names in told["kinds"].values() for name in names} <= set(LABELS)
