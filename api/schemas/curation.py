"""Duplicates, stacks, comments, kept searches, and what was changed."""

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
    saving: int = Field(description="Bytes that keeping only the suggested one would free.")
    suggested: Key
    photos: list[PhotoOut]


class DuplicateList(Schema):
    """Groups that wait for a decision, the largest saving first."""

    groups: list[DuplicateOut]
    next: str | None


class Keep(Input):
    """Which photos of a group stay; without keys Mirage keeps the best, or stacks a burst as a whole."""

    keys: list[Key] = Field(default_factory=list, max_length=1_000)
    merge: bool = Field(True, description="Keep albums, tags and dates from the copies.")


class StackChange(Schema):
    """What was done with a stack: the number of the change, for undo, and what is in the stack now."""

    change: int
    cover: Key | None
    keys: list[Key]


class CommentOut(Schema):
    """What somebody said of a photo."""

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
    """A search that is kept."""

    id: int
    name: str
    query: str
    pinned: bool
    created_at: datetime


class SearchList(Schema):
    """The searches that are kept, pinned ones first."""

    searches: list[SearchOut]


class SearchIn(Input):
    """A search to keep."""

    name: Text = Field(min_length=1, max_length=120)
    query: Text = Field(min_length=1, max_length=2_000)
    pinned: bool = False


class SearchEdit(Input):
    """What is to change of a search; what is left out stays."""

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
    """What was done, the newest first."""

    changes: list[ChangeOut]
    next: str | None
