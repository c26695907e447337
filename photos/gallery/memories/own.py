"""Memories of the library itself: this day in earlier years, a season, and a month if there is nothing else."""

from calendar import monthrange
from datetime import date, timedelta

from django.db.models import Avg, Count
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from accounts.models import User
from mirage.wording import number_in_words
from photos.access import timeline_photos
from photos.gallery.dates import written
from photos.gallery.memories.calendar import nearest_day, on_this_day, taken_between, years_before
from photos.gallery.memories.kinds import Kind, Memory, named_date
from photos.gallery.memories.left_out import remembered_photos

YEARS_SHOWN = 5  # of this day
LEAST_IN_SEASON = 8
WINTER = 12
SEASONS = {  # by their first month: the title north and south of the equator, and the months
    3: (_lazy("Spring %(year)s"), _lazy("Autumn %(year)s"), _lazy("March to May")),
    6: (_lazy("Summer %(year)s"), _lazy("Winter %(year)s"), _lazy("June to August")),
    9: (_lazy("Autumn %(year)s"), _lazy("Spring %(year)s"), _lazy("September to November")),
    WINTER: (_lazy("Winter %(year)s"), _lazy("Summer %(year)s"), _lazy("December to February")),
}


def years_ago(day: date, today: date) -> str:
    """How long ago a day of an earlier year was, by the calendar: 1 year ago."""
    number = today.year - day.year
    return ngettext("%(number)s year ago", "%(number)s years ago", number) % {"number": number_in_words(number)}


def days_for(user: User, today: date) -> list[Memory]:
    """This day in earlier years; if nothing was taken on it, the nearest day of the year."""
    photos = remembered_photos(user)
    years = years_before(timeline_photos(user).on_timeline(), today.year)
    found = on_this_day(photos, years, today.month, today.day)
    if not found and (near := nearest_day(photos, years, today)):
        found = on_this_day(photos, years, near.month, near.day)
    return [
        Memory(
            f"day.{memory.date}",
            years_ago(memory.date, today),
            written(memory.date, _("j F Y")),
            taken_between(photos, memory.date, memory.date),
            cover=next((photo for photo in memory.photos if photo.favourite), memory.photos[0]),
        )
        for memory in found[:YEARS_SHOWN]
    ]


def day_named(user: User, text: str) -> Memory:
    """A day of an earlier year."""
    day = named_date(text)
    photos, text = taken_between(remembered_photos(user), day, day), written(day, _("j F Y"))
    today = timezone.localdate(timezone=user.zone)
    if day.year >= today.year:
        return Memory(f"day.{day}", text, "", photos)
    return Memory(f"day.{day}", years_ago(day, today), text, photos, lasting=text)


def seasons_for(user: User, today: date) -> list[Memory]:
    """The current season in one of the earlier years, each week in another one."""
    month, year = start_of_season(today)
    counts: dict[int, int] = {}
    for taken_month, count in month_counts(user):
        first_month, first_year = start_of_season(date(taken_month // 100, taken_month % 100, 1))
        if first_month == month and first_year < year:
            counts[first_year] = counts.get(first_year, 0) + count
    years = sorted(found for found, count in counts.items() if count >= LEAST_IN_SEASON)
    return [season(user, years[today.toordinal() // 7 % len(years)], month)] if years else []


def month_counts(user: User) -> list[tuple[int, int]]:
    """Pairs of yyyymm and the number of photos. An index has them; what is left out is counted as well."""
    months = timeline_photos(user).on_timeline().order_by().values_list("taken_month")
    return list(months.annotate(Count("pk")))


def start_of_season(day: date) -> tuple[int, int]:
    """The month in which the season of a day begins, and the year of that month."""
    if day.month in (1, 2):
        return WINTER, day.year - 1
    return day.month // 3 * 3, day.year


def season(user: User, year: int, month: int) -> Memory:
    """The three months from this one on. They are named as where most of their photos were taken."""
    following = date(year + (month == WINTER), (month + 2) % 12 + 1, 1)
    photos = taken_between(remembered_photos(user), date(year, month, 1), following - timedelta(days=1))
    is_south = (photos.aggregate(mean=Avg("latitude"))["mean"] or 0) < 0
    years = f"{year}/{following.year % 100:02}" if month == WINTER else f"{year}"
    *titles, months = SEASONS[month]
    return Memory(f"season.{year}-{month:02}", str(titles[is_south]) % {"year": years}, str(months), photos)


def season_named(user: User, text: str) -> Memory:
    """The season for yyyy-mm, in which it began."""
    first = named_date(f"{text}-01")
    if first.month not in SEASONS or first.year == date.max.year:
        raise Http404("no season begins then")
    return season(user, first.year, first.month)


def months_for(user: User, today: date) -> list[Memory]:
    """The month of an earlier year that is nearest in the calendar, for when there is nothing else."""
    earlier = [month for month, _ in month_counts(user) if month // 100 < today.year]
    nearest = min(earlier, key=lambda month: (months_apart(month % 100, today.month), -month), default=None)
    return [month_named(user, f"{nearest // 100:04}-{nearest % 100:02}")] if nearest else []


def months_apart(one: int, other: int) -> int:
    """How many months two months of the year are apart, across New Year."""
    apart = abs(one - other)
    return min(apart, 12 - apart)


def month_named(user: User, text: str) -> Memory:
    """The month for yyyy-mm."""
    first = named_date(f"{text}-01")
    last = date(first.year, first.month, monthrange(first.year, first.month)[1])
    return Memory(f"month.{text}", written(first, _("F Y")), "", taken_between(remembered_photos(user), first, last))


OWN = {
    "day": Kind(20, days_for, day_named),
    "season": Kind(50, seasons_for, season_named),
    "month": Kind(90, months_for, month_named, spare=True),
}
