"""Photos found by what they look like, from words: by a CLIP of the user's own where there is one, else by the maps."""

from collections.abc import Sequence
from functools import lru_cache

from accounts.models import User
from photos.access import shared_photos, visible_photos
from photos.gallery import clip_search
from photos.vectors import words as mapped
from vision import inference
from vision.words import query
from vision.words.query import Query

MOST = 3_000  # the database takes longer over more than the model does


def can_find(user: User) -> bool:
    """Whether words can be compared with any picture."""
    return clip_search.is_ready() or mapped.shelf().seen(owners_seen_by(user)) is not None


def find(user: User, words: Sequence[str]) -> list[int]:
    """The ids of photos that look like what the words say, best first; none where nothing is likely to.

    They are photos of owners who share something with the user: filter them by what the user may see.
    """
    text = " ".join(words)
    if clip_search.is_ready():
        return clip_search.find(text, visible_photos(user))
    seen = mapped.shelf().seen(owners_seen_by(user))
    try:
        if seen is None or not all(map(query.is_understood, words)):
            return []
        return seen.photos[seen.library.answer(_read(text))[:MOST]].tolist()
    except inference.MissingWeights:  # the administrator reads of it in the checks; a search finds what words find
        return []


@lru_cache(maxsize=256)
def _read(text: str) -> Query:
    return query.read(text)


def owners_seen_by(user: User) -> set[int]:
    """The user, and those who share photos with the user."""
    return {user.pk, *shared_photos(user).order_by().values_list("owner_id", flat=True).distinct()}
