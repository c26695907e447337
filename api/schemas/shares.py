"""Shares with users, and public links."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import AwareDatetime, Field

from albums.models import Role
from api.schemas.base import Exact, Input, Key, OneOf, Text


class ShareOut(Schema):
    """An album or a whole library that one user shares with another."""

    id: int
    owner: str
    user: str
    album: str | None = Field(description="Key of the album; null: the whole library.")
    role: Annotated[str, OneOf(Role.granted())]
    created_at: datetime


class ShareList(Schema):
    """What you share, and what is shared with you."""

    given: list[ShareOut]
    received: list[ShareOut]


class ShareIn(Input):
    """Whom to share with: an album with a role, or, without an album, the whole library to look at."""

    user: Exact = Field(min_length=1, max_length=150)
    album: Key | None = None
    role: Annotated[str, OneOf(Role.granted())] = "viewer"


class LinkOut(Schema):
    """A public link."""

    key: Key
    address: str = Field(description="Empty if the installation's key has changed since the link was made.")
    name: str
    album: str | None
    query: str
    photos: int = Field(description="The number of photos in a selection.")
    has_password: bool
    expires_at: datetime | None
    view_limit: int | None
    views: int
    allow_download: bool
    allow_originals: bool = Field(description="The originals of edited photos too.")
    allow_upload: bool = Field(description="Guests may add photos to the album.")
    upload_limit_bytes: int | None = Field(description="Limit for all files of guests; null: only your quota.")
    uploaded_bytes: int
    show_metadata: bool
    show_place: bool
    created_at: datetime
    last_used_at: datetime | None


class LinkList(Schema):
    """The links that are not revoked, newest first."""

    links: list[LinkOut]


class LinkIn(Input):
    """A new public link to an album, to photos, or to a search, and what it allows."""

    album: Key | None = None
    keys: list[Key] = Field(default_factory=list, max_length=10_000)
    query: Text = Field("", max_length=2_000)
    name: Text = Field("", max_length=255)
    password: str | None = Field(None, min_length=1, max_length=200)
    expires_at: AwareDatetime | None = None
    view_limit: int | None = Field(None, ge=1, le=2**31 - 1)
    allow_download: bool = True
    allow_originals: bool = False
    allow_upload: bool = Field(False, description="Guests may add photos. For an album that is not a smart album.")
    upload_limit_bytes: int | None = Field(None, ge=1, le=10**13)
    show_metadata: bool = True
    show_place: bool = False


class LinkEdit(Input):
    """Changes to a link. Fields that are left out stay as they are."""

    name: Text | None = Field(None, max_length=255)
    password: str | None = Field(None, min_length=1, max_length=200, description="null: no password.")
    expires_at: AwareDatetime | None = None
    view_limit: int | None = Field(None, ge=1, le=2**31 - 1)
    allow_download: bool | None = None
    allow_originals: bool | None = None
    allow_upload: bool | None = None
    upload_limit_bytes: int | None = Field(None, ge=1, le=10**13, description="null: only your quota.")
    show_metadata: bool | None = None
    show_place: bool | None = None
