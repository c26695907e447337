"""The cast with faces: vectors as the models make them, without the models."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from people.detection import vectors
from people.detection.vectors import model_name
from people.models import Face, FaceScan, Person
from photos.models import Photo
from vision.faces import calibration

MakeFace = Callable[..., Face]
MakePerson = Callable[..., Person]


def vector_of(identity: int, number: int = 0, spread: float = 0.5) -> np.ndarray:
    """A face of somebody: faces of one identity are similar, the more so the smaller the spread."""
    fitted = calibration.measured("SFace")
    assert fitted is not None
    size = len(fitted.mean)
    direction = np.random.default_rng(identity).normal(0, size**-0.5, size)
    noise = np.random.default_rng((identity, number)).normal(0, size**-0.5, size)
    own = direction + spread * noise
    raw = own / np.linalg.norm(own) + fitted.mean
    return (raw / np.linalg.norm(raw)).astype(np.float32)


@pytest.fixture
def make_face(make_photo: Callable[..., Photo]) -> MakeFace:
    """A face in a photo of its own, as the stage saves it: `make_face(identity=3, spread=0.5, photo=…, **fields)`."""
    count = 0

    def make(identity: int = 0, *, spread: float = 0.5, **fields: Any) -> Face:
        nonlocal count
        count += 1
        photo = fields.pop("photo", None) or make_photo()
        FaceScan.objects.get_or_create(photo=photo, defaults={"model": model_name()})
        place = 0.1 + 0.2 * photo.faces.count() % 0.8
        defaults: dict[str, Any] = {"x": place, "y": 0.1, "width": 0.15, "height": 0.2, "score": 0.9, "quality": 0.8}
        defaults |= {"model": model_name(), "vector": vectors.to_bytes(vector_of(identity, count, spread))}
        if fields.get("person") is not None:
            defaults["assignment"] = Face.Assignment.AUTOMATIC
        return Face.objects.create(photo=photo, **{**defaults, **fields})

    return make


@pytest.fixture
def make_person(owner: Any) -> MakePerson:
    """`make_person("Anna", [face, face])`: with automatic faces."""

    def make(name: str = "", faces: Any = (), **fields: Any) -> Person:
        person = Person.objects.create(**{"owner": owner, "name": name, **fields})
        for face in faces:
            face.person, face.assignment = person, Face.Assignment.AUTOMATIC
            face.save()
        return person

    return make
