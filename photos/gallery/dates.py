"""The date taken in words, as precise as it is known."""

from photos.models import Photo

DAYS: dict[str, str] = {Photo.Precision.YEAR: "%Y", Photo.Precision.MONTH: "%B %Y"}


def day_text(photo: Photo) -> str:
    """4 July 1950, July 1950 or 1950."""
    return f"{photo.taken_local:{DAYS.get(photo.taken_precision, '%-d %B %Y')}}"


def weekday_text(photo: Photo) -> str:
    """Like `day_text`, with the day of the week: Tuesday, 4 July 1950."""
    day = day_text(photo)
    return day if photo.taken_precision in DAYS else f"{photo.taken_local:%A}, {day}"


def time_text(photo: Photo, form: str = "%H:%M") -> str:
    """The time of day. Empty if it is not known."""
    return f"{photo.taken_local:{form}}" if photo.taken_precision == Photo.Precision.TIME else ""


def moment_text(photo: Photo) -> str:
    """4 July 1950, 10:00, as precise as it is known."""
    return ", ".join(filter(None, (day_text(photo), time_text(photo))))
