"""People and faces."""

from datetime import date
from typing import Annotated

from ninja import Schema
from pydantic import Field

from api.schemas.base import Input, Key, OneOf, Text
from people.models import Face


class PersonOut(Schema):
    """Somebody in the photos. Their photos: `GET /photos?list=person.KEY`."""

    key: Key
    name: str
    birthday: date | None
    hidden: bool
    photos: int


class PersonList(Schema):
    """Named people first, then by number of photos."""

    people: list[PersonOut]


class PersonEdit(Input):
    """Changes to a person. Fields that are left out stay as they are."""

    name: Text | None = Field(None, max_length=120)
    birthday: date | None = None
    hidden: bool | None = None


class Merge(Input):
    """The people to merge into this one."""

    people: list[Key] = Field(min_length=1, max_length=1_000)


class FaceOut(Schema):
    """A face in a photo; the box is in fractions of the upright picture."""

    id: int
    person: str | None
    name: str
    box: list[float]
    assignment: Annotated[str, OneOf(Face.Assignment.values)]
    score: float
    quality: float


class FaceList(Schema):
    """The faces in a photo."""

    faces: list[FaceOut]


class FacesIn(Input):
    """Faces by their ids, and their person: by `name` (a new person is made), by `person`, or nobody."""

    faces: list[Annotated[int, Field(ge=1, le=2**62)]] = Field(min_length=1, max_length=1_000)
    person: Key | None = None
    name: Text = Field("", max_length=120)
