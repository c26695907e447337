"""What the search box shows before a word is typed: faces, recent searches, places, years; and forgetting searches."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from mirage.web.htmx import HtmxHttpRequest
from mirage.web.time_limit import TakesTooLong
from search.access import recent_or_404, recent_searches, searches_of
from search.limits import in_time
from search.suggestions import starting


@require_safe
def start(request: HtmxHttpRequest) -> HttpResponse:
    """The panel of the box, as a fragment."""
    context: dict[str, Any] = {
        "recent": recent_searches(request.user)[: starting.RECENT],
        "saved": searches_of(request.user)[: starting.SAVED],
    }
    try:
        with in_time():
            context |= {
                "people": starting.people(request.user),
                "places": starting.places(request.user),
                "years": starting.years(request.user),
            }
    except TakesTooLong:
        pass  # a search can be typed all the same
    response = render(request, "search/_starting.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def forget(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Forget one of the user's recent searches; a stranger's is as if it did not exist."""
    recent_or_404(request.user, pk).delete()
    return after_forgetting(request)


@require_POST
def forget_all(request: HtmxHttpRequest) -> HttpResponse:
    """Forget all of them."""
    recent_searches(request.user).delete()
    return after_forgetting(request)


def after_forgetting(request: HtmxHttpRequest) -> HttpResponse:
    """The list of those that are left; without HTMX the page of the search."""
    if not request.htmx:
        return redirect("search:search")
    return render(request, "search/_recent.html", {"recent": recent_searches(request.user)[: starting.RECENT]})
