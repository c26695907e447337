"""What photos show, in words that can be trusted (vision/words/vocabulary.py): counted, found, and as tiles."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from django.utils.translation import get_language

from accounts.models import User
from photos.access import photos_of
from photos.gallery.looks import owners_seen_by
from photos.models import Photo
from photos.vectors import words as mapped
from vision.words import translations, vocabulary

COVERS = 20  # best photos of a word, of which the first that can be shown is its cover


@dataclass(frozen=True)
class Tile:
    """A word, how many of the user's photos show it, and the one that shows it best."""

    word: str
    count: int
    cover: Photo


def named(word: str) -> str:
    """What a word for things is in the reader's language."""
    return translations.called(word, get_language() or "")


def about(subject: str) -> list[str]:
    """The words about `things` or `scenes`."""
    known = vocabulary.shipped()
    return [word for word, about in zip(known.words, known.about, strict=True) if about == subject]


def counted(user: User, ids: Collection[int]) -> Counter[str]:
    """How many of these photos show each word."""
    seen = mapped.shelf().seen(owners_seen_by(user))
    if seen is None:
        return Counter()
    numbers = seen.shown[np.isin(seen.photos, np.fromiter(ids, np.int64, len(ids)))]
    counts = np.bincount(numbers[numbers != vocabulary.NONE], minlength=len(vocabulary.shipped().words))
    return Counter({vocabulary.shipped().words[at]: int(counts[at]) for at in np.flatnonzero(counts)})


def showing(user: User, word: str) -> list[int]:
    """The ids of photos that show the word, best first, of those who share something with the user."""
    seen = mapped.shelf().seen(owners_seen_by(user))
    return [] if seen is None else _best(seen, vocabulary.shipped().words.index(word))


def _best(seen: mapped.Seen, number: int) -> list[int]:
    places = np.flatnonzero((seen.shown == number).any(axis=1))
    scores = seen.library.scores(vocabulary.shipped().queries[number])[places]
    return seen.photos[places[np.argsort(-scores, kind="stable")]].tolist()


def tiles(user: User, subject: str, limit: int = 24) -> list[Tile]:
    """What most of the user's photos on the timeline show, of `things` or `scenes`; the commonest first."""
    if mapped.shelf().seen(owners_seen_by(user)) is None:
        return []
    shown = photos_of(user).on_timeline()
    known = set(about(subject))
    counts = counted(user, list(shown.order_by().values_list("pk", flat=True)))
    common = sorted((word for word in counts if word in known), key=lambda word: (-counts[word], word))[:limit]
    found = []
    for word in common:
        best = showing(user, word)[:COVERS]
        photos = shown.in_bulk(best)
        if cover := next((photos[pk] for pk in best if pk in photos), None):
            found.append(Tile(word, counts[word], cover))
    return found
