"""Links in a photo's panel, such as to its albums. Apps add their rows in `AppConfig.ready`.

ROWS.add("albums", Row("Albums", "album", 20, albums_of_photo))
"""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User
from mirage.registry import Registry
from mirage.wording import Words
from photos.gallery.explore import Tile
from photos.models import Photo


@dataclass(frozen=True)
class Row:
    """A row of the panel: links under a title."""

    title: Words
    icon: str
    place: int  # the smallest comes first
    links: Callable[[User, Photo], list[Tile]]


ROWS: Registry[Row] = Registry("row of the panel")


def related(user: User, photo: Photo) -> list[tuple[Row, list[Tile]]]:
    """The rows that have links, in their order."""
    rows = [(row, row.links(user, photo)) for row in sorted(ROWS.values(), key=lambda row: row.place)]
    return [(row, links) for row, links in rows if links]
