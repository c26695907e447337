"""Duplicates, stacks, comments, saved searches, and the history."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from api.schemas.base import Input, Key, OneOf, Text
from api.schemas.photos import PhotoOut
from duplicates.models import DuplicateGroup


class DuplicateOut(Schema):
    """Photos that are the same picture or versions of it."""

    key: Key
    tier: Annotated[str, OneOf(DuplicateGroup.Tier.values)]
    saving: int = Field(description="Bytes freed by keeping only the suggested photo.")
    suggested: Key
    photos: list[PhotoOut]


class DuplicateList(Schema):
    """Groups that wait for a decision, the largest saving first."""

    groups: list[DuplicateOut]
    next: str | None


class Keep(Input):
    """The photos of a group to keep. Without keys Mirage keeps the best, or stacks a burst."""

    keys: list[Key] = Field(default_factory=list, max_length=1_000)
    merge: bool = Field(True, description="The kept photos take over albums, tags and dates.")


class StackChange(Schema):
    """What was done with a stack: the id of the change, for undo, and the photos in the stack now."""

    change: int
    cover: Key | None
    keys: list[Key]


class CommentOut(Schema):
    """A comment on a photo."""

    id: int
    author: str
    text: str
    created_at: datetime
    edited_at: datetime | None


class CommentList(Schema):
    """The comments on a photo."""

    comments: list[CommentOut]


class CommentIn(Input):
    """The words of a comment."""

    text: Text = Field(min_length=1, max_length=5_000)


class SearchOut(Schema):
    """A saved search."""

    id: int
    name: str
    query: str
    pinned: bool
    created_at: datetime


class SearchList(Schema):
    """Saved searches, pinned ones first."""

    searches: list[SearchOut]


class SearchIn(Input):
    """A new saved search."""

    name: Text = Field(min_length=1, max_length=120)
    query: Text = Field(min_length=1, max_length=2_000)
    pinned: bool = False


class SearchEdit(Input):
    """Changes to a saved search. Fields that are left out stay as they are."""

    name: Text | None = Field(None, min_length=1, max_length=120)
    query: Text | None = Field(None, min_length=1, max_length=2_000)
    pinned: bool | None = None


class ChangeOut(Schema):
    """Something that was done in the library."""

    id: int
    verb: str
    sentence: str = Field(description="What was done, in words.")
    by: str | None
    at: datetime
    undone_at: datetime | None
    can_undo: bool


class ChangeList(Schema):
    """The history, newest first."""

    changes: list[ChangeOut]
    next: str | None
