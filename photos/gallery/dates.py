"""The date taken in words, as precise as it is known."""

from datetime import date, datetime
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mirage.wording import listed
from photos.models import Photo

SHORTER = (Photo.Precision.YEAR, Photo.Precision.MONTH)  # the day is not known


def day_text(photo: Photo) -> str:
    """4 July 1950, July 1950 or 1950."""
    return written(photo.taken_local.date(), form_of(photo))


def form_of(photo: Photo) -> str:
    """How the day is written, as Django's date formats say it."""
    if photo.taken_precision == Photo.Precision.YEAR:
        return _("Y")
    return _("F Y") if photo.taken_precision == Photo.Precision.MONTH else _("j F Y")


def weekday_text(photo: Photo) -> str:
    """Like `day_text`, with the day of the week: Tuesday, 4 July 1950."""
    return day_text(photo) if photo.taken_precision in SHORTER else written(photo.taken_local.date(), _("l, j F Y"))


def time_text(photo: Photo, form: str = "H:i") -> str:
    """The time of day. Empty if it is not known."""
    return date_format(photo.taken_local, form) if photo.taken_precision == Photo.Precision.TIME else ""


def moment_text(photo: Photo) -> str:
    """4 July 1950, 10:00, as precise as it is known."""
    return listed((day_text(photo), time_text(photo)))


def moment(local: datetime) -> str:
    """4 Jul 1950, 10:00:07."""
    return date_format(local, _("j M Y, H:i:s"))


def written(day: date, form: str) -> str:
    """The day in that form. A page may have thousands of them, and few that differ."""
    return _written(day, form, get_language())


@lru_cache(maxsize=4096)
def _written(day: date, form: str, language: str | None) -> str:
    return date_format(day, form)
