"""Words for the labels of the stage `objects`, from the table label_words.toml: `meant("puppies")` is {"dog": 1.0}."""

import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from vision.coco import LABELS

WORDS = Path(__file__).with_name("label_words.toml")


def meant(text: str) -> dict[str, float]:
    """The labels that a word or phrase stands for, each with a confidence from 0 to 1. Empty for most words."""
    word = folded(text)
    for form in (word, *singulars(word)):
        if names := table().get(form):
            return dict.fromkeys(names, 1.0)
    return {}


def folded(text: str) -> str:
    """The text as in the table: lower case, no accents, one space between words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(letters.replace("-", " ").replace("_", " ").split())


def singulars(word: str) -> Iterator[str]:
    """The words of which this may be the plural."""
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
    """Labels by folded word. A label itself stands for nothing else."""
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
