"""Albums."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from albums.models import Album, Role
from api.schemas.base import Input, Key, OneOf, Text


class AlbumOut(Schema):
    """An album filled by hand, a smart album, or a folder of albums. Its photos: `GET /photos?list=album.KEY`."""

    key: Key
    name: str
    kind: Annotated[str, OneOf(Album.Kind.values)]
    description: str
    query: str = Field(description="Of a smart album.")
    folder: str | None = Field(description="Key of the folder it is in.")
    owner: str
    role: Annotated[str, OneOf(Role.values)]
    created_at: datetime


class AlbumList(Schema):
    """Albums, newest first."""

    albums: list[AlbumOut]


class AlbumIn(Input):
    """A new album."""

    name: Text = Field(min_length=1, max_length=255)
    kind: Annotated[str, OneOf(Album.Kind.values)] = "manual"
    query: Text = Field("", max_length=2_000, description="Of a smart album.")
    folder: Key | None = None


class AlbumEdit(Input):
    """Changes to an album. Fields that are left out stay as they are."""

    name: Text | None = Field(None, min_length=1, max_length=255)
    description: Text | None = Field(None, max_length=100_000)
    query: Text | None = Field(None, max_length=2_000)
    cover: Key | None = None


class Move(Input):
    """Photos of an album in their new order, and the photo before which they go; null: at the end."""

    keys: list[Key] = Field(min_length=1, max_length=10_000)
    before: Key | None = None
