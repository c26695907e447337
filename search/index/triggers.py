"""Triggers that note which photos' words have changed (mirage/triggers.py)."""

from collections.abc import Iterator

from mirage.triggers import Triggers, Watch
from search.index.documents import columns_of_photos
from search.index.sources import all_rows
from search.models import TextChange

QUEUE = TextChange._meta.db_table


def watches() -> Iterator[Watch]:
    """Everything that `search.index.documents` reads."""
    yield Watch("photos_photo", "INSERT", "SELECT NEW.id")
    yield Watch("photos_photo", "UPDATE", "SELECT NEW.id", tuple(columns_of_photos()))
    yield Watch("photos_photo", "DELETE", "SELECT OLD.id")
    for rows in all_rows():
        yield from rows.watches


OWN = Triggers("search_text_", QUEUE, "photo_id", watches)
wanted, present, install, before_migrations = OWN.wanted, OWN.present, OWN.install, OWN.before_migrations
