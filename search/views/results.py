"""The results page: what was found and how to narrow it down, or what is wrong with the search."""

from dataclasses import replace
from functools import cache
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.web.parameters import typed
from mirage.web.time_limit import TakesTooLong
from photos.gallery.pages import TILES, page_context, render_list
from search import facets
from search.compile import Found
from search.index import fulltext
from search.language.grammar import Mistake
from search.language.keys import KEYS
from search.language.languages.examples import examples
from search.language.languages.voices import language_read
from search.language.tree import Node, Tree, Word, conjuncts
from search.limits import in_time
from search.models import SavedSearch
from search.results.chips import chips
from search.results.nearly import nearly_fitting, unfinished
from search.results.notices import notices_of
from search.results.timeline import ORDERED, find, of_found
from search.suggestions import recent
from vision import clip

COUNTED_TO = 10_000  # results, before the page is shown
SPOKEN = (  # what the examples of plain words (languages/examples.csv) stand for
    _lazy("when: also january 2024, two years ago"),
    _lazy("feasts, with or without a year"),
    _lazy("kinds: also favourites, selfies, raw"),
    _lazy("what is missing: also untagged"),
    _lazy("either; without and only work too"),
    _lazy("what it looks like"),
)


@cache
def help_sheet(with_clip: bool, language: str) -> str:
    """The sheet of the search language in that language: the same for all, and longer than the rest of the page."""
    spoken = zip(examples(language), SPOKEN, strict=True)
    return render_to_string("search/_help.html", {"keys": KEYS.values(), "clip": with_clip, "spoken": spoken})


@require_safe
def search(request: HtmxHttpRequest) -> HttpResponse:
    """What `q` finds, from the top or from the place in the address; HTMX gets a single page of tiles."""
    text = typed(request.GET, "q")
    context: dict[str, Any] = {"search_text": text, "help": help_sheet(clip.is_on(), get_language() or "")}
    try:
        if request.GET.get("on") == "map":
            return redirect(map_of(request, text))
        with in_time():
            context |= shown(request, found_by(request, text), text) if text else start(request)
    except Mistake as mistake:
        context |= {"mistake": pointed(text, mistake)}
    except TakesTooLong as error:
        context |= {"mistake": pointed(text, Mistake(str(error), 0, len(text)))}
    if "page" in context:
        if not request.htmx and not context["direction"] and context["page"].days:
            recent.remember(request.user, text)
        return render_list(request, "search/search.html", "search/_results.html", context)
    return render_page(request, "search/search.html", "search/_results.html", context)


@require_safe
def narrow(request: HtmxHttpRequest) -> HttpResponse:
    """How many photos `q` finds, and how to narrow them down. It takes longer than the first page."""
    text = typed(request.GET, "q")
    context: dict[str, Any] = {"search_text": text}
    try:
        with in_time():
            context |= counted(request, found_by(request, text))
    except Mistake as mistake:
        raise Http404("no such search") from mistake
    except TakesTooLong:
        context |= {"total": None}
    return render_page(request, "search/narrow.html", "search/_narrow.html", context)


@require_safe
def nearly(request: HtmxHttpRequest) -> HttpResponse:
    """For a search that finds nothing: what nearly fits, and which work is unfinished."""
    text = typed(request.GET, "q")
    try:
        with in_time():
            parts = chips(found_by(request, text))
    except Mistake as mistake:
        raise Http404("no such search") from mistake
    except TakesTooLong:
        parts = []
    context = {"nearly": nearly_fitting(request.user, parts), "unfinished": unfinished(request.user)}
    return render_page(request, "search/nearly.html", "search/_nearly.html", context | {"search_text": text})


def counted(request: HtmxHttpRequest, found: Found) -> dict[str, Any]:
    """How many photos were found, and of what kinds."""
    counts = facets.counted(found)
    return {
        "total": counts.total,
        "facets": list(facets.facets(counts, request.user)),
        "waiting": fulltext.refresh(),
    }


def found_by(request: HtmxHttpRequest, text: str) -> Found:
    """What the text finds. Raises Mistake."""
    return find(request.user, text)


def map_of(request: HtmxHttpRequest, text: str) -> str:
    """The address of the map of what the text finds; of all photos without a text. Raises Mistake."""
    address = reverse("photos:map")
    return f"{address}?in={of_found(request.user, found_by(request, text)).listing.slug}" if text else address


def start(request: HtmxHttpRequest) -> dict[str, Any]:
    """What is shown before anything is searched for."""
    return {"saved": SavedSearch.objects.filter(owner=request.user).order_by("-pinned", "name")}


def shown(request: HtmxHttpRequest, found: Found, text: str) -> dict[str, Any]:
    """The results, and what stands above them."""
    tiles = TILES if found.sort in ORDERED else "search/_ranked.html"
    context = page_context(request, of_found(request.user, found), tiles=tiles)
    return context | {
        "notices": notices_of(text, found),
        "chips": chips(found),
        "total": total_of(found, context),
        "counted_to": COUNTED_TO,
        "is_of_words": is_of_words(found.tree.root),
        "compared": bool(found.descriptions),
        "search": str(found.tree),
        "sort": found.sort or "newest",
        "orders": [
            (order.short, str(replace(found.tree, sort=name)), name) for name, order in KEYS["sort"].choices.items()
        ],
        "kept": kept_as(request, found.tree),
    }


def kept_as(request: HtmxHttpRequest, tree: Tree) -> SavedSearch | None:
    """The saved search that is this one, with or without the language that it is read in."""
    spoken = replace(tree, language=tree.language or language_read())
    kept = SavedSearch.objects.filter(owner=request.user, query__in=[str(tree), str(spoken)])
    return kept.first()


def total_of(found: Found, context: dict[str, Any]) -> int | None:
    """How many photos were found; not counted again for each further page, nor where one page shows all of them.

    Many are counted only so far: the whole number takes longer than the page, and `narrow` brings it a moment later.
    """
    page = context["page"]
    if context["direction"]:
        return None
    shown = [photo for day in page.days for photo in day.photos]
    if page.newer or page.older or any(photo.stack_id for photo in shown):
        return found.photos.order_by()[:COUNTED_TO].count()
    return len(shown)


def is_of_words(node: Node | None) -> bool:
    """Whether it has no keys and no negation."""
    return all(isinstance(part, Word) for part in conjuncts(node))


def pointed(text: str, mistake: Mistake) -> dict[str, Any]:
    """The text before the mistake, the mistake, and the text after it."""
    return {
        "message": mistake.message,
        "before": text[: mistake.start],
        "part": text[mistake.start : mistake.end],
        "after": text[mistake.end :],
        "start": mistake.start,
        "end": mistake.end,
        "suggestion": mistake.suggestion,
    }
