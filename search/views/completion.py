"""Proposals while somebody types."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mirage.web.htmx import HtmxHttpRequest
from mirage.web.parameters import typed
from mirage.web.time_limit import TakesTooLong
from search.limits import in_time
from search.suggestions import completion
from search.suggestions.completion import Completion

LONGEST = 500  # characters; longer searches get no proposals


@require_safe
def complete(request: HtmxHttpRequest) -> HttpResponse:
    """The proposals for `q` with the cursor at `at`, as the options of the box's list."""
    text = request.GET.get("q", "")[:LONGEST].replace("\0", " ")  # the spaces stay: the cursor is behind them
    at = request.GET.get("at", "")
    cursor = min(int(at), len(text)) if at.isdecimal() else len(text)
    scope = typed(request.GET, "in")[:LONGEST]
    context = {
        "completions": proposed(request, text, cursor),
        "text": text,
        "scope": scope,
        "within": f"{scope} {text}".strip() if scope and text.strip() else "",
    }
    response = render(request, "search/_completions.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def proposed(request: HtmxHttpRequest, text: str, cursor: int) -> list[Completion]:
    """The proposals; none if they take too long."""
    try:
        with in_time():
            return completion.complete(request.user, text, cursor)
    except TakesTooLong:
        return []
