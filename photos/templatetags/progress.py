"""Template filters for progress, times and amounts."""

from datetime import datetime

from django import template

from photos.pipeline import STAGES

register = template.Library()


@register.filter
def stage_label(name: str) -> str:
    """The label of a stage."""
    return STAGES[name].label if name in STAGES else name


@register.filter
def in_words(seconds: float | None) -> str:
    """The time left, roughly: "2 minutes", "3 hours". Empty if unknown."""
    if seconds is None:
        return ""
    if seconds < 60:
        return "less than a minute"
    for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= 1.5 * size or unit == "minute":
            count = round(seconds / size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    raise AssertionError("minutes end the list")


@register.filter
def per_minute(rate: float | None) -> str:
    """A rate as a whole number, or "under 1". Empty if unknown."""
    if rate is None:
        return ""
    return "under 1" if rate < 1 else f"{rate:,.0f}"


@register.filter
def percent_of(part: int, whole: int) -> int:
    """The part as a percentage of the whole. 100 only if nothing is missing."""
    return 100 if part >= whole else int(100 * part / whole)


@register.filter
def in_bytes(count: int) -> str:
    """A size in decimal units. static/js/upload/view.js formats sizes the same way."""
    step = 0 if count < 1000 else min((len(str(count)) - 1) // 3, 4)
    value = count / 1000**step
    unit = ("bytes", "kB", "MB", "GB", "TB")[step]
    return f"{value:.0f} {unit}" if step < 2 or value >= 100 else f"{value:.1f} {unit}"


@register.filter
def milliseconds(moment: datetime | None) -> int | str:
    """Milliseconds since 1970, as JavaScript counts. Empty if unknown."""
    return "" if moment is None else round(moment.timestamp() * 1000)
