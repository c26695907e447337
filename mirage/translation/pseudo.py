"""A language that nobody speaks, by which tests see what was not marked and what has no room.

Each text is itself with accents and 40 % longer: Delete becomes Ðéléťé··. Words that a page shows without accents were
never translated. One is read from the left, en-xa, and one from the right, ar-xb; the texts of Django and allauth
are in both, because pages show them too.
"""

import math
import re
from pathlib import Path

import allauth
import django
from babel.messages import Catalog
from babel.messages.mofile import read_mo

from mirage.translation import compiling, gathering
from mirage.translation.catalogues import empty, messages, plural, singular
from mirage.translation.gathering import PAGES, SCRIPTS
from mirage.translation.marked import KEPT, Key, Marked, is_date

LEFT, RIGHT = "en-xa", "ar-xb"  # the names that Android gives to its own; the second is one that is read from the right
LONGER = 0.4
ACCENTS = str.maketrans("AEIOUYaeiouycnsCNS", "ÁÉÎÖÛÝáéîöûýçñšÇÑŠ")
UNTOUCHED = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^<>]*>|&#?\w+;|https?://\S+|\\.")
PLAIN = re.compile(r"\b[A-Za-z]*[aeiouAEIOU][A-Za-z]*\b")
OTHERS = "de"  # a language that Django and allauth have whole, from which their texts are read


def said(text: str) -> str:
    """A text in the language that nobody speaks. Values, tags and addresses stay, and dates keep their letters."""
    if is_date(text) or not text.strip():
        return text
    core = text.strip()
    parts = UNTOUCHED.split(core)
    kept = [*UNTOUCHED.findall(core), ""]
    longer = "·" * math.ceil(LONGER * sum(map(len, parts)))
    told = "".join(part.translate(ACCENTS) + same for part, same in zip(parts, kept, strict=True))
    spread = " ".join(longer[at : at + 6] for at in range(0, len(longer), 6))  # long words are no good measure
    joint = " " if len(core) > 12 else ""
    return text[: len(text) - len(text.lstrip())] + told + joint + spread + text[len(text.rstrip()) :]


def plain_words(text: str) -> list[str]:
    """The words of a shown text that have no accents, though they have vowels."""
    return PLAIN.findall(text)


def make(folder: Path, static: Path) -> None:
    """Write both languages into a folder of catalogues, and their scripts to the static files."""
    everything = gathering.everything()
    pages = catalogue(everything[PAGES])
    for path in others():
        with path.open("rb") as file:
            add_all(pages, read_mo(file))
    scripts = compiling.script(catalogue(everything[SCRIPTS]))
    for language, name in ((LEFT, "en_XA"), (RIGHT, "ar_XB")):
        compiling.put(folder / name / "LC_MESSAGES" / "django.mo", compiling.compiled(pages))
        compiling.put(static / "words" / f"{language}.js", scripts.encode())
    kept = [[each.text, each.plural] for each in everything[PAGES].values() if KEPT in each.notes]
    compiling.put(folder / "kept.json", compiling.listed(kept))


def catalogue(texts: dict[Key, Marked]) -> Catalog:
    book = empty("en", PAGES)
    for each in texts.values():
        add(book, each.text, each.plural, each.context)
    return book


def add(book: Catalog, text: str, many: str, context: str) -> None:
    if many:
        book.add((text, many), (said(text), said(many)), context=context or None)
    else:
        book.add(text, said(text), context=context or None)


def add_all(book: Catalog, other: Catalog) -> None:
    """The texts of another program, which ours take precedence over."""
    for message in messages(other):
        given: str | bytes = message.context or ""
        context = given.decode() if isinstance(given, bytes) else given  # as read_mo leaves it
        if book.get(message.id, context or None) is None:
            add(book, singular(message), plural(message), context)


def others() -> list[Path]:
    """The compiled catalogues of Django, its apps, and allauth."""
    ours = Path(django.__file__).parent, Path(allauth.__file__).parent
    return sorted(path for folder in ours for path in folder.rglob(f"locale/{OTHERS}/LC_MESSAGES/django.mo"))
