"""CLIP's tokens: a text as byte pairs that are listed in tokenizer.json (Sennrich et al., 2016)."""

import itertools
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

MOST = 77  # tokens of a text, including its start and end
START, END, WORD_END = "<|startoftext|>", "<|endoftext|>", "</w>"
PIECES = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|(?:[^\s\w]|_)+")


@dataclass(frozen=True)
class Tokens:
    """The vocabulary, and the order in which neighbours are joined."""

    numbers: dict[str, int]
    ranks: dict[tuple[str, str], int]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a tokenizer.json. Raises ValueError, KeyError or TypeError for another kind of file."""
        model = json.loads(path.read_text())["model"]
        if model.get("type", "BPE") != "BPE":
            raise ValueError(f"its type is {model['type']}")
        pairs = [tuple(pair.split(" ")) if isinstance(pair, str) else tuple(pair) for pair in model["merges"]]
        numbers = dict(model["vocab"])
        if START not in numbers or END not in numbers:
            raise ValueError("it has no start and end")
        return cls(numbers, {(first, second): rank for rank, (first, second) in enumerate(pairs)})

    def ids(self, text: str) -> list[int]:
        """The tokens of a text, between start and end, at most MOST. What the vocabulary does not have is left out."""
        found = [
            self.numbers[part]
            for piece in PIECES.findall(" ".join(text.lower().split()))
            for part in self.joined("".join(byte_letters()[byte] for byte in piece.encode()))
            if part in self.numbers
        ]
        return [self.numbers[START], *found[: MOST - 2], self.numbers[END]]

    def joined(self, word: str) -> list[str]:
        """The parts of a word after all joins in the order of their ranks."""
        parts = [*word[:-1], word[-1] + WORD_END]
        while len(parts) > 1:
            pairs = enumerate(itertools.pairwise(parts))
            rank, place = min((self.ranks.get(pair, len(self.ranks)), place) for place, pair in pairs)
            if rank == len(self.ranks):
                break
            parts[place : place + 2] = [parts[place] + parts[place + 1]]
        return parts


@cache
def byte_letters() -> dict[int, str]:
    """A character for each byte: its own if that can be printed, otherwise one above 255 (as in GPT-2's byte pairs)."""
    printed = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printed]
    return {byte: chr(byte) for byte in printed} | {byte: chr(256 + place) for place, byte in enumerate(others)}
