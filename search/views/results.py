"""The page of a search: what was found, or what is wrong in it."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from mirage.htmx import HtmxHttpRequest, render_page
from photos.editing import EDIT_CHOICES
from photos.views.timeline import page_asked_for
from search import compile as compiling
from search.grammar import Mistake, parse
from search.timeline import of_found, searched


@require_safe
def search(request: HtmxHttpRequest) -> HttpResponse:
    """What `q` finds, from the top or where the address says; HTMX gets a single page of tiles."""
    text = request.GET.get("q", "").strip()
    context: dict[str, Any] = {"text": text}
    try:
        context |= found(request, text)
    except Mistake as mistake:
        context |= {"mistake": pointed(text, mistake)}
    scrolling = "before" in request.GET or "after" in request.GET
    fragment = "photos/_page.html" if scrolling and "page" in context else "search/_results.html"
    return render_page(request, "search/search.html", fragment, context)


def found(request: HtmxHttpRequest, text: str) -> dict[str, Any]:
    """The list of what was found; raises Mistake."""
    result = compiling.find(searched(request.user), request.user, parse(text))
    timeline = of_found(request.user, result)
    try:
        page = page_asked_for(timeline, request)
    except ValueError as error:
        raise Http404("no such place in the list") from error
    return {
        "listing": timeline.listing,
        "page": page,
        "notices": [pointed(text, notice) for notice in result.notices],
        "direction": "newer" if "after" in request.GET else "older" if "before" in request.GET else "",
        "edit_choices": EDIT_CHOICES,
        "tiles": settings.MIRAGE_MAP_TILES,
        "tiles_credit": settings.MIRAGE_MAP_CREDIT,
    }


def pointed(text: str, mistake: Mistake) -> dict[str, str]:
    """The mistake with the text before it, the part it is in, and what follows."""
    return {
        "message": mistake.message,
        "before": text[: mistake.start],
        "part": text[mistake.start : mistake.end],
        "after": text[mistake.end :],
        "suggestion": mistake.suggestion,
    }
