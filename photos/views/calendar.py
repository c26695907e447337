"""The calendar: years with their days, and memories of one day in other years."""

from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mirage.web.htmx import HtmxHttpRequest, render_page
from photos.gallery.lists import timeline_of
from photos.gallery.memories.calendar import day_counts, memories_of, months_of, years_of
from photos.gallery.memories.choosing import remembered

LEAP_YEAR = 2024  # has every day, also 29 February


@require_safe
def years(request: HtmxHttpRequest) -> HttpResponse:
    """All years of the library. The latest is shown at once, the others load as they come into view."""
    counts = years_of(timeline_of(request.user, "timeline"))
    return render_page(
        request, "photos/calendar/calendar.html", "photos/calendar/_calendar.html", {"years": list(counts.items())}
    )


@require_safe
def year(request: HtmxHttpRequest, year: int) -> HttpResponse:
    """The months of a year, with the number of photos on each day."""
    if not 1 <= year <= 9998:
        raise Http404("no such year")
    counts = day_counts(timeline_of(request.user, "timeline").photos(), year)
    context = {"year": year, "count": sum(counts.values()), "months": months_of(year, counts)}
    return render_page(request, "photos/calendar/year.html", "photos/calendar/_year.html", context)


@require_safe
def memories(request: HtmxHttpRequest) -> HttpResponse:
    """The photos of today's date, or of `day` (05-31), in all years but the current one."""
    now = timezone.localdate(timezone=request.user.zone)
    day = named_day(request.GET["day"]) if "day" in request.GET else date(LEAP_YEAR, now.month, now.day)
    found = memories_of(remembered(request.user), day, but=now.year)
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
