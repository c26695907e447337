"""Search results as a listing: pages, months, neighbours in the viewer."""

import base64
from dataclasses import dataclass
from datetime import UTC
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from photos.access import visible_photos
from photos.gallery.timeline import Listing, Timeline
from photos.models import Photo, PhotoQuerySet
from search import compile as compiling
from search.compile import Found
from search.language.grammar import Mistake, parse
from search.language.tree import Node, Term, Tree, conjuncts, walk
from search.limits import SearchedTimeline, in_time
from search.results.ranking import Ranking

ORDERED = {"": "taken_local", "newest": "taken_local", "added": "added_at"}  # columns of orders by time


def searched(user: User, tree: Tree) -> PhotoQuerySet:
    """Where a search looks: all that the user may see, with the archive; the trash only if the search names it."""
    seen = visible_photos(user).searched()
    return seen if any(map(is_trashed, walk(tree.root))) else seen.present()


def is_trashed(node: Node) -> bool:
    return isinstance(node, Term) and node.key == "is" and any(value.text == "trashed" for value in node.values)


def find(user: User, text: str) -> Found:
    """What the text finds for the user. Raises Mistake and TakesTooLong."""
    tree = parse(text)
    with in_time():
        return compiling.find(searched(user, tree), user, tree)


def timeline(user: User, key: str) -> Timeline:
    """The listing `search.KEY` of the user; 404 for a key that is not a search."""
    try:
        return of_found(user, find(user, text_of(key)))
    except (ValueError, Mistake) as error:
        raise Http404("no such search") from error


@dataclass(frozen=True)
class Results(SearchedTimeline):
    """Results in an order by time, with stacks as one tile."""

    def photos(self) -> PhotoQuerySet:
        return self.owned.order_by(f"-{self.listing.order}", "-id")

    def in_order(self, limit: int) -> list[Photo]:
        """The first photos."""
        return list(self.photos()[:limit])


def of_found(user: User, found: Found) -> Results | Ranking:
    """The results of a search as a listing, newest first or in the order that it asks for."""
    text = str(found.tree)
    listing = Listing(
        f"search.{key_of(text)}",
        text or _("Everything"),
        "search",
        lambda owned: owned,
        order=ORDERED.get(found.sort, "rank"),
        address=reverse("search:search"),
        query=f"{urlencode({'q': text})}&",
        in_trash=any(map(is_trashed, conjuncts(found.tree.root))),
    )
    if found.sort not in ORDERED:
        return Ranking(listing, found.photos, found=found, user=user)
    with in_time():
        return Results(listing, found.tiles, UTC if listing.by_taken else user.zone)


def key_of(text: str) -> str:
    """A search as a part of an address."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def text_of(key: str) -> str:
    """The search from a key. Raises ValueError if it is not one."""
    return base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)).decode()
