"""What is kept of embeddings so that words can be compared with them: in memory, in its file, and by owner."""

from collections.abc import Callable

import numpy as np
import pytest

from accounts.models import User
from mirage.web.time_limit import time_limit
from photos import vectors
from photos.models import Embedding, Photo
from photos.vectors import words
from vision import embeddings
from vision.words.library import Library
from vision.words.query import WEIGHTS_OF_NAMES, Query

Add = Callable[..., list[Embedding]]


@pytest.fixture
def embed(make_photo: Callable[..., Photo], rng: np.random.Generator) -> Add:
    """Photos with embeddings at random."""

    def make(count: int, **photo: object) -> list[Embedding]:
        rows = rng.normal(size=(count, embeddings.DIMENSION)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return Embedding.objects.bulk_create(
            Embedding(photo=make_photo(**photo), kind=embeddings.KIND, model=embeddings.MODEL, vector=vectors.pack(row))
            for row in rows
        )

    return make


def photos_of(rows: list[Embedding]) -> list[int]:
    return [row.photo_id for row in rows]


def agrees(rows: list[Embedding], owner: User) -> None:
    """What is kept answers as a library that is made of these rows, whatever the weight of names."""
    seen = words.Shelf().seen([owner.pk])
    assert seen is not None
    assert sorted(seen.photos.tolist()) == sorted(photos_of(rows))
    truth = Library.of(np.stack([vectors.unpack(row.vector) for row in rows]))
    places = [seen.photos.tolist().index(row.photo_id) for row in rows]
    for names in WEIGHTS_OF_NAMES:
        query = Query(np.asarray(truth.known.measure(names).null_texts[3] / 2, np.float32), names)
        scores, wanted = seen.library.scores(query), truth.scores(query)
        assert scores[places] == pytest.approx(wanted, abs=5e-3)
        assert seen.library.shows(query, scores) == pytest.approx(truth.shows(query, wanted), abs=0.05)
        assert seen.library.chances(query, scores)[places] == pytest.approx(truth.chances(query, wanted), abs=0.02)


def test_new_photos_are_there_at_once(embed: Add, owner: User) -> None:
    shelf = words.Shelf()
    assert shelf.seen([owner.pk]) is None
    rows = embed(5)
    agrees(rows, owner)
    seen = shelf.seen([owner.pk])
    assert seen is not None
    assert shelf.seen([owner.pk]) is seen  # nothing came: nothing is done
    embed(1)
    again = shelf.seen([owner.pk])
    assert again is not None
    assert len(again.photos) == 6


def test_file_and_what_came_after_it_answer_as_one(embed: Add, owner: User, stranger: User) -> None:
    rows = embed(6)
    others = embed(4, owner=stranger)
    assert words.refresh() == 10
    rows += embed(3)
    agrees(rows, owner)
    agrees(others, stranger)
    assert words.refresh() == 13
    agrees(rows, owner)


def test_an_owners_pictures_alone_say_what_chance_is(embed: Add, owner: User, stranger: User) -> None:
    embed(30, owner=stranger)
    agrees(embed(6), owner)


def test_photos_that_are_gone_leave_the_file(embed: Add, owner: User) -> None:
    rows = embed(40)
    words.refresh()
    Photo.objects.filter(pk__in=photos_of(rows[:2])).delete()
    assert words.refresh() == 38
    Photo.objects.filter(pk__in=photos_of(rows[2:12])).delete()
    assert words.refresh() == 28
    agrees(rows[12:], owner)  # so many went that chance was measured again


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:5000], lambda data: b"x" * len(data)])
def test_a_damaged_file_is_made_again(embed: Add, owner: User, damage: Callable[[bytes], bytes]) -> None:
    rows = embed(5)
    words.refresh()
    words.file().write_bytes(damage(words.file().read_bytes()))
    agrees(rows, owner)
    assert words.refresh() == 5
    assert words.read(words.file()) is not None


def test_a_file_by_other_maps_is_not_read_and_goes(embed: Add, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = embed(5)
    words.refresh()
    before = words.file()
    monkeypatch.setattr(words, "_version", lambda: "other")
    agrees(rows, owner)
    words.refresh()
    assert not before.exists()
    assert words.file().exists()


def test_the_file_is_asked_for_when_enough_came(
    embed: Add, monkeypatch: pytest.MonkeyPatch, django_rq_calls: list
) -> None:
    monkeypatch.setattr(words, "BACKLOG", 4)
    embed(3)
    words.refresh_if_due()
    assert not django_rq_calls
    embed(1)
    words.refresh_if_due()
    assert len(django_rq_calls) == 1
    words.refresh()
    assert not words.is_due()


def test_many_are_mapped_some_at_a_time(embed: Add, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "AT_ONCE", 3)
    embed(5)
    shelf = words.Shelf()
    counts = []
    for _ in range(3):
        seen = shelf.seen([owner.pk])
        counts.append(len(seen.photos) if seen else 0)
    assert counts == [3, 5, 5]


def test_who_does_not_search_waits_for_few(embed: Add, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "FEW", 2)
    embed(5)
    shelf = words.Shelf()
    counts = []
    for few in (True, True, False):
        seen = shelf.seen([owner.pk], few=few)
        counts.append(len(seen.photos) if seen else 0)
    assert counts == [2, 4, 5]


def test_who_does_not_search_does_not_wait_for_one_who_does(embed: Add, owner: User) -> None:
    embed(2)
    shelf = words.Shelf()
    with shelf._lock:
        assert shelf.seen([owner.pk], few=True) is None
    known = shelf.seen([owner.pk])
    with shelf._lock:
        assert shelf.seen([owner.pk], few=True) is known


def test_the_time_limit_of_a_search_does_not_stop_what_later_ones_need(embed: Add, owner: User) -> None:
    embed(3)
    with time_limit(0, "This search takes too long."):
        seen = words.Shelf().seen([owner.pk])
    assert seen is not None
    assert len(seen.photos) == 3
