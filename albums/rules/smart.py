"""Smart albums: saved searches that show their current results."""

from django.utils.translation import gettext as _

from accounts.models import User
from mirage.refusals import NotPossible
from photos.access import photos_of
from photos.models import PhotoQuerySet
from search.compile import select
from search.language.grammar import Mistake
from search.results.lasting import lasting


def readable(query: str) -> str:
    """The query as it can be kept, if it is a search or empty. Raises NotPossible with what is wrong in it."""
    query = query.replace("\0", " ").strip()
    try:
        return lasting(query)
    except Mistake as mistake:
        raise NotPossible(
            _("%(problem)s (at character %(number)s of the search)")
            % {"problem": mistake.message, "number": mistake.start + 1}
        ) from mistake


def photos_matching(owner: User, query: str) -> PhotoQuerySet:
    """The owner's photos that match the search, without the trash; none if the search is empty or invalid."""
    photos = photos_of(owner).present().displayable()
    if not query.strip():
        return photos.none()
    try:
        return select(photos, owner, query)
    except Mistake:
        return photos.none()
