"""Where a photo's pages and pictures are found.

Browsers keep thumbnails for ever, so a picture that is turned has another address: turned back it has the first again.
"""

from functools import cache
from typing import Protocol

from django.urls import get_script_prefix, reverse

THUMBNAILS = frozenset({"small", "medium", "large", "animated"})
TURN = "turn"  # in the query of a thumbnail's address


class Shown(Protocol):
    """What an address needs of a photo."""

    key: str
    turn: int


def page_address(key: str, page: str) -> str:
    """The address of the page of that name (photo, info, original, …) of the photo of that key."""
    return _pattern(page, get_script_prefix()).replace("KEY", key)


def thumbnail_address(photo: Shown, size: str) -> str:
    """The address of the photo's thumbnail of that size, as it is turned now."""
    address = page_address(photo.key, size)
    return address if photo.turn == 1 else f"{address}?{TURN}={photo.turn}"


@cache
def _pattern(page: str, script_prefix: str) -> str:
    """The address for the photo KEY. Cached: a grid needs three for each of its tiles."""
    if page in THUMBNAILS:
        return reverse("photos:thumbnail", args=["KEY", page])
    return reverse(f"photos:{page}", args=["KEY"])
