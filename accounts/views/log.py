"""The security log: administrators see all of it, other users what they did themselves."""

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from accounts.activity import VERBS
from accounts.log_words import GROUPS
from accounts.models import SecurityEvent, User
from media.text import clean, name_key
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.web.paging import first_page
from mirage.web.parameters import row_id

PAGE = 100


@require_safe
def log(request: HtmxHttpRequest) -> HttpResponse:
    """The newest lines that match the filter, or those before the line `before`."""
    lines = filtered(request.user, request.GET)
    if anchor := SecurityEvent.objects.filter(pk=row_id(request.GET.get("before", "")) or 0).first():
        lines = lines.filter(Q(at__lt=anchor.at) | Q(at=anchor.at, pk__lt=anchor.pk))
    rows, last = first_page(lines.select_related("actor").order_by("-at", "-id"), PAGE)
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "rows": rows,
        "more": last.pk if last else None,
        "query": query.urlencode(),
        "filter": request.GET,
        "groups": GROUPS,
        "users": User.objects.order_by("username") if request.user.is_superuser else None,
        "days": settings.MIRAGE_LOG_DAYS,
    }
    fragment = "accounts/_log_rows.html" if "before" in request.GET else "accounts/_log.html"
    return render_page(request, "accounts/log.html", fragment, context)


def filtered(user: User, wanted: Any) -> QuerySet[SecurityEvent]:
    """The lines that the user may see and that match `group`, `verb`, `who`, `words`, `from` and `until`."""
    lines = SecurityEvent.objects.all() if user.is_superuser else SecurityEvent.objects.filter(actor=user)
    if wanted.get("group") in VERBS:
        lines = lines.filter(verb__in=VERBS[wanted["group"]])
    if wanted.get("verb"):
        lines = lines.filter(verb=wanted["verb"].replace("\0", ""))
    if wanted.get("who"):
        actors = lines.order_by().values_list("actor_name", flat=True).distinct()
        lines = lines.filter(actor_name__in=[name for name in actors if name_key(name) == name_key(wanted["who"])])
    if words := clean(wanted.get("words", "")):
        found = Q(address__startswith=words)
        for form in {words, words.lower(), words.upper(), words.title()}:  # SQLite ignores the case of ASCII only
            found |= Q(subject__icontains=form) | Q(actor_name__icontains=form)
        lines = lines.filter(found)
    for name, lookup in (("from", "at__gte"), ("until", "at__lt")):
        if day := day_of(wanted.get(name, "")):
            start = datetime.combine(day, time(), timezone.get_current_timezone())
            lines = lines.filter(**{lookup: start if name == "from" else start + timedelta(days=1)})
    return lines


def day_of(text: str) -> Any:
    """The date written as yyyy-mm-dd; None for anything else."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 1970 <= day.year <= 9000 else None
