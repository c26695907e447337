"""Words for users that several apps share."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import formats
from django.utils.translation import ngettext, pgettext

if TYPE_CHECKING:  # a text, or a lazy one, which takes the language of whoever reads it
    from django.utils.functional import _StrOrPromise as Words
else:
    Words = str


def number_in_words(number: int | float) -> str:
    """A number with the separators of the language: 1,234 or 1.234."""
    return formats.number_format(number, use_l10n=True, force_grouping=True)


def photos_in_words(count: int) -> str:
    """How many photos: 1 photo, 1,234 photos."""
    return ngettext("%(shown)s photo", "%(shown)s photos", count) % {"shown": number_in_words(count)}


def listed(things: Iterable[object]) -> str:
    """Things one after the other, as the language writes a list: a, b, c or a、b、c. What is empty is left out."""
    return pgettext("between the things of a list", ", ").join(filter(None, map(str, things)))
