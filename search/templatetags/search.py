"""What the frame of every page needs from search: the search for the current list, and the pinned searches."""

from django import template
from django.template.context import RequestContext
from django.utils.translation import gettext as _

from photos.gallery.timeline import Listing
from search.access import searches_of
from search.language.keys import KEYS, Kind
from search.language.tree import And, Node, Not, Term, Value, written
from search.models import SavedSearch

register = template.Library()

ARCHIVED = Term("is", (Value("archived"),))
SCOPES: dict[str, Node] = {
    "recent": And((Not(ARCHIVED), Term("sort", (Value("added"),)))),
    "favourites": Term("is", (Value("favourite"),)),
    "videos": And((Term("type", (Value("video"),)), Not(ARCHIVED))),
    "archive": ARCHIVED,
    "trash": Term("is", (Value("trashed"),)),
}


@register.filter
def scope(listing: Listing | str) -> str:
    """The search that finds a listing: is:favourite for the favourites; empty if there is none."""
    if not isinstance(listing, Listing):
        return ""
    if listing.slug in SCOPES:
        return str(SCOPES[listing.slug])
    name, _dot, thing = listing.slug.partition(".")  # album.KEY: lists of things with a name have the name of their key
    if name not in KEYS or KEYS[name].kind is not Kind.NAME:
        return ""
    return str(Term(name, (written(thing if listing.title == _("No name yet") else str(listing.title)),)))


@register.simple_tag(takes_context=True)
def pinned_searches(context: RequestContext) -> list[SavedSearch]:
    """The user's pinned searches. The rail and the bar ask for them: one query serves both."""
    request = context["request"]
    if not hasattr(request, "pinned_searches"):
        request.pinned_searches = list(searches_of(request.user).filter(pinned=True))
    return request.pinned_searches
