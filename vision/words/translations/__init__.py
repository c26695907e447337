"""Words of other languages for what can be seen, and the English that the models understand.

A line of `de.txt` has an English word or phrase, and what it is called in German. German, French, Spanish and Italian
have the words of languages.txt as well.
"""

from functools import cache
from pathlib import Path

from vision.words import languages

HERE = Path(__file__).parent


@cache
def of(code: str) -> dict[str, str]:
    """The words and phrases of a language as they are written, each with its English. The first line counts."""
    found: dict[str, str] = {}
    lines = (HERE / f"{code}.txt").read_text(encoding="utf-8").splitlines()
    for line in [*lines, *languages.lines_of(code)]:
        english, _, said = line.partition("|")
        for word in filter(None, said.split(",")) if not line.startswith("#") else ():
            found.setdefault(word.strip(), english.strip())
    return found
