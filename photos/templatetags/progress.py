"""Times and amounts in words."""

from datetime import datetime

from django import template

from photos.pipeline import STAGES

register = template.Library()


@register.filter
def stage_label(name: str) -> str:
    """A stage as the user knows it."""
    return STAGES[name].label if name in STAGES else name


@register.filter
def in_words(seconds: float | None) -> str:
    """A time that is left, as coarse as one speaks of it: "2 minutes", "3 hours"; empty when unknown."""
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
    """A rate for people: whole from ten on, "under 1" for what is slow."""
    if rate is None:
        return ""
    if rate < 1:
        return "under 1"
    return f"{rate:,.0f}"


@register.filter
def percent_of(part: int, whole: int) -> int:
    """How much of the whole a part is, 0 to 100; 100 only when nothing is missing."""
    return 100 if part >= whole else int(100 * part / whole)


@register.filter
def in_bytes(count: int) -> str:
    """A size in decimal units, as disks are sold and as the upload page writes it (static/js/upload/view.js)."""
    step = 0 if count < 1000 else min((len(str(count)) - 1) // 3, 4)
    value = count / 1000**step
    unit = ("bytes", "kB", "MB", "GB", "TB")[step]
    return f"{value:.0f} {unit}" if step < 2 or value >= 100 else f"{value:.1f} {unit}"


@register.filter
def milliseconds(moment: datetime | None) -> int | str:
    """An instant as browsers count, since 1970; empty when unknown."""
    return "" if moment is None else round(moment.timestamp() * 1000)
