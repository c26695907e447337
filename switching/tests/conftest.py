"""A library with faces that meets those of other programs."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accounts.models import User
from people.models import Face, FaceScan, Person
from photos.models import Photo

FACE = (0.2, 0.2, 0.1, 0.15)
OTHER = (0.6, 0.3, 0.1, 0.15)


@pytest.fixture
def make_known(make_photo: "Callable[..., Photo]") -> "Callable[..., Photo]":
    """A photo with a SHA-1, which Mirage has looked for faces: `make_known("a.jpg", faces=[FACE])`."""

    def make(name: str, faces: Any = (), **fields: Any) -> Photo:
        photo = make_photo(name=name, sha1=sha1_of(name), **fields)
        FaceScan.objects.create(photo=photo, model="test")
        for x, y, width, height in faces:
            Face.objects.create(photo=photo, x=x, y=y, width=width, height=height, score=0.9, quality=0.8)
        return photo

    return make


def sha1_of(name: str) -> str:
    return hashlib.sha1(name.encode()).hexdigest()


@pytest.fixture
def ben(db: None) -> User:
    return User.objects.create_user("ben", "ben@example.org")


def people_in(photo: Photo) -> dict[str, str]:
    """How the faces with a person were assigned, by the person's name."""
    faces = Face.objects.filter(photo=photo, person__isnull=False).select_related("person")
    return {face.person.name: str(face.assignment) for face in faces if face.person}


def noon(day: int) -> datetime:
    return datetime(2024, 5, day, 12)


def named(owner: User, name: str) -> Person:
    return Person.objects.get(owner=owner, name=name)
