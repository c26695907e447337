"""Template filters for progress, times and amounts."""

from datetime import datetime

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mirage.wording import number_in_words
from photos.pipeline import STAGES

register = template.Library()


@register.filter
def stage_label(name: str) -> str:
    """The label of a stage."""
    return str(STAGES[name].label) if name in STAGES else name


@register.filter
def in_words(seconds: float | None) -> str:
    """The time left, roughly: "2 minutes", "3 hours". Empty if unknown."""
    if seconds is None:
        return ""
    if seconds < 60:
        return _("less than a minute")
    if seconds >= 1.5 * 86_400:
        days = round(seconds / 86_400)
        return ngettext("%(number)s day", "%(number)s days", days) % {"number": days}
    if seconds >= 1.5 * 3600:
        hours = round(seconds / 3600)
        return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
    minutes = round(seconds / 60)
    return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}


@register.filter
def per_minute(rate: float | None) -> str:
    """A rate as a whole number, or "under 1". Empty if unknown."""
    if rate is None:
        return ""
    # Translators: stands before words such as: a minute
    return _("under 1") if rate < 1 else number_in_words(round(rate))


@register.filter
def percent_of(part: int, whole: int) -> int:
    """The part as a percentage of the whole. 100 only if nothing is missing."""
    return 100 if part >= whole else int(100 * part / whole)


@register.filter
def in_bytes(count: int) -> str:
    """A size in decimal units. static/js/upload/view.js formats sizes the same way."""
    step = 0 if count < 1000 else min((len(str(count)) - 1) // 3, 4)
    value = count / 1000**step
    size = number_format(f"{value:.0f}" if step < 2 or value >= 100 else f"{value:.1f}")
    words = (_("%(size)s bytes"), _("%(size)s kB"), _("%(size)s MB"), _("%(size)s GB"), _("%(size)s TB"))
    return words[step] % {"size": size}


@register.filter
def milliseconds(moment: datetime | None) -> int | str:
    """Milliseconds since 1970, as JavaScript counts. Empty if unknown."""
    return "" if moment is None else round(moment.timestamp() * 1000)
