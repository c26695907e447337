"""Dates as people write them, as spans of days or as days that return every year.

What is relative (yesterday, last week) is reckoned from a day that the caller names. Weeks begin on Monday; seasons are
those of the northern half of the world, and the winter of 2022 begins in December 2022.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from search.language import worded

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # the month it begins in
UNITS = ("day", "week", "month", "year")
DAYS_BACK = {"today": 0, "yesterday": 1, "day before yesterday": 2}
WEEKDAYS = tuple(name.lower() for name in calendar.day_name)
LONGEST = 80  # letters: what is longer is no date
A_DAY = date(2024, 1, 1)  # of a leap year, to try dates on
YEARS_BACK = 8  # to the last 29 February
FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)


@dataclass(frozen=True)
class Span:
    """Days from `start` up to, and without, `end`."""

    start: date
    end: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day < self.end


@dataclass(frozen=True)
class Yearly:
    """Days that return every year: whole months, one day of a month, or some up to `until`."""

    months: tuple[int, ...]
    day: int | None = None
    until: int | None = None

    @property
    def days(self) -> range | None:
        """The days of the month; None is all."""
        return None if self.day is None else range(self.day, (self.until or self.day) + 1)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day.month in self.months and (self.days is None or day.day in self.days)


Days = Span | Yearly


def parse(text: str, today: date) -> Days:
    """The days that a text means; raises ValueError for what is no date."""
    if len(text) > LONGEST:
        raise ValueError(f"no date: {text}")
    written = worded.ranged(" ".join(text.lower().replace(",", " ").split()))
    if ".." in written:
        first, _, last = written.partition("..")
        return between(first, last, today)
    if side := re.fullmatch(r"(before|after) (.+)", written):
        return compared("<" if side[1] == "before" else ">", side[2], today)
    written = " ".join(worded.plainly(written).split())
    for read in (numeric, relative, feast, named, recent):
        try:
            if found := read(written, today):
                return found
        except OverflowError as error:
            raise ValueError(f"not in the calendar: {text}") from error
    raise ValueError(f"no date: {text}")


def is_date(text: str, operator: str = "") -> bool:
    """Whether it is a date on some day: `last 2020 years` is one today, and `this 29 february` is one in a leap year.

    As of the day of a search it may be none, so that `parse` can raise ValueError all the same.
    """
    for today in (A_DAY, date.today()):
        try:
            if operator:
                compared(operator, text, today)
            else:
                parse(text, today)
        except ValueError:
            continue
        return True
    return False


def between(first: str, last: str, today: date) -> Span:
    """From one date up to another, both included, whichever is written first; either may be left open."""
    if not (first.strip() or last.strip()):
        raise ValueError("from when to when?")
    end = spanned(last, today) if last.strip() else Span(LAST, LAST)
    start = begun(first, last, end, today) if first.strip() else Span(FIRST, FIRST)
    return Span(start.start, end.end) if start.start < end.end else Span(end.start, start.end)


def begun(first: str, last: str, end: Span, today: date) -> Span:
    """The span that a range begins with: december of `december to february 2019` is of the year before."""
    try:
        return spanned(first, today)
    except ValueError:
        year = re.search(r"\b\d{4}$", last.rstrip())
        if not year or re.search(r"\d{4}", first):
            raise
    same = spanned(f"{first} {year[0]}", today)
    return same if same.start < end.end else spanned(f"{first} {int(year[0]) - 1:04}", today)


def spanned(text: str, today: date) -> Span:
    """The span of a date; raises ValueError for days that return every year."""
    found = parse(text, today)
    if isinstance(found, Yearly):
        raise ValueError(f"which year? {text}")
    return found


def compared(operator: str, text: str, today: date) -> Span:
    """The days before, after, from or up to a date."""
    span = spanned(text, today)
    edges = {">": (span.end, LAST), ">=": (span.start, LAST), "<": (FIRST, span.start), "<=": (FIRST, span.end)}
    return Span(*edges[operator])


def numeric(text: str, today: date) -> Span | None:
    """2023, 2023-05, 2023-05-12, 12.5.2023, 24/12/2023, 1990s."""
    if found := re.fullmatch(r"(\d{3}0)s", text):
        return Span(date(int(found[1]), 1, 1), date(int(found[1]) + 10, 1, 1))
    if found := re.fullmatch(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?", text):
        return of(*(int(part) if part else None for part in found.groups()))
    if found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        return of(int(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        return slashed(*map(int, found.groups()))
    return None


def slashed(one: int, other: int, year: int) -> Span | None:
    """24/12/2019 and 12/24/2019; none where nobody can tell the day from the month."""
    if one != other and one <= 12 and other <= 12:
        return None
    return of(year, *((other, one) if one > 12 else (one, other)))


def of(year: int | None, month: int | None = None, day: int | None = None) -> Span:
    """A whole year, month or day; raises ValueError."""
    start = date(year or 0, month or 1, day or 1)
    if day:
        return Span(start, start + timedelta(days=1))
    return Span(start, add_months(start, 1 if month else 12))


def add_months(day: date, count: int) -> date:
    """The same day so many months later, or the last one of that month."""
    month = day.year * 12 + day.month - 1 + count
    year, month = divmod(month, 12)
    if not 1 <= year <= 9999:
        raise ValueError("not in the calendar")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def relative(text: str, today: date) -> Span | None:
    """today, yesterday, this month, last week, last 30 days, 2 years ago."""
    if text in DAYS_BACK:
        day = today - timedelta(days=DAYS_BACK[text])
        return Span(day, day + timedelta(days=1))
    if found := re.fullmatch(r"(this|last) (week|month|year|weekend)", text):
        return period(found[2], today, found[1] == "last")
    if found := re.fullmatch(r"last (\d{1,4}) (day|week|month|year)s?", text):
        return Span(back(today, int(found[1]), found[2]) + timedelta(days=1), today + timedelta(days=1))
    if found := re.fullmatch(r"(\d{1,4}) (day|week|month|year)s? ago", text):
        return period(found[2], back(today, int(found[1]), found[2]), last=False)
    return None


def back(day: date, count: int, unit: str) -> date:
    """So many days, weeks, months or years earlier."""
    if unit in ("day", "week"):
        return day - timedelta(days=count * (7 if unit == "week" else 1))
    return add_months(day, -count * (12 if unit == "year" else 1))


def period(unit: str, day: date, last: bool) -> Span:
    """The day, week, weekend, month or year that a day is in, or the one before it."""
    if unit == "weekend":
        saturday = day + timedelta(days=5 - day.weekday() - 7 * last)
        return Span(saturday, saturday + timedelta(days=2))
    starts = {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "year": day.replace(month=1, day=1),
    }
    start = back(starts[unit], int(last), unit)
    return Span(start, back(start, -1, unit))


def named(text: str, today: date) -> Days | None:
    """may, may 2023, 12 may 2023, may 12, summer, summer 2022."""
    parts = text.replace(".", " ").split()
    years = [int(part) for part in parts if re.fullmatch(r"\d{4}", part)]
    days = [int(part) for part in parts if re.fullmatch(r"\d{1,2}", part)]
    names = [part for part in parts if not part.isdigit()]
    if len(names) != 1 or len(years) > 1 or len(days) > 1 or len(years) + len(days) + 1 != len(parts):
        return None
    name, year, day = names[0], *(found[0] if found else None for found in (years, days))
    if name in SEASONS and day is None:
        first = SEASONS[name]
        if year is None:
            return Yearly(tuple((first + step - 1) % 12 + 1 for step in range(3)))
        return Span(date(year, first, 1), add_months(date(year, first, 1), 3))
    if name not in MONTHS:
        return None
    if year is not None:
        return of(year, MONTHS[name], day)
    if day is not None:
        date(2024, MONTHS[name], day)  # a leap year: there is such a day
    return Yearly((MONTHS[name],), day)


def feast(text: str, today: date) -> Days | None:
    """christmas, christmas 2019, new year, new year 2020 (which begins in 2019), easter 2022."""
    found = re.fullmatch(r"(christmas|new year|easter)(?: (\d{4}))?|(\d{4}) (christmas|new year|easter)", text)
    if found is None:
        return None
    name, year = found[1] or found[4], found[2] or found[3]
    if year is None:
        return {"christmas": Yearly((12,), 24, 26), "new year": Yearly((1,), 1)}.get(name)
    if name == "easter":
        sunday = easter(int(year))
        return Span(sunday - timedelta(days=2), sunday + timedelta(days=2))  # Good Friday to Easter Monday
    if name == "christmas":
        return Span(date(int(year), 12, 24), date(int(year), 12, 27))
    return Span(date(int(year) - 1, 12, 31), date(int(year), 1, 2))


def easter(year: int) -> date:
    """Easter Sunday of the western churches, by the rule of Gauss as Butcher wrote it down."""
    century, rest = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    month, day = divmod(moon + weekday - 7 * ((year % 19 + 11 * moon + 22 * weekday) // 451) + 114, 31)
    return date(year, month, day + 1)


def recent(text: str, today: date) -> Span | None:
    """last summer, this march, last christmas, last monday: the latest that is over, or the one of this year."""
    which, _, name = text.partition(" ")
    if which not in ("last", "this"):
        return None
    if name in WEEKDAYS:
        back = (today.weekday() - WEEKDAYS.index(name) - 1) % 7 + 1 if which == "last" else 0
        day = today - timedelta(days=back)
        return Span(day, day + timedelta(days=1)) if back else None
    years = range(today.year, today.year - 1 if which == "this" else max(today.year - YEARS_BACK - 1, 0), -1)
    spans = [span for year in years if (span := in_year(name, year, today))]
    return next((span for span in spans if which == "this" or span.end <= today), None)


def in_year(name: str, year: int, today: date) -> Span | None:
    """The feast, season, month or day in that year; none where the year has no such day."""
    try:
        found = feast(f"{name} {year:04}", today) or named(f"{name} {year:04}", today)
    except ValueError:
        return None
    return found if isinstance(found, Span) else None
