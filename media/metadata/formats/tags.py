"""Values from tags as libexiv2 prints them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from media.metadata.fields import text

Tags = Mapping[str, str]


def first(tags: Tags, *names: str) -> str | None:
    """The first of these tags that has a value."""
    for name in names:
        value = text(tags.get(name))
        if value:
            return value
    return None


def numbers(value: str | None) -> list[float | None]:
    """Numbers from libexiv2's text: `28/10 5 0/0` is 2.8, 5 and None."""
    found: list[float | None] = []
    for part in (value or "").split()[:64]:
        above, _, below = part.partition("/")
        try:
            number = float(above) / float(below or 1)
        except (ValueError, ZeroDivisionError):
            found.append(None)
            continue
        found.append(number if math.isfinite(number) else None)
    return found


def number(value: str | None) -> float | None:
    """The first number in the text, or None."""
    return next(iter(numbers(value)), None)


def positive(value: str | None) -> float | None:
    """The first number if it is above zero: in most tags 0 means unknown."""
    found = number(value)
    return found if found is not None and found > 0 else None
