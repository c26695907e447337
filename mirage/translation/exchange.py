"""What translators get and give back: a message a line, in JSON.

A line of the list: {"n": 17, "text": "…", "plural": "…", "context": "…", "note": "…", "where": ["…"], "seen": ["…"], …}
A line of an answer: {"n": 17, "to": "…"} or {"text": "…", "context": "…", "to": ["…", "…", "…"]}
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from babel.messages import Catalog, Message
from django.conf import settings

from mirage.translation import catalogues
from mirage.translation.catalogues import DOMAINS, is_translated, key_of, plural, singular
from mirage.translation.checks import faults
from mirage.translation.marked import BUTTON, Key

Place = tuple[str, str, str]  # catalogue, context, text


def untranslated(language: str) -> Iterator[dict[str, Any]]:
    """The messages that still need a translation, numbered; those of both catalogues once."""
    seen: set[Key] = set()
    for domain in DOMAINS:
        catalogue = catalogues.read(language, domain)
        for message in catalogues.messages(catalogue):
            if not is_translated(message) and key_of(message) not in seen:
                seen.add(key_of(message))
                yield {"n": len(seen)} | described(message, catalogue.num_plurals)


@cache
def sheets() -> dict[str, list[str]]:
    """By text, the pictures in docs/build/look/ on which it stands; scripts/take-look writes them down."""
    try:
        return json.loads((settings.BASE_DIR / "docs" / "build" / "look" / "texts.json").read_text(encoding="utf-8"))
    except OSError:
        return {}


def described(message: Message, forms: int) -> dict[str, Any]:
    """A message as its translator sees it; what is empty is left out."""
    about = {
        "text": singular(message),
        "plural": plural(message),
        "forms": forms if plural(message) else 0,
        "context": message.context,
        "note": "; ".join(message.auto_comments),
        "where": [path for path, _ in message.locations][:2],
        "seen": sheets().get(singular(message), [])[:3],
    }
    return {name: value for name, value in about.items() if value}


@dataclass
class Filled:
    """What came of a translator's answers."""

    taken: int = 0
    refused: list[str] = field(default_factory=list)


def fill(language: str, answers: Iterable[str], numbered: Iterable[str] = ()) -> Filled:
    """Put answers into the catalogues. Each is checked; what is refused is said, and what was translated stays."""
    books = {domain: catalogues.read(language, domain) for domain in DOMAINS}
    listed = {each["n"]: each for each in (json.loads(line) for line in numbered if line.strip())}
    report = Filled()
    for number, line in enumerate(answers, 1):
        if line.strip():
            take(books, line, listed, report, number)
    for domain, book in books.items():
        catalogues.write(book, language, domain)
    return report


def take(books: dict[str, Catalog], line: str, listed: dict[int, dict[str, Any]], report: Filled, number: int) -> None:
    """Take one answer, or say why not."""
    try:
        answer = json.loads(line)
        about = listed[answer["n"]] if "text" not in answer else answer
        given = answer["to"]
        given = [given] if isinstance(given, str) else list(given)
        text, context = about["text"], about.get("context", "")
        if not all(isinstance(each, str) for each in (text, context, *given)):
            raise TypeError("something is not text")
    except (ValueError, KeyError, TypeError) as error:
        report.refused.append(f"line {number}: {error!r} in {line.strip()[:120]}")
        return
    found = [(book, message) for book in books.values() if (message := book.get(text, context or None)) is not None]
    if not found:
        report.refused.append(f"line {number}: no message {text!r} with the context {context!r}")
        return
    for book, message in found:
        put(book, message, given, report, number)


def put(book: Catalog, message: Message, given: list[str], report: Filled, number: int) -> None:
    """Give a message its translation if it fits."""
    count, many = book.num_plurals, plural(message)
    strings = given * count if many and len(given) == 1 and count == 1 else given
    wrong = faults(singular(message), many, strings, count, BUTTON in message.auto_comments)
    if wrong:
        report.refused.append(f"line {number}: {'; '.join(wrong)}: {singular(message)!r} → {given!r}")
        return
    message.string = tuple(strings) if many else strings[0]
    message.flags.discard("fuzzy")
    report.taken += 1
