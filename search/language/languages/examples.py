"""Examples of plain words for the help of the search, in each language that it reads."""

import csv
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".csv")


def examples(language: str) -> tuple[str, ...]:
    """The examples in a language, or in English where it has none."""
    known = by_language()
    return known.get(language.partition("-")[0], known["en"])


@cache
def by_language() -> dict[str, tuple[str, ...]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {code: tuple(said) for code, *said in csv.reader(file)}
