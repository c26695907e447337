"""A language that nobody speaks, by which tests see what was not marked and what has no room.

Each text is itself with accents and 40 % longer: Delete becomes Délété···. Words that a page shows without accents were
never translated. One is read from the left, en-xa, one from the right, ar-xb, in Arabic letters. The texts of Django
and allauth are in both, because pages show them too.
"""

import math
import re
from itertools import chain
from pathlib import Path

import allauth
import django
from babel.messages import Catalog
from babel.messages.mofile import read_mo

from mirage.translation import compiling, gathering
from mirage.translation.catalogues import empty, messages, plural, singular
from mirage.translation.gathering import PAGES, SCRIPTS
from mirage.translation.marked import KEPT, Key, Marked, is_date, together

LEFT, RIGHT = "en-xa", "ar-xb"  # the names that Android gives to its own; the second is one that is read from the right
LONGER = 0.4
ACCENTS = str.maketrans("AEIOUYaeiouycnsCNS", "ÁÉÎÖÛÝáéîöûýçñšÇÑŠ")
ARABIC = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ,;?", "ابثدعفغهيجكلمنوبقرستوفوخيز" * 2 + "،؛؟"
)  # letter by letter, so that it is no Arabic, but set like it
UNTOUCHED = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^<>]*>|&#?\w+;|https?://\S+|\\.")
PLAIN = re.compile(r"\b(?=[A-Za-z]{2})[A-Za-z]*[aeiouAEIOU][A-Za-z]*\b")
OTHERS = "de"  # a language that Django and allauth have whole, from which their texts are read


def said(text: str, letters: dict[int, int] = ACCENTS) -> str:
    """A text in a language that nobody speaks. Values, tags and addresses stay, and dates keep their letters."""
    if is_date(text) or not text.strip():
        return text
    core = text.strip()
    parts = UNTOUCHED.split(core)
    kept = [*UNTOUCHED.findall(core), ""]
    longer = "·" * math.ceil(LONGER * sum(map(len, parts)))
    told = "".join(part.translate(letters) + same for part, same in zip(parts, kept, strict=True))
    spread = " ".join(longer[at : at + 6] for at in range(0, len(longer), 6))  # long words are no good measure
    joint = " " if len(core) > 12 else ""
    return text[: len(text) - len(text.lstrip())] + told + joint + spread + text[len(text.rstrip()) :]


def plain_words(text: str) -> list[str]:
    """The words of a shown text that have no accents, though they have vowels."""
    return PLAIN.findall(text)


def make(folder: Path, static: Path) -> None:
    """Write both languages into a folder of catalogues, and their scripts to the static files."""
    everything = gathering.everything()
    theirs = [texts_of(path) for path in others()]
    for language, name, letters in ((LEFT, "en_XA", ACCENTS), (RIGHT, "ar_XB", ARABIC)):
        pages = catalogue(together([*everything[PAGES].values(), *chain(*theirs)]), letters)
        scripts = compiling.script(catalogue(everything[SCRIPTS], letters))
        compiling.put(folder / name / "LC_MESSAGES" / "django.mo", compiling.compiled(pages))
        compiling.put(static / "words" / f"{language}.js", scripts.encode())
    kept = [[each.text, each.plural] for each in everything[PAGES].values() if KEPT in each.notes]
    compiling.put(folder / "kept.json", compiling.listed(kept))


def catalogue(texts: dict[Key, Marked], letters: dict[int, int]) -> Catalog:
    book = empty("en", PAGES)
    for each in texts.values():
        if each.plural:
            strings = said(each.text, letters), said(each.plural, letters)
            book.add((each.text, each.plural), strings, context=each.context or None)
        else:
            book.add(each.text, said(each.text, letters), context=each.context or None)
    return book


def texts_of(path: Path) -> list[Marked]:
    """The texts of another program's compiled catalogue."""
    with path.open("rb") as file:
        book = read_mo(file)
    found = []
    for message in messages(book):
        given: str | bytes = message.context or ""
        context = given.decode() if isinstance(given, bytes) else given  # as read_mo leaves it
        found.append(Marked(singular(message), plural(message), context))
    return found


def others() -> list[Path]:
    """The compiled catalogues of Django, its apps, and allauth."""
    ours = Path(django.__file__).parent, Path(allauth.__file__).parent
    return sorted(path for folder in ours for path in folder.rglob(f"locale/{OTHERS}/LC_MESSAGES/django.mo"))
