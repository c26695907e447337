"""Tags."""

from typing import Annotated

from ninja import Schema
from pydantic import Field

from api.schemas.base import Input, Key, OneOf, Text
from api.schemas.photos import PhotoOut
from tags.models import TagAnswer


class TagOut(Schema):
    """A tag. Its path contains the names above it."""

    path: str
    name: str
    colour: str
    photos: int


class TagList(Schema):
    """All tags, by path."""

    tags: list[TagOut]


TagPath = Annotated[Text, Field(min_length=1, max_length=400)]


class TagChange(Input):
    """Tags to add to photos, and to remove from them."""

    keys: list[Key] = Field(min_length=1, max_length=10_000)
    add: list[TagPath] = Field(default_factory=list, max_length=100)
    remove: list[TagPath] = Field(default_factory=list, max_length=100)


class TeachableOut(Schema):
    """A tag that is on photos. `missing`: how many more photos must have it before it can be taught."""

    id: int
    path: str
    photos: int
    missing: int
    apply_above: float | None = Field(description="It applies itself from this probability upwards.")


class TaughtList(Schema):
    """Tags, those on most photos first."""

    tags: list[TeachableOut]


class StepOut(Schema):
    """The effect of a threshold: how many of the answers above it were yes, and how many photos would get the tag."""

    above: float
    asked: int
    right: int
    more: int


class TaughtOut(Schema):
    """What was learned about a tag, and the next question: whether this photo has it."""

    id: int
    path: str
    missing: int
    yes: int = Field(description="Examples that have the tag.")
    no: int = Field(description="Examples for which the tag was rejected.")
    photo: PhotoOut | None
    probability: float | None
    steps: list[StepOut]
    apply_above: float | None


class Answer(Input):
    """Whether the photo has the tag. `probability` is the one in the question."""

    photo: Key
    said: Annotated[str, OneOf(TagAnswer.Said.values)]
    probability: float = Field(0.0, ge=0, le=1)


class Threshold(Input):
    """The probability from which the tag applies itself; null: never."""

    above: float | None
