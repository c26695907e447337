"""Smart albums: saved searches that show their current results."""

from accounts.models import User
from photos.access import photos_of
from photos.models import PhotoQuerySet
from search.compile import select
from search.language.grammar import Mistake


def photos_matching(owner: User, query: str) -> PhotoQuerySet:
    """The owner's photos that match the search, without the trash; none if the search is empty or invalid."""
    photos = photos_of(owner).present().displayable()
    if not query.strip():
        return photos.none()
    try:
        return select(photos, owner, query)
    except Mistake:
        return photos.none()
