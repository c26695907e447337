"""Smart albums: a search that is kept, and always shows what it finds now."""

from accounts.models import User
from photos.access import photos_of
from photos.models import PhotoQuerySet
from search.compile import select
from search.language.grammar import Mistake


def photos_matching(owner: User, query: str) -> PhotoQuerySet:
    """What the owner's search finds among the owner's photos, but the trash; nothing where it is no search."""
    photos = photos_of(owner).present().displayable()
    if not query.strip():
        return photos.none()
    try:
        return select(photos, owner, query)
    except Mistake:
        return photos.none()
