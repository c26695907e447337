"""Sentences that are kept before anybody reads them, in English; the page that shows one translates it.

What a worker writes down (why a file failed, what a model lacks) is read later, perhaps in several languages. Such a
sentence is written here, so that the catalogues of translations know it; `mirage.web.languages.in_language` finds it
again by its pattern. What is told at once in some places and kept in others is `_(english("…"))`.
No Django, so that `media` and `vision` can use it.
"""

from typing import Any


def english(text: str, **values: Any) -> str:
    """A sentence with its values in place of %(name)s. The text is a literal, for the catalogues read it from here."""
    return text % values if values else text


def english_plural(one: str, many: str, number: int, **values: Any) -> str:
    """The sentence for this number, which stands in it as %(number)s, with its other values."""
    return (one if number == 1 else many) % {"number": number, **values}
