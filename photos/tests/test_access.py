"""Whose photos one gets."""

import pytest
from django.http import Http404, QueryDict

from photos.access import chosen_keys, photo_or_404, photos_by_keys, photos_of


def test_only_the_owners_photos(owner, stranger, make_photo):
    mine, theirs = make_photo(), make_photo(owner=stranger)
    assert list(photos_of(owner)) == [mine]
    assert list(photos_of(stranger)) == [theirs]


def test_a_strangers_photo_is_as_one_that_does_not_exist(owner, stranger, make_photo):
    photo = make_photo()
    assert photo_or_404(owner, photo.key) == photo
    for user, key in ((stranger, photo.key), (owner, "nothing")):
        with pytest.raises(Http404):
            photo_or_404(user, key)


def test_keys_come_in_many_fields_or_in_one():
    assert chosen_keys(QueryDict("keys=a&keys=b,c&keys=,a,,")) == ["a", "b", "c"]
    assert chosen_keys(QueryDict("other=a")) == []


def test_thousands_of_keys_are_read_in_batches(owner, stranger, make_photo, monkeypatch):
    monkeypatch.setattr("photos.access.KEYS_AT_ONCE", 2)
    keys = [make_photo().key for _ in range(5)]
    batches = list(photos_by_keys(owner, [*keys, "nothing", make_photo(owner=stranger).key]))
    assert len(batches) == 4
    assert {photo.key for batch in batches for photo in batch} == set(keys)
