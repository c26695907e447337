"""The users of the tests of photos, with photos that look like beaches and like towns."""

import numpy as np
import pytest

from photos import vectors
from photos.models import Embedding
from tags.models import PhotoTag, Tag
from tags.tests.test_probe import vectors as around
from vision import embeddings

BEACH, TOWN = np.eye(384)[0], np.eye(384)[1]


@pytest.fixture
def look(make_photo):
    """A photo with an embedding near that of the given subject."""

    def make(vector, **fields):
        photo = make_photo(**fields)
        Embedding.objects.create(
            photo=photo, kind=embeddings.KIND, model=embeddings.MODEL, vector=vectors.pack(np.asarray(vector))
        )
        return photo

    return make


@pytest.fixture
def beaches(look):
    return [look(row) for row in around(12, BEACH, 1)]


@pytest.fixture
def towns(look):
    return [look(row) for row in around(20, TOWN, 2)]


@pytest.fixture
def tag(owner, beaches, towns):
    tag = Tag.objects.create(owner=owner, name="beach", path="beach")
    PhotoTag.objects.bulk_create(PhotoTag(photo=photo, tag=tag) for photo in beaches[:5])
    return tag
