"""When a photo was taken, in words: no more than is known of it."""

from photos.models import Photo

DAYS: dict[str, str] = {Photo.Precision.YEAR: "%Y", Photo.Precision.MONTH: "%B %Y"}


def day_text(photo: Photo) -> str:
    """4 July 1950, July 1950 or 1950."""
    return f"{photo.taken_local:{DAYS.get(photo.taken_precision, '%-d %B %Y')}}"


def weekday_text(photo: Photo) -> str:
    """As `day_text`, with the day of the week in front: Tuesday, 4 July 1950."""
    day = day_text(photo)
    return day if photo.taken_precision in DAYS else f"{photo.taken_local:%A}, {day}"


def time_text(photo: Photo, form: str = "%H:%M") -> str:
    """The time of day; empty where only the day is known, or less."""
    return f"{photo.taken_local:{form}}" if photo.taken_precision == Photo.Precision.TIME else ""


def moment_text(photo: Photo) -> str:
    """4 July 1950, 10:00, as far as it is known."""
    return ", ".join(filter(None, (day_text(photo), time_text(photo))))
