"""BERT's tokens: a text cut into pieces of words that are listed in tokenizer.json (Devlin et al., 2019)."""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

MOST = 128  # tokens of a text, including its start and end
START, END, UNKNOWN, CONTINUED = "[CLS]", "[SEP]", "[UNK]", "##"
LONGEST_WORD = 100  # letters; a longer word counts as unknown


@dataclass(frozen=True)
class Tokens:
    """The vocabulary: pieces of words and their numbers."""

    numbers: dict[str, int]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the vocabulary of a tokenizer.json. Raises ValueError or KeyError for another kind of file."""
        model = json.loads(path.read_text())["model"]
        if model["type"] != "WordPiece":
            raise ValueError(f"its type is {model['type']}")
        return cls(dict(model["vocab"]))

    def ids(self, text: str) -> list[int]:
        """The numbers of a text's pieces, between those of start and end, MOST at most."""
        found = [self.numbers[piece] for word in words_of(text) for piece in self.pieces(word)]
        return [self.numbers[START], *found[: MOST - 2], self.numbers[END]]

    def pieces(self, word: str) -> list[str]:
        """A word cut, from its beginning, into the longest pieces that the vocabulary has."""
        found: list[str] = []
        start = 0
        while start < len(word):
            piece = self._longest(word, start)
            if not piece or len(word) > LONGEST_WORD:
                return [UNKNOWN]
            found.append(piece)
            start += len(piece) - (len(CONTINUED) if start else 0)
        return found

    def _longest(self, word: str, start: int) -> str:
        prefix = CONTINUED if start else ""
        for end in range(len(word), start, -1):
            if prefix + word[start:end] in self.numbers:
                return prefix + word[start:end]
        return ""


def words_of(text: str) -> list[str]:
    """Lower-case words without accents. Each punctuation mark and each CJK character is a word of its own."""
    plain = "".join(_spaced(letter) for letter in text if not _is_noise(letter))
    bare = (letter for letter in unicodedata.normalize("NFD", plain) if unicodedata.category(letter) != "Mn")
    return list(_split("".join(bare).lower()))


def _split(text: str) -> Iterator[str]:
    for chunk in text.split():
        word = ""
        for letter in chunk:
            if _is_punctuation(letter):
                yield from filter(None, (word, letter))
                word = ""
            else:
                word += letter
        if word:
            yield word


def _spaced(letter: str) -> str:
    return f" {letter} " if _is_cjk(ord(letter)) else letter


def _is_noise(letter: str) -> bool:
    control = unicodedata.category(letter).startswith("C") and letter not in "\t\n\r"
    return control or letter == "\ufffd"


def _is_punctuation(letter: str) -> bool:
    is_ascii_symbol = letter.isascii() and letter.isprintable() and not letter.isalnum() and letter != " "
    return is_ascii_symbol or unicodedata.category(letter).startswith("P")


def _is_cjk(code: int) -> bool:
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x3400 <= code <= 0x4DBF
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x2CEAF
        or 0x2F800 <= code <= 0x2FA1F
    )
