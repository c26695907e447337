"""Photos: as lists and pages have them, and what may be edited."""

import base64
from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from api.schemas.base import Input, Key, OneOf, Sha256, Text
from photos.models import Photo

Precision = Literal["year", "month", "day", "time"]


class PhotoOut(Schema):
    """A photo or a video, as lists have it."""

    key: Key
    kind: Annotated[str, OneOf(Photo.Kind.values)]
    name: str = Field(alias="original_name", description="Of the file as it came.")
    media_type: str
    sha256: Sha256
    size: int = Field(description="Bytes.")
    width: int | None
    height: int | None
    duration: float | None = Field(description="Seconds, of videos.")
    thumbhash: str = Field(description="Base64; a placeholder of some 25 bytes.")
    displayable: bool = Field(description="Its thumbnails are there.")
    taken_at: datetime = Field(description="The instant, in UTC.")
    taken_local: str = Field(description="The wall clock where it was taken.")
    taken_offset: int | None = Field(description="Minutes east of UTC, where known.")
    added_at: datetime
    trashed_at: datetime | None
    title: str
    description: str
    rating: int | None = Field(description="0 to 5; -1 is rejected.")
    favourite: bool
    archived: bool
    latitude: float | None
    longitude: float | None
    place: str
    country: str

    @staticmethod
    def resolve_thumbhash(photo: Photo) -> str:
        return base64.b64encode(bytes(photo.thumbhash)).decode()

    @staticmethod
    def resolve_taken_local(photo: Photo) -> str:
        return photo.taken_local.replace(tzinfo=None).isoformat()


class FaceIn(Schema):
    """A face in a photo; the box is in fractions of the upright picture."""

    person: str | None = Field(description="Key of the person, where it is known who it is.")
    name: str
    box: list[float] = Field(description="Left, top, width, height.")
    confirmed: bool


class PhotoDetail(PhotoOut):
    """A photo with all that is known of it."""

    media_path: str = Field(alias="path", description="Below the library's originals.")
    region: str
    altitude: float | None
    taken_precision: Precision = Field(description="How much of the date is known.")
    taken_doubtful: bool = Field(description="It may come from a clock that nobody set.")
    taken_source: str
    camera_make: str
    camera_model: str
    lens: str
    iso: int | None
    aperture: float | None
    exposure: float | None
    focal_length: float | None
    orientation: int | None
    tags: list[str] = Field(alias="tag_paths")
    albums: list[str] = Field(alias="album_names")
    people: list[FaceIn] = Field(alias="known_faces")
    edited: list[str] = Field(alias="edited_names", description="The fields in which the owner has overruled the file.")


class NoticeOut(Schema):
    """What there is to say of a search that can be read."""

    message: str
    suggestion: str = Field(description="The search as it was probably meant; empty where that is not known.")


class Page(Schema):
    """A stretch of a list, newest first."""

    photos: list[PhotoOut]
    next: str | None = Field(description="The cursor of the next page; null at the end.")
    notices: list[NoticeOut] = Field(
        default_factory=list, description="On the first page of a search: that nobody has a name that it asks for."
    )


class TakenIn(Input):
    """When it was taken, on the wall clock there."""

    local: datetime
    offset: int | None = Field(None, ge=-840, le=840, description="Minutes east of UTC; null keeps each photo's own.")
    precision: Precision = Field("time", description="How much of it is known.")


class PositionIn(Input):
    """Where it was taken, in degrees."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class PhotoEdit(Input):
    """What is to change; what is left out stays."""

    title: Text | None = Field(None, max_length=255)
    description: Text | None = Field(None, max_length=100_000)
    rating: int | None = Field(None, ge=-1, le=5)
    taken: TakenIn | None = None
    position: PositionIn | None = Field(None, description="null: no position.")
    favourite: bool | None = None
    archived: bool | None = None
    turn: Literal["left", "right", "round", "mirror"] | None = Field(
        None, description="Turns the picture further by a quarter or half, or mirrors it. The original stays as it is."
    )
    reset: list[Literal["taken", "position", "title", "description", "rating", "turn"]] = Field(
        default_factory=list, description="Fields that go back to what the file says."
    )


class NotWritten(Schema):
    """A file that was left as it was, and why."""

    key: Key
    reason: str


class Written(Schema):
    """What became of files; photos whose files cannot be written are in none of these."""

    done: list[Key]
    waiting: int = Field(description="How many are left to the workers.")
    refused: list[NotWritten]


class MemoryOut(Schema):
    """What was taken on one day: some photos, and how many there are."""

    date: date
    count: int
    photos: list[PhotoOut]


class MemoryList(Schema):
    """One for each year, the latest first."""

    memories: list[MemoryOut]


class ClusterOut(Schema):
    """Photos that lie near each other on a map."""

    latitude: float
    longitude: float
    count: int
    box: list[float] = Field(description="West, south, east and north.")
    cover: Key = Field(description="Its newest photo.")


class ClusterList(Schema):
    """The largest first."""

    clusters: list[ClusterOut]
