"""Uploads: accepted files, files that are here already, and outcomes."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from api.schemas.base import Exact, Input, Key, OneOf, RowId, Sha256
from api.schemas.photos import PhotoOut
from photos.ingest.intake import Status


class Kinds(Schema):
    """Accepted file types and size."""

    extensions: list[str]
    largest: int = Field(description="Bytes.")


class Names(Input):
    """The names of the files and folders in one folder."""

    names: list[Annotated[Exact, Field(max_length=255)]] = Field(max_length=50_000)
    folders: list[Annotated[Exact, Field(max_length=255)]] = Field([], max_length=50_000)
    folder: Annotated[Exact, Field(max_length=1024)] = Field("", description="The folder's own name, or its path.")


class Pairs(Schema):
    """The sidecars of photos that have any, and the reason for each file that is left out."""

    sidecars: dict[str, list[str]]
    left_out: dict[str, str]


class Sums(Input):
    """The checksums of files that a program would send."""

    sha256: list[Sha256] = Field(max_length=1_000)


class Known(Schema):
    """A file that is in the library already."""

    sha256: str
    key: str
    trashed: bool
    displayable: bool
    failure: str | None


class KnownList(Schema):
    """The files asked for that are in the library."""

    photos: list[Known]


class Back(Schema):
    """Photos that were restored from the trash."""

    keys: list[Key]
    change: RowId | None = Field(description="The id for undo; null if nothing was restored.")


class UploadOut(Schema):
    """An unfinished upload."""

    key: Key
    name: str
    folder: str
    size: int
    offset: int = Field(description="Bytes received so far.")
    created_at: datetime


class UploadList(Schema):
    """Unfinished uploads, newest first."""

    uploads: list[UploadOut]


class Finish(Input):
    """The end of an upload. With the checksum, another file than the intended one is refused."""

    sha256: Sha256 | None = None


class Taken(Schema):
    """The outcome of an upload."""

    outcome: Annotated[str, OneOf(Status)]
    photo: PhotoOut | None
    change: RowId | None = Field(description="The id for undo, if the photo was restored from the trash.")
