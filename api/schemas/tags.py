"""Tags."""

from typing import Annotated

from ninja import Schema
from pydantic import Field

from api.schemas.base import Input, Key, Text


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
