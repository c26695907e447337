"""Words that photos show, with a vocabulary of two: what the first photo looks like, and what the second does."""

from collections.abc import Callable

import numpy as np
import pytest

from accounts.models import User
from photos import vectors
from photos.gallery import vocabulary
from photos.models import Embedding, Photo
from search import facets
from search.results import timeline
from vision import embeddings
from vision.words import library, maps
from vision.words import vocabulary as vision_vocabulary
from vision.words.query import NAMES_OTHERWISE, Query
from vision.words.vocabulary import Vocabulary

WORDS = ("beach", "dog")


@pytest.fixture
def photos(make_photo: Callable[..., Photo], monkeypatch: pytest.MonkeyPatch) -> list[Photo]:
    """A beach, two dogs of which the second is hidden in the archive, and something else."""
    rng = np.random.default_rng(5)
    one, two, other = rng.normal(size=(3, embeddings.DIMENSION)).astype(np.float32)
    rows = np.stack([one, two, two + 0.4 * other, other])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    made = [make_photo(), make_photo(), make_photo(archived=True), make_photo()]
    Embedding.objects.bulk_create(
        Embedding(photo=photo, kind=embeddings.KIND, model=embeddings.MODEL, vector=vectors.pack(row))
        for photo, row in zip(made, rows, strict=True)
    )
    mapped = maps.shipped().pictures(rows)
    weights = np.repeat(np.array([1 - NAMES_OTHERWISE, NAMES_OTHERWISE], np.float32), mapped.shape[1] // 2)
    asked = tuple(Query(weights * mapped[at], NAMES_OTHERWISE) for at in (0, 1))
    scores = vision_vocabulary.scores(library.Library.of(rows), asked)
    thresholds = np.array([scores[0, 0] - 0.1, scores[1:3, 1].min() - 0.1], np.float32)
    known = Vocabulary(WORDS, ("scenes", "things"), asked, thresholds)
    monkeypatch.setattr(vision_vocabulary, "shipped", lambda: known)
    return made


def test_photos_are_counted_by_what_they_show(photos: list[Photo], owner: User, stranger: User) -> None:
    ids = [photo.pk for photo in photos]
    assert vocabulary.counted(owner, ids) == {"beach": 1, "dog": 2}
    assert vocabulary.counted(owner, ids[:2]) == {"beach": 1, "dog": 1}
    assert vocabulary.counted(stranger, ids) == {}


def test_the_best_come_first(photos: list[Photo], owner: User) -> None:
    assert vocabulary.showing(owner, "dog") == [photos[1].pk, photos[2].pk]


def test_tiles_count_what_is_on_the_timeline_and_show_the_best(
    photos: list[Photo], owner: User, stranger: User
) -> None:
    assert vocabulary.tiles(owner, "things") == [vocabulary.Tile("dog", 1, photos[1])]
    assert vocabulary.tiles(owner, "scenes") == [vocabulary.Tile("beach", 1, photos[0])]
    assert vocabulary.tiles(stranger, "things") == []


def test_the_keys_find_what_the_facets_count(photos: list[Photo], owner: User) -> None:
    assert {photo.pk for photo in timeline.find(owner, "looks:dog").photos} == {photos[1].pk, photos[2].pk}
    assert [photo.pk for photo in timeline.find(owner, "scene:beach").photos] == [photos[0].pk]
    counts = facets.counted(timeline.find(owner, "looks:dog"))
    (facet,) = [facet for facet in facets.facets(counts, owner) if facet.title == "Things"]
    assert [(choice.label, choice.count, choice.is_on) for choice in facet.choices] == [("dog", 2, True)]


def test_what_nothing_looks_like_is_told(photos: list[Photo], owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photos.gallery.looks.find", lambda user, words: [])
    found = timeline.find(owner, "looks:giraffe")
    assert [notice.message for notice in found.notices] == ["Nothing here looks like “giraffe”."]
    assert not found.photos.exists()
