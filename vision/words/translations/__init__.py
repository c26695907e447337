"""Words of other languages for what can be seen, and the English that the models understand.

A line of `de.txt` has an English word or phrase, and what it is called in German. German, French, Spanish and Italian
have the words of languages.txt as well. `called.csv` says how pages name what Mirage recognises, in each language.
"""

import csv
from functools import cache
from pathlib import Path

from vision.words import languages

HERE = Path(__file__).parent
CODES = ("de", "es", "fr", "it", "ja", "nl", "pl", "pt", "uk", "zh")


@cache
def of(code: str) -> dict[str, str]:
    """The words and phrases of a language as they are written, each with its English. The first line counts."""
    found: dict[str, str] = {}
    lines = (HERE / f"{code}.txt").read_text(encoding="utf-8").splitlines()
    for line in [*lines, *languages.lines_of(code)]:
        english, _, said = line.partition("|")
        for word in filter(None, said.split(",")) if not line.startswith("#") else ():
            found.setdefault(word.strip(), english.strip())
    for english, name in names(code).items():
        found.setdefault(name.lower(), english)
    return found


@cache
def names(code: str) -> dict[str, str]:
    """What pages call things in a language, by the English."""
    with (HERE / "called.csv").open(encoding="utf-8", newline="") as file:
        return {row["english"]: row[code] for row in csv.DictReader(file) if code in row}


def called(english: str, language: str) -> str:
    """What pages call a thing, or the English where they have no other word. `language` may name a country too."""
    return names(language.partition("-")[0]).get(english, english)


def meant(name: str, language: str) -> str:
    """The English for what pages, or else people, call so in this language; or the name as it is."""
    code, said = language.partition("-")[0], name.strip().lower()
    if code not in CODES:
        return name
    if said in names(code):  # the English is what links of pages have
        return said
    return by_name(code).get(said.casefold()) or of(code).get(said, name)


@cache
def by_name(code: str) -> dict[str, str]:
    """The English by what pages call things, in small letters, ß as ss. The first line counts."""
    return {name.casefold(): english for english, name in reversed(names(code).items())}
