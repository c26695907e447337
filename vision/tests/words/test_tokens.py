"""Texts in pieces of words, as BERT cuts them."""

import json
from pathlib import Path

import pytest

from vision.words.tokens import MOST, Tokens, words_of

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "snow", "##ball", "##s", "in", "a", "cafe", ",", "!", "雪"]


@pytest.fixture
def tokens() -> Tokens:
    return Tokens({piece: number for number, piece in enumerate(PIECES)})


def pieces(tokens: Tokens, text: str) -> list[str]:
    return [PIECES[number] for number in tokens.ids(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Snowballs in a CAFÉ!", ["snow", "##ball", "##s", "in", "a", "cafe", "!"]),
        ("snow,snow", ["snow", ",", "snow"]),
        ("snowman", ["[UNK]"]),  # one piece is missing, so the word is unknown
        ("雪snow雪", ["雪", "snow", "雪"]),
        ("sn\u0000ow\ufffd", ["snow"]),
        ("in\u00a0a\tcafe\n", ["in", "a", "cafe"]),
        ("", []),
        ("s" * 101, ["[UNK]"]),
    ],
)
def test_a_text_is_cut_into_the_longest_pieces(tokens: Tokens, text: str, found: list[str]) -> None:
    assert pieces(tokens, text) == ["[CLS]", *found, "[SEP]"]


def test_a_long_text_keeps_its_beginning_and_its_end_mark(tokens: Tokens) -> None:
    ids = tokens.ids("snow " * 500)
    assert len(ids) == MOST
    assert (ids[0], ids[-1]) == (2, 3)


def test_accents_and_case_do_not_matter() -> None:
    assert words_of("Élan, NAÏVE") == ["elan", ",", "naive"]


def test_the_file_of_another_tokenizer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps({"model": {"type": "BPE", "vocab": {}, "merges": []}}))
    with pytest.raises(ValueError, match="BPE"):
        Tokens.read(path)


def test_a_vocabulary_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps({"model": {"type": "WordPiece", "vocab": {"[CLS]": 0, "[SEP]": 1, "snow": 2}}}))
    assert Tokens.read(path).ids("Snow") == [0, 2, 1]
