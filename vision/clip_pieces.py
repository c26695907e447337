"""Tokens of models for many languages: texts cut into pieces of words that are listed in tokenizer.json.

There are two ways of cutting: into the most likely pieces (Kudo, Subword Regularization, 2018; XLM-R and SigLIP), or by
joining neighbouring characters (Sennrich et al., 2016; SigLIP 2 and NLLB). Both write a space as ▁.
"""

import itertools
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

SPACE = "▁"
PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
UNLIKELY = 10.0  # how much less likely a character without a piece is than the least likely piece


@dataclass(frozen=True)
class Pieces:
    """The vocabulary, the tokens around a text, and how likely each piece is or in what order neighbours are joined."""

    numbers: Mapping[str, int]
    scores: Mapping[str, float]  # empty if neighbours are joined
    ranks: Mapping[tuple[str, str], int]
    unknown: int
    before: tuple[int, ...]
    after: tuple[int, ...]
    leads: bool  # whether a text begins with a space

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a tokenizer.json. Raises ValueError, KeyError or TypeError for another kind of file."""
        told = json.loads(path.read_text())
        model = told["model"]
        if model["type"] == "Unigram":
            numbers = {piece: number for number, (piece, _) in enumerate(model["vocab"])}
            scores, ranks = {piece: float(score) for piece, score in model["vocab"]}, {}
            unknown = int(model.get("unk_id") or 0)
        elif model["type"] == "BPE":
            pairs = [tuple(pair.split(" ")) if isinstance(pair, str) else tuple(pair) for pair in model["merges"]]
            numbers, scores = dict(model["vocab"]), {}
            ranks = {(first, second): rank for rank, (first, second) in enumerate(pairs)}
            unknown = numbers.get(model.get("unk_token") or "<unk>", 0)
        else:
            raise ValueError(f"its type is {model['type']}")
        if not any(piece.startswith(SPACE) for piece in numbers):
            raise ValueError("no piece begins with a space")
        before, after = around(told.get("post_processor"), numbers)
        return cls(numbers, scores, ranks, unknown, before, after, leads(told))

    def ids(self, text: str, most: int, plain: bool = False) -> list[int]:
        """The numbers of a text's pieces and of the tokens around it, at most `most`.

        With `plain`, the text is put into small letters without punctuation, as SigLIP was trained.
        """
        words = " ".join(unicodedata.normalize("NFKC", text).split())
        if plain:
            words = " ".join(PUNCTUATION.sub("", words).lower().split())
        found = [number for word in self._words(words) for number in self._of_word(word)]
        return [*self.before, *found[: most - len(self.before) - len(self.after)], *self.after]

    def _words(self, text: str) -> Iterator[str]:
        for place, word in enumerate(text.split()):
            yield SPACE + word if place or self.leads else word

    def _of_word(self, word: str) -> Iterator[int]:
        for piece in self.likeliest(word) if self.scores else self.joined(word):
            if piece in self.numbers:
                yield self.numbers[piece]
            else:
                in_bytes = [self.numbers.get(f"<0x{byte:02X}>", self.unknown) for byte in piece.encode()]
                yield from in_bytes if self.unknown not in in_bytes else [self.unknown]

    def likeliest(self, word: str) -> list[str]:
        """The pieces with the highest total score (Viterbi, 1967)."""
        worst, longest = self._extremes
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(word) + 1):
            ways = [(best[end - 1][0] + worst, end - 1)]
            ways += [
                (best[start][0] + self.scores[word[start:end]], start)
                for start in range(max(end - longest, 0), end)
                if word[start:end] in self.scores
            ]
            best.append(max(ways))
        cuts = [len(word)]
        while cuts[-1]:
            cuts.append(best[cuts[-1]][1])
        return [word[start:end] for end, start in itertools.pairwise(cuts)][::-1]

    @cached_property
    def _extremes(self) -> tuple[float, int]:
        """The score of a character without a piece, and the length of the longest piece."""
        return min(self.scores.values()) - UNLIKELY, max(map(len, self.scores))

    def joined(self, word: str) -> list[str]:
        """The parts of a word after all possible joins, in the order of their ranks."""
        parts = list(word)
        while len(parts) > 1:
            pairs = enumerate(itertools.pairwise(parts))
            rank, place = min((self.ranks.get(pair, len(self.ranks)), place) for place, pair in pairs)
            if rank == len(self.ranks):
                break
            parts[place : place + 2] = [parts[place] + parts[place + 1]]
        return parts


def around(told: Any, numbers: Mapping[str, int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The tokens before and after a text."""
    if not told:
        return (), ()
    if told["type"] == "Sequence":
        templates = [one for one in told["processors"] if one["type"] == "TemplateProcessing"]
        return around(templates[0] if templates else None, numbers)
    if told["type"] in ("RobertaProcessing", "BertProcessing"):
        return (int(told["cls"][1]),), (int(told["sep"][1]),)
    if told["type"] != "TemplateProcessing":
        return (), ()
    known = {name: tuple(one["ids"]) for name, one in told["special_tokens"].items()}
    sides: tuple[list[int], list[int]] = ([], [])
    side = 0
    for part in told["single"]:
        if "Sequence" in part:
            side = 1
        else:
            sides[side].extend(known[part["SpecialToken"]["id"]])
    return tuple(sides[0]), tuple(sides[1])


def leads(told: Mapping[str, Any]) -> bool:
    """Whether a space is put before the first word."""
    steps = [*_steps(told.get("pre_tokenizer"), "pretokenizers"), *_steps(told.get("normalizer"), "normalizers")]
    for step in steps:
        if step["type"] == "Metaspace":
            return step.get("prepend_scheme", "always") != "never" and step.get("add_prefix_space", True)
        if step["type"] == "Prepend":
            return True
    return False


def _steps(told: Any, inside: str) -> list[dict[str, Any]]:
    return [] if not told else told[inside] if told["type"] == "Sequence" else [told]
