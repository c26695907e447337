"""Which photos of a memory are shown."""

from datetime import datetime, timedelta

import pytest

from photos.gallery import kinds
from photos.gallery.memories import choosing
from photos.gallery.memories.kinds import Memory
from photos.models import Embedding, Photo, PhotoText, Stack
from photos.vectors import words
from vision import embeddings


def test_few_are_shown_in_the_order_they_were_taken(owner, make_photo):
    late, early = make_photo(taken=datetime(2020, 5, 2)), make_photo(taken=datetime(2020, 5, 1))
    assert choosing.chosen(Photo.objects.all()) == [early.pk, late.pk]


def test_of_many_those_are_shown_that_somebody_liked(owner, make_photo):
    start = datetime(2020, 5, 1, 8)
    made = [make_photo(taken=start + timedelta(minutes=number)) for number in range(100)]
    Photo.objects.filter(pk__in=[made[17].pk]).update(favourite=True)
    Photo.objects.filter(pk=made[51].pk).update(rating=4)
    chosen = choosing.chosen(Photo.objects.all(), limit=10)
    assert len(chosen) == 10
    assert {made[17].pk, made[51].pk} < set(chosen)
    assert chosen[0] == made[0].pk  # spread over the whole time
    assert chosen[-1] >= made[90].pk


def test_a_stack_is_shown_once(owner, make_photo):
    photos = [make_photo(), make_photo()]
    stack = Stack.objects.create(owner=owner, cover=photos[1])
    Photo.objects.update(stack=stack)
    assert choosing.chosen(Photo.objects.all()) == [photos[1].pk]


def test_the_cover_is_a_favourite_or_from_the_middle(owner, make_photo):
    memory = Memory("x.y", "", "", Photo.objects.all())
    assert choosing.cover_of(memory, choosing.plain(owner)) is None
    made = [make_photo(taken=datetime(2020, 5, day)) for day in (1, 2, 3)]
    assert choosing.cover_of(memory, choosing.plain(owner)) == made[1]
    Photo.objects.filter(pk=made[0].pk).update(favourite=True)
    assert choosing.cover_of(memory, choosing.plain(owner)) == made[0]


def test_screenshots_are_no_memories_unless_liked(owner, make_photo):
    shot = make_photo(taken=datetime(2020, 5, 3), original_name="Screenshot_20200503.png")
    memory = Memory("day.2020-05-03", "", "", Photo.objects.all(), cover=shot)
    assert choosing.cover_of(memory, choosing.plain(owner)) is None  # so it is not offered
    assert choosing.shown_of(owner, memory) == [shot.pk]  # who opens it sees it
    photo = make_photo(taken=datetime(2020, 5, 3, 8))
    assert choosing.cover_of(memory, choosing.plain(owner)) == photo
    assert choosing.shown_of(owner, memory) == [photo.pk]
    Photo.objects.filter(pk=shot.pk).update(favourite=True)
    assert choosing.cover_of(memory, choosing.plain(owner)) == shot
    assert choosing.shown_of(owner, memory) == [shot.pk, photo.pk]


def test_memories_do_not_wait_until_all_looks_are_known(owner, make_photo, monkeypatch):
    def no_more(rows):
        assert len(rows) <= words.FEW
        return words.Mapped.none()

    photo = make_photo()
    Embedding.objects.bulk_create(
        Embedding(photo=photo, frame=frame, kind=embeddings.KIND, model=embeddings.MODEL, vector=b"?")
        for frame in range(words.FEW + 1)
    )
    words.shelf.cache_clear()
    monkeypatch.setattr(words, "mapped", no_more)
    assert choosing.shown_of(owner, Memory("x.y", "", "", Photo.objects.all())) == [photo.pk]
    with pytest.raises(AssertionError):
        kinds.of_kinds(owner)
    words.shelf.cache_clear()


def test_what_looks_like_a_document_with_words_is_no_memory(owner, make_photo, monkeypatch):
    letter, photo = make_photo(width=1000, height=1400), make_photo(width=1000, height=1400)
    PhotoText.objects.create(photo=letter, text="Dear Mrs Miller, we have received your letter", lines=[], model="test")
    likely = {"document": [letter.pk, photo.pk]}
    monkeypatch.setattr(kinds, "likely_of", lambda seen, name: likely.get(name, []))
    assert list(Photo.objects.exclude(choosing.plain(owner))) == [photo]
