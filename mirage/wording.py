"""Words for users that several apps share."""

from typing import TYPE_CHECKING

from django.utils import formats

if TYPE_CHECKING:  # a text, or a lazy one, which takes the language of whoever reads it
    from django.utils.functional import _StrOrPromise as Words
else:
    Words = str


def number_in_words(number: int | float) -> str:
    """A number with the separators of the language: 1,234 or 1.234."""
    return formats.number_format(number, use_l10n=True, force_grouping=True)


def counted(number: int, thing: str = "photo", many: str = "") -> str:
    """A count with its noun: 1 photo, 12 photos; 1 person, 12 people."""
    return f"{number:,} {thing if number == 1 else many or thing + 's'}"


def subject(number: int) -> str:
    """The first words of a report about photos: Photo, or 12 photos."""
    return "Photo" if number == 1 else counted(number)
