"""The addresses of a photo's pages and thumbnails.

Browsers may keep thumbnails for ever, so the address of a thumbnail says how the picture is turned and edited.
"""

from collections.abc import Mapping
from functools import cache
from typing import Protocol

from django.urls import get_script_prefix, reverse

THUMBNAILS = frozenset({"small", "medium", "large", "animated"})
TURN, EDIT = "turn", "edit"  # query parameters of a thumbnail's address


class Shown(Protocol):
    """The parts of a photo that its addresses depend on."""

    key: str
    turn: int
    rendition: str


def page_address(key: str, page: str) -> str:
    """The address of a page (photo, info, original, …) of the photo with that key."""
    return _pattern(page, get_script_prefix()).replace("KEY", key)


def thumbnail_address(photo: Shown, size: str) -> str:
    """The address of the photo's thumbnail in that size."""
    address = page_address(photo.key, size)
    turned = f"{TURN}={photo.turn}" if photo.turn != 1 else ""
    edited = f"{EDIT}={photo.rendition}" if photo.rendition else ""
    query = "&".join(part for part in (turned, edited) if part)
    return f"{address}?{query}" if query else address


def is_current(photo: Shown, query: Mapping[str, str]) -> bool:
    """Whether a thumbnail's address, with this query, is that of the picture as it is turned and edited now."""
    return query.get(TURN, "1") == str(photo.turn) and query.get(EDIT, "") == photo.rendition


@cache
def _pattern(page: str, script_prefix: str) -> str:
    """The address for a photo whose key is KEY. Cached: a grid needs three addresses for each tile."""
    if page in THUMBNAILS:
        return reverse("photos:thumbnail", args=["KEY", page])
    return reverse(f"photos:{page}", args=["KEY"])
