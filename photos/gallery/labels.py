"""What people call the things that the stage `objects` names: words to names, by a table.

`meant("puppies")` is {"dog": 1.0}. The table is label_words.toml, written by hand.
"""

import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from vision.coco import LABELS

WORDS = Path(__file__).with_name("label_words.toml")


def meant(text: str) -> dict[str, float]:
    """The names that a word or a few stand for, each with how surely, 0 to 1; the surest first, none for most words."""
    word = folded(text)
    for form in (word, *singulars(word)):
        if names := table().get(form):
            return dict.fromkeys(names, 1.0)
    return {}


def folded(text: str) -> str:
    """The text as the table has it: lower case, no accents, one space between words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(letters.replace("-", " ").replace("_", " ").split())


def singulars(word: str) -> Iterator[str]:
    """What the word may be the plural of."""
    if word.endswith("ies"):
        yield word[:-3] + "y"
    if word.endswith("ves"):
        yield word[:-3] + "f"
        yield word[:-3] + "fe"
    if word.endswith("es"):
        yield word[:-2]
    if word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]


@cache
def table() -> dict[str, tuple[str, ...]]:
    """By folded word, the names it stands for. A name itself stands for nothing else."""
    told = tomllib.loads(WORDS.read_text())
    found: dict[str, list[str]] = {}
    for section in ("words", "other_languages"):
        for name, words in told[section].items():
            for word in words.split():
                found.setdefault(folded(word), []).append(name)
    for word, names in told["kinds"].items():
        found.setdefault(folded(word), []).extend(names)
    for name in LABELS:
        found[name] = [name]
    return {word: tuple(dict.fromkeys(names)) for word, names in found.items()}
