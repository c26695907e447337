"""Tags."""

from typing import Annotated

from ninja import Schema
from pydantic import Field

from api.schemas.base import Input, Key, OneOf, Text
from api.schemas.photos import PhotoOut
from tags.models import TagAnswer


class TagOut(Schema):
    """A tag; its path repeats the names above it."""

    path: str
    name: str
    colour: str
    photos: int


class TagList(Schema):
    """All tags, by path."""

    tags: list[TagOut]


TagPath = Annotated[Text, Field(min_length=1, max_length=400)]


class TagChange(Input):
    """Tags to put on photos, and to take off."""

    keys: list[Key] = Field(min_length=1, max_length=10_000)
    add: list[TagPath] = Field(default_factory=list, max_length=100)
    remove: list[TagPath] = Field(default_factory=list, max_length=100)


class TeachableOut(Schema):
    """A tag that is on photos. `missing` photos more must have it before it can be taught."""

    id: int
    path: str
    photos: int
    missing: int
    apply_above: float | None = Field(description="Applies itself from this probability on.")


class TaughtList(Schema):
    """Tags, those on most photos first."""

    tags: list[TeachableOut]


class StepOut(Schema):
    """What a threshold means: how many of the answers above it were yes, and how many photos would get the tag."""

    above: float
    asked: int
    right: int
    more: int


class TaughtOut(Schema):
    """What was learnt of a tag, and the next question: whether this photo has it."""

    id: int
    path: str
    missing: int
    yes: int = Field(description="Photos that have the tag, from which it learnt.")
    no: int = Field(description="Photos that were refused it.")
    photo: PhotoOut | None
    probability: float | None
    steps: list[StepOut]
    apply_above: float | None


class Answer(Input):
    """Whether the photo has the tag. `probability` is what the question said."""

    photo: Key
    said: Annotated[str, OneOf(TagAnswer.Said.values)]
    probability: float = Field(0.0, ge=0, le=1)


class Threshold(Input):
    """The probability from which a tag applies itself; null: it does not."""

    above: float | None
