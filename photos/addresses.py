"""The addresses of a photo's pages and thumbnails.

Browsers may keep thumbnails for ever, so the address of a thumbnail says how the picture is turned.
"""

from functools import cache
from typing import Protocol

from django.urls import get_script_prefix, reverse

THUMBNAILS = frozenset({"small", "medium", "large", "animated"})
TURN = "turn"  # query parameter of a thumbnail's address


class Shown(Protocol):
    """The parts of a photo that its addresses depend on."""

    key: str
    turn: int


def page_address(key: str, page: str) -> str:
    """The address of a page (photo, info, original, …) of the photo with that key."""
    return _pattern(page, get_script_prefix()).replace("KEY", key)


def thumbnail_address(photo: Shown, size: str) -> str:
    """The address of the photo's thumbnail in that size."""
    address = page_address(photo.key, size)
    return address if photo.turn == 1 else f"{address}?{TURN}={photo.turn}"


@cache
def _pattern(page: str, script_prefix: str) -> str:
    """The address for a photo whose key is KEY. Cached: a grid needs three addresses for each tile."""
    if page in THUMBNAILS:
        return reverse("photos:thumbnail", args=["KEY", page])
    return reverse(f"photos:{page}", args=["KEY"])
