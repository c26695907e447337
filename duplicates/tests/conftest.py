"""Photos with pictures and fingerprints, a pair of duplicates, and groups made without looking at pictures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from accounts.models import User
from duplicates.models import DuplicateGroup, DuplicateMember
from duplicates.tests.alike import check
from photos import vectors
from photos.models import Embedding, Photo
from photos.storage import paths
from vision import fingerprints
from vision.tests.test_matching import scene

Maker = Callable[..., Photo]
Grouper = Callable[..., DuplicateGroup]


@pytest.fixture
def add(make_photo: Maker, library: Path) -> Maker:
    """A photo with fingerprint and thumbnail: those of the same `world` look similar to the model."""

    def make(image: Image.Image, world: int = 0, **fields: Any) -> Photo:
        fields = {"width": image.width, "height": image.height, "size": image.width * image.height, **fields}
        photo = make_photo(**fields)
        folder = paths.derived_folder(photo.sha256)
        folder.mkdir(parents=True)
        image.save(folder / "large.webp", quality=90)
        vector = np.random.default_rng(world).normal(size=fingerprints.DIMENSION).astype(np.float32)
        data = vectors.pack(vector / np.linalg.norm(vector))
        Embedding.objects.create(photo=photo, kind=fingerprints.KIND, model=fingerprints.MODEL, vector=data)
        return photo

    return make


@pytest.fixture
def pair(owner: User, add: Maker) -> tuple[Photo, Photo, DuplicateGroup]:
    picture = scene(1)
    best = add(picture)
    known = {"favourite": True, "rating": 4, "title": "Us", "latitude": 1.0, "longitude": 2.0}
    copy = add(picture.resize((320, 240)), **known)
    check(best, copy)
    return best, copy, DuplicateGroup.objects.get()


@pytest.fixture
def make_group(owner: User, make_photo: Maker) -> Grouper:
    """A group of a large photo and its copies: `make_group(2, tier="edited")`."""

    def make(copies: int = 1, tier: str = "same", **fields: Any) -> DuplicateGroup:
        best = make_photo(width=4000, height=3000, size=9000)
        others = [make_photo(size=1000 + number, **fields) for number in range(copies)]
        group = DuplicateGroup.objects.create(owner=owner, tier=tier, saving=sum(photo.size for photo in others))
        DuplicateMember.objects.create(group=group, photo=best, role="best", similarity=1.0)
        for photo in others:
            DuplicateMember.objects.create(group=group, photo=photo, role="copy", similarity=0.98)
        return group

    return make


def photos_of(group: DuplicateGroup) -> list[Photo]:
    return [member.photo for member in group.members.order_by("pk").select_related("photo")]


@pytest.fixture
def anna(owner: User, client: Client) -> Client:
    client.force_login(owner)
    return client
