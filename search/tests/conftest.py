"""The cast of the photos' tests, with tags and faces to search for."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache

from people.models import Face, Person
from photos.models import Photo
from tags.models import PhotoTag, Tag


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Clear the names for completion, which are cached for some seconds, before each test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def tag() -> Callable[[Photo, str], PhotoTag]:
    """Give a photo a tag by its path."""

    def give(photo: Photo, path: str) -> PhotoTag:
        made, _ = Tag.objects.get_or_create(owner=photo.owner, name=path.rpartition("/")[2], path=path)
        return PhotoTag.objects.create(photo=photo, tag=made)

    return give


@pytest.fixture
def name_face() -> Callable[[Photo, str], Face]:
    """Put somebody into a photo; without a name, a face that has no person."""

    def put(photo: Photo, name: str) -> Face:
        box = {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1}
        if not name:
            return Face.objects.create(photo=photo, **box)
        person, _ = Person.objects.get_or_create(owner=photo.owner, name=name)
        return Face.objects.create(photo=photo, person=person, assignment="confirmed", **box)

    return put
