"""Tokens of models for many languages, cut as their own libraries cut them."""

import json
from pathlib import Path
from typing import Any

import pytest

from vision.clip_pieces import Pieces, around, leads
from vision.tests.tiny_clip import UNIGRAM

NUMBERS = {piece: number for number, (piece, _) in enumerate(UNIGRAM)}
JOINED = {"<unk>": 0, "</s>": 1, "▁": 2, "a": 3, "b": 4, "▁a": 5, "ab": 6, "▁ab": 7, "<0xC3>": 8, "<0xA9>": 9}


def write(folder: Path, **told: Any) -> Path:
    path = folder / "tokenizer.json"
    path.write_text(json.dumps(told))
    return path


@pytest.fixture
def unigram(tmp_path: Path) -> Pieces:
    model = {"type": "Unigram", "unk_id": 3, "vocab": [list(pair) for pair in UNIGRAM]}
    return Pieces.read(write(tmp_path, model=model, pre_tokenizer={"type": "Metaspace"}))


@pytest.fixture
def pairs(tmp_path: Path) -> Pieces:
    model = {"type": "BPE", "vocab": JOINED, "merges": ["a b", "▁ ab", ["▁", "a"]]}
    return Pieces.read(write(tmp_path, model=model))


def test_the_likeliest_pieces(unigram: Pieces) -> None:
    assert unigram.likeliest("▁red") == ["▁red"]
    assert unigram.likeliest("▁gred") == ["▁", "g", "re", "d"] or unigram.likeliest("▁gred") == ["▁gr", "e", "d"]
    assert unigram.ids("red green", 9) == [NUMBERS["▁red"], NUMBERS["▁green"]]
    assert unigram.ids("reddred", 9) == [NUMBERS["▁red"], NUMBERS["d"], NUMBERS["re"], NUMBERS["d"]]
    assert unigram.ids("x", 9) == [NUMBERS["▁"], NUMBERS["<unk>"]]
    assert unigram.ids("  ", 9) == []


def test_the_best_cut_is_the_best_of_all(unigram: Pieces) -> None:
    """Against all ways to cut a word."""

    def best(word: str) -> float:
        ways = [score for piece, score in UNIGRAM if piece == word]
        ways += [best(word[:at]) + best(word[at:]) for at in range(1, len(word))]
        if len(word) == 1:
            ways.append(min(score for _, score in UNIGRAM) - 10)
        return max(ways)

    scores = dict(UNIGRAM)
    for word in ("▁red", "▁redre", "▁grd", "dred", "▁bluered"):
        cut = unigram.likeliest(word)
        assert "".join(cut) == word
        assert sum(scores.get(piece, -14.0) for piece in cut) == pytest.approx(best(word))


def test_small_letters_without_punctuation(unigram: Pieces) -> None:
    assert unigram.ids("Red, GREEN!", 9, plain=True) == [NUMBERS["▁red"], NUMBERS["▁green"]]
    assert unigram.ids("Red", 9) != [NUMBERS["▁red"]]


def test_neighbours_are_joined_and_strange_letters_are_bytes(pairs: Pieces) -> None:
    assert pairs.ids("ab", 9) == [6]
    assert pairs.ids("ab ab", 9) == [6, 7]
    assert pairs.ids("b é", 9) == [4, 2, 8, 9]
    assert pairs.ids("b ☃", 9) == [4, 2, 0]


def test_no_more_than_fit(tmp_path: Path) -> None:
    model = {"type": "Unigram", "vocab": [list(pair) for pair in UNIGRAM]}
    ends = {"type": "RobertaProcessing", "cls": ["<s>", 0], "sep": ["</s>", 2]}
    pieces = Pieces.read(write(tmp_path, model=model, post_processor=ends, pre_tokenizer={"type": "Metaspace"}))
    assert pieces.ids("red red red red", 4) == [0, 4, 4, 2]


@pytest.mark.parametrize(
    ("told", "sides"),
    [
        (None, ((), ())),
        ({"type": "ByteLevel"}, ((), ())),
        ({"type": "BertProcessing", "cls": ["a", 5], "sep": ["b", 6]}, ((5,), (6,))),
        (
            {
                "type": "Sequence",
                "processors": [
                    {"type": "ByteLevel"},
                    {
                        "type": "TemplateProcessing",
                        "single": [{"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "e"}}],
                        "special_tokens": {"e": {"ids": [1]}},
                    },
                ],
            },
            ((), (1,)),
        ),
    ],
)
def test_what_goes_around_a_text(told: Any, sides: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    assert around(told, {}) == sides


@pytest.mark.parametrize(
    ("told", "first"),
    [
        ({}, False),
        ({"pre_tokenizer": {"type": "Metaspace"}}, True),
        ({"pre_tokenizer": {"type": "Metaspace", "prepend_scheme": "never"}}, False),
        ({"pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Metaspace"}]}}, True),
        ({"normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}]}}, True),
        ({"normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}}, False),
    ],
)
def test_whether_a_space_comes_first(told: dict[str, Any], first: bool) -> None:
    assert leads(told) is first


@pytest.mark.parametrize("kind", ["WordPiece", "WordLevel"])
def test_others_are_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(ValueError, match=kind):
        Pieces.read(write(tmp_path, model={"type": kind, "vocab": {"▁a": 0}}))
