"""Days: when a photo was taken, in local time, and when it was added to the library."""

from datetime import UTC, date, datetime, time, tzinfo

from django.db.models import F, Q
from django.db.models.lookups import In
from django.utils.translation import gettext as _

from search.compile import Compiler, any_of
from search.conditions.expressions import DayOfMonth
from search.language import dates
from search.language.tree import Term, Value


def taken(compiler: Compiler, term: Term) -> Q:
    return any_of(in_column(compiler, value, "taken_local", UTC) for value in term.values)


def added(compiler: Compiler, term: Term) -> Q:
    return any_of(in_column(compiler, value, "added_at", compiler.zone) for value in term.values)


def in_column(compiler: Compiler, value: Value, column: str, zone: tzinfo) -> Q:
    """The part of a date column that the value means. This 29 February is no day of most years: it finds nothing."""
    try:
        return in_days(days_of(compiler, value), column, zone)
    except ValueError:
        return compiler.note(_("There is no such day: “%(day)s”.") % {"day": value.text}, value)


def days_of(compiler: Compiler, value: Value) -> dates.Days:
    """The days that a value means, relative to the user's today. Raises ValueError where there are none."""
    if value.operator:
        return dates.compared(value.operator, value.text, compiler.today)
    return dates.parse(value.text, compiler.today)


def in_days(days: dates.Days, column: str, zone: tzinfo) -> Q:
    """The part of a date column that lies in these days of a time zone."""
    found = Q()
    if isinstance(days, dates.Span):
        if days.start != dates.FIRST:
            found &= Q(**{f"{column}__gte": midnight(days.start, zone)})
        if days.end != dates.LAST:
            found &= Q(**{f"{column}__lt": midnight(days.end, zone)})
        return found
    if column == "taken_local":
        found = Q(In(F("taken_month") % 100, list(days.months)))
        return found if days.days is None else found & Q(In(DayOfMonth(column), list(days.days)))
    found = Q(**{f"{column}__month__in": list(days.months)})
    return found if days.days is None else found & Q(**{f"{column}__day__in": list(days.days)})


def midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
