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
