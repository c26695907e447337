"""Photos found by what they look like, from words: by a CLIP of the user's own where there is one, else by the maps."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from accounts.models import User
from mirage.web.time_limit import time_out
from photos.access import shared_photos, visible_photos
from photos.gallery.alike import clip_search
from photos.models import Photo
from photos.vectors import words as mapped
from vision import inference
from vision.words import query, vocabulary
from vision.words.query import Query

MOST = 3_000  # the database takes longer over more than the model does
MOST_ALIKE = 200  # that are like a photo and as words say


def can_find(user: User) -> bool:
    """Whether words can be compared with any picture."""
    return clip_search.is_ready() or mapped.shelf().seen(owners_seen_by(user)) is not None


def find(user: User, words: Sequence[str]) -> list[int]:
    """The ids of photos that look like what the words say, best first; none where nothing is likely to.

    They are photos of owners who share something with the user: filter them by what the user may see.
    """
    if clip_search.is_ready():
        return clip_search.find(" ".join(words), visible_photos(user))
    seen = mapped.shelf().seen(owners_seen_by(user))
    try:
        asked = read(words) if seen else None
        common = " ".join(query.in_english(words)) in vocabulary.shipped().words
        if seen is None or asked is None:
            return []
        found = seen.library.answer(asked, common)
        return seen.photos[found[:MOST]].tolist()
    except inference.MissingWeights:  # the administrator reads of it in the checks; a search finds what words find
        return []


def find_like(user: User, photo: Photo, words: Sequence[str]) -> list[int] | None:
    """The ids of other photos that look like this one and as the words say, best first; None if it is not known yet.

    The photo and the words count alike: their vectors are added.
    """
    if clip_search.is_ready():
        within = visible_photos(user).exclude(pk=photo.pk)
        return clip_search.find_like(photo, " ".join(words), within, MOST_ALIKE)
    seen = mapped.shelf().seen(owners_seen_by(user))
    places = np.flatnonzero(seen.photos == photo.pk).tolist() if seen else []
    if seen is None or not places:
        return None
    picture = seen.library.vectors[places[0] : places[0] + 1][0]
    try:
        asked = query.like(picture, read(words) if words else None)
    except inference.MissingWeights:
        return None
    order = np.argsort(-seen.library.scores(asked), kind="stable")
    return seen.photos[order[order != places[0]][:MOST_ALIKE]].tolist()


def read(words: Sequence[str]) -> Query | None:
    """The query that words are; None where one of them means nothing. Raises inference.MissingWeights.

    The first one loads what a process needs: that does not count as the time of its search.
    """
    with time_out():
        english = query.in_english(words)
        return _read(" ".join(english)) if all(map(query.is_understood, english)) else None


@lru_cache(maxsize=256)
def _read(text: str) -> Query:
    return query.read(text)


def owners_seen_by(user: User) -> set[int]:
    """The user, and those who share photos with the user."""
    return {user.pk, *shared_photos(user).order_by().values_list("owner_id", flat=True).distinct()}
