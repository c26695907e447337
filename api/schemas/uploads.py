"""Uploads: what is taken, what is there, what became of a file."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from api.schemas.base import Exact, Input, Key, OneOf, RowId, Sha256
from api.schemas.photos import PhotoOut
from photos.ingest.intake import Status


class Kinds(Schema):
    """What is taken."""

    extensions: list[str]
    largest: int = Field(description="Bytes.")


class Names(Input):
    """The names of the files in one folder, and of the folders in it."""

    names: list[Annotated[Exact, Field(max_length=255)]] = Field(max_length=50_000)
    folders: list[Annotated[Exact, Field(max_length=255)]] = Field([], max_length=50_000)
    folder: Annotated[Exact, Field(max_length=1024)] = Field("", description="The folder's own name, or its path.")


class Pairs(Schema):
    """For each photo that has some, the names of its sidecars; for what no import takes, the reason."""

    sidecars: dict[str, list[str]]
    left_out: dict[str, str]


class Sums(Input):
    """Which files a program would send."""

    sha256: list[Sha256] = Field(max_length=1_000)


class Known(Schema):
    """A file that is in the library already."""

    sha256: str
    key: str
    trashed: bool
    displayable: bool
    failure: str | None


class KnownList(Schema):
    """Those of the files asked for that are in the library."""

    photos: list[Known]


class Back(Schema):
    """Photos that came back from the trash."""

    keys: list[Key]
    change: RowId | None = Field(description="What undoes it; none where nothing came back.")


class UploadOut(Schema):
    """A file on its way."""

    key: Key
    name: str
    folder: str
    size: int
    offset: int = Field(description="Bytes that are there.")
    created_at: datetime


class UploadList(Schema):
    """What was begun and is not finished, newest first."""

    uploads: list[UploadOut]


class Finish(Input):
    """The end of an upload. With the sum it is only taken in if it is the file that was meant."""

    sha256: Sha256 | None = None


class Taken(Schema):
    """What became of an uploaded file."""

    outcome: Annotated[str, OneOf(Status)]
    photo: PhotoOut | None
    change: RowId | None = Field(description="What puts a photo into the trash again that was brought back from it.")
