"""Numbers with units, as searches write them: 800, 2.8, 10MB, 1:30, 24..70."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

NUMBER = re.compile(r"(?:f/)?(-?\d{1,12}(?:[.,]\d{1,6})?)\s*([a-zµ]*)", re.IGNORECASE)
CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})")


@dataclass(frozen=True)
class Range:
    """From `low` to `high`, both included; None is open."""

    low: float | None
    high: float | None


def parse_number(text: str, units: Mapping[str, float]) -> tuple[float, float] | Range:
    """A number in the column's unit with half of its last digit, or a range of two; raises ValueError in words."""
    if ".." not in text:
        return single(text, units)
    low, _dots, high = text.partition("..")
    if not low.strip() and not high.strip():
        raise ValueError(_("From what to what?"))
    lowest = single(low, units)[0] if low.strip() else None
    highest = single(high, units)[0] if high.strip() else None
    if lowest is not None and highest is not None and lowest > highest:
        raise ValueError(_("The end comes before the beginning."))
    return Range(lowest, highest)


def single(text: str, units: Mapping[str, float]) -> tuple[float, float]:
    """The number, and half of the unit of its last digit: what 2.8 is not told apart from."""
    if "s" in units and (clock := CLOCK.fullmatch(text.strip())):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return float(hours * 3600 + minutes * 60 + seconds), 0.5
    found = NUMBER.fullmatch(text.strip())
    if not found:
        raise ValueError(_("“%(text)s” is no number.") % {"text": text})
    unit = found[2].lower()
    if unit and unit not in units:
        known = ", ".join(name.upper() if name in ("kb", "mb", "gb") else name for name in units)
        message = (
            _("“%(unit)s” is no unit that is known here: %(units)s.")
            if known
            else _("“%(unit)s” is no unit that is known here.")
        )
        raise ValueError(message % {"unit": found[2], "units": known})
    factor = units.get(unit, 1)
    digits = found[1].replace(",", ".")
    decimals = len(digits.partition(".")[2])
    return float(digits) * factor, 0.5 * factor / 10**decimals
