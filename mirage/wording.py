"""Words for users that several apps share."""

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal
from django.utils.translation import get_language, ngettext, pgettext

if TYPE_CHECKING:  # a text, or a lazy one, which takes the language of whoever reads it
    from django.utils.functional import _StrOrPromise as Words
else:
    Words = str


def number_in_words(number: int | float) -> str:
    """A number with the separators of the language: 1,234 or 1.234."""
    return format_decimal(number, locale=_locale(get_language() or "en"))


@cache
def _locale(language: str) -> Locale:
    """What browsers, too, take from Unicode's CLDR; English for languages that are none, such as those of tests."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def photos_in_words(count: int) -> str:
    """How many photos: 1 photo, 1,234 photos."""
    return ngettext("%(shown)s photo", "%(shown)s photos", count) % {"shown": number_in_words(count)}


def listed(things: Iterable[object]) -> str:
    """Things one after the other, as the language writes a list: a, b, c or a、b、c. What is empty is left out."""
    return pgettext("between the things of a list", ", ").join(str(thing) for thing in things if thing)


# Letters that stand beside others in the alphabet, and elsewhere in Unicode: ł after l, і after и.
AFTER = {"ł": "l", "ø": "o", "đ": "d", "і": "и", "є": "е", "ґ": "г"}
BESIDE = str.maketrans({letter: f"{before}\uffff" for letter, before in AFTER.items()} | {"æ": "ae", "œ": "oe"})


def alphabetical(name: str) -> tuple[str, str]:
    """What names are sorted by, as people look for them: Ärzte beside Arzt, not after Zoe; capitals count for nothing.

    Letters without their marks first, then all of it. Databases sort by bytes, or as they were set up.
    """
    if name.isascii():
        return name.lower(), name  # most names, of which some pages sort thousands
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return letters.translate(BESIDE), name
