"""The calendar: years, their months, the days of a month, and memories of one day in other years."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.views.decorators.http import require_safe

from mirage.web.htmx import HtmxHttpRequest, render_page
from photos.gallery.lists import timeline_of
from photos.gallery.memories import calendar
from photos.gallery.memories.choosing import memories_of
from photos.gallery.timeline import Timeline

LEAP_YEAR = 2024  # has every day, also 29 February
LAST_YEAR = 9998


@require_safe
def years(request: HtmxHttpRequest) -> HttpResponse:
    """All years of the library, with covers."""
    timeline = timeline_of(request.user, "timeline")
    context = {"years": calendar.years(timeline)} | around(timeline, None)
    return render_page(request, "photos/calendar/calendar.html", "photos/calendar/_years.html", context)


@require_safe
def year(request: HtmxHttpRequest, year: int) -> HttpResponse:
    """The months of a year, with covers."""
    timeline = timeline_of(request.user, "timeline")
    context = around(timeline, first_day(year, 1), months=12)
    months = calendar.months_of(timeline, year)
    context |= {"months": months, "count": sum(month.count for month in months)}
    return render_page(request, "photos/calendar/year.html", "photos/calendar/_year.html", context)


@require_safe
def month(request: HtmxHttpRequest, year: int, month: int) -> HttpResponse:
    """The days of a month, with covers."""
    timeline = timeline_of(request.user, "timeline")
    context = around(timeline, first_day(year, month), months=1)
    days = calendar.days_of(timeline, year, month)
    context |= {"days": days, "blanks": days[0].first.weekday(), "count": sum(day.count for day in days)}
    context["weekdays"] = WEEKDAYS_ABBR.values()
    return render_page(request, "photos/calendar/month.html", "photos/calendar/_month.html", context)


def first_day(year: int, month: int) -> date:
    """The first day of a month. Raises Http404."""
    if not (1 <= year <= LAST_YEAR and 1 <= month <= 12):
        raise Http404("no such month")
    return date(year, month, 1)


def around(timeline: Timeline, first: date | None, *, months: int = 0) -> dict[str, Any]:
    """The context of a page that shows so many months from that day on: where its links lead.

    `older` and `newer` are the nearest months with photos before and after them. `latest` is where somebody goes who
    has chosen no year yet, or no month.
    """
    found = [month.first for month in timeline.months()]  # the latest first
    if first is None:
        return {"latest": found[0] if found else None}
    within = [month for month in found if first <= month < after(first, months)]
    return {
        "first": first,
        "older": next((month for month in found if month < first), None),
        "newer": next((month for month in reversed(found) if month >= after(first, months)), None),
        "latest": within[0] if within else first,
    }


def after(first: date, months: int) -> date:
    """The first day of the month so many months later."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


@require_safe
def memories(request: HtmxHttpRequest) -> HttpResponse:
    """The photos of today's date, or of `day` (05-31), in all years but the current one."""
    now = timezone.localdate(timezone=request.user.zone)
    day = named_day(request.GET["day"]) if "day" in request.GET else date(LEAP_YEAR, now.month, now.day)
    found = memories_of(request.user, day, but=now.year)
    context = {
        "day": day,
        "is_today": (day.month, day.day) == (now.month, now.day),
        "memories": [(memory, now.year - memory.date.year) for memory in found],
        "previous": day - timedelta(days=1),
        "following": day + timedelta(days=1),
    }
    return render_page(request, "photos/calendar/memories.html", "photos/calendar/_memories.html", context)


def named_day(text: str) -> date:
    """The day for mm-dd. Raises Http404."""
    try:
        return date.fromisoformat(f"{LEAP_YEAR}-{text}")
    except ValueError as error:
        raise Http404("no such day") from error
