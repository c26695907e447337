"""Photos as lists and pages show them, and what may be edited."""

import base64
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from api.schemas.base import Input, Key, OneOf, Sha256, Text
from photos.models import Photo

Precision = Literal["year", "month", "day", "time"]


class PhotoOut(Schema):
    """A photo or video in a list."""

    key: Key
    kind: Annotated[str, OneOf(Photo.Kind.values)]
    name: str = Field(alias="original_name", description="Of the original.")
    media_type: str
    sha256: Sha256
    size: int = Field(description="Bytes.")
    width: int | None
    height: int | None
    duration: float | None = Field(description="Seconds, for videos.")
    thumbhash: str = Field(description="Base64; a placeholder of about 25 bytes.")
    displayable: bool = Field(description="It has thumbnails.")
    taken_at: datetime = Field(description="In UTC.")
    taken_local: str = Field(description="Local time where it was taken.")
    taken_offset: int | None = Field(description="Minutes east of UTC, if known.")
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

    person: str | None = Field(description="Key of the person, if known.")
    name: str
    box: list[float] = Field(description="Left, top, width, height.")
    confirmed: bool


class PhotoDetail(PhotoOut):
    """A photo with everything that is known about it."""

    copy_number: int = Field(description="0, or which copy of a photo it is: an own edit, without a file of its own.")
    media_path: str = Field(alias="path", description="Below the folder of originals.")
    region: str
    altitude: float | None
    taken_precision: Precision = Field(description="The part of the date that is known.")
    taken_doubtful: bool = Field(description="The camera's clock was probably not set.")
    taken_source: str
    camera_make: str
    camera_model: str
    lens: str
    iso: int | None
    aperture: float | None
    exposure: float | None
    focal_length: float | None
    orientation: int | None
    turn: int = Field(
        description="EXIF 1 to 8: how the picture is turned beyond what the file says. A video's is in `picture_edit`."
    )
    picture_edit: dict[str, Any] | None = Field(
        description="What the owner did to the picture; null for the original, and for photos of others."
    )
    tags: list[str] = Field(alias="tag_paths")
    albums: list[str] = Field(alias="album_names")
    people: list[FaceIn] = Field(alias="known_faces")
    edited: list[str] = Field(alias="edited_names", description="Fields that the owner edited.")


class ChoiceOut(Schema):
    """A search for one of the things that words mean."""

    label: str
    search: str


class NoticeOut(Schema):
    """A hint about a valid search."""

    message: str
    suggestion: str = Field(
        description="The search as it was probably meant; as it was typed, where a typing mistake was mended; or empty."
    )
    choices: list[ChoiceOut] = Field(description="Where words mean two things: a search for each of them alone.")


class ListedPhoto(PhotoOut):
    """A photo of a list, and why a search found it."""

    found_by: str = Field(
        "", description="Where a search compared words with pictures: what a photo was found by, in words."
    )


class Page(Schema):
    """One page of a list."""

    photos: list[ListedPhoto]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")
    notices: list[NoticeOut] = Field(
        default_factory=list,
        description="On the first page of a search: names that nobody has, words that were mended or mean two things.",
    )


class TakenIn(Input):
    """When it was taken, in local time."""

    local: datetime
    offset: int | None = Field(None, ge=-840, le=840, description="Minutes east of UTC; null keeps each offset.")
    precision: Precision = Field("time", description="The part that is known.")


class PositionIn(Input):
    """Where it was taken, in degrees."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class PhotoEdit(Input):
    """Changes to a photo. Fields that are left out stay as they are."""

    title: Text | None = Field(None, max_length=255)
    description: Text | None = Field(None, max_length=100_000)
    rating: int | None = Field(None, ge=-1, le=5)
    taken: TakenIn | None = None
    position: PositionIn | None = Field(None, description="null: no position.")
    favourite: bool | None = None
    archived: bool | None = None
    picture_edit: dict[str, Any] | None = Field(
        None,
        description="What is done to the picture: `version` 1 and a list of `operations`, such as crop and exposure, "
        "or of a video trim, turn, mute and poster. null: back to the original. A picture's turn becomes its `turn`. "
        "The original is kept.",
    )
    turn: Literal["left", "right", "round", "mirror"] | None = Field(
        None, description="Rotates it by a quarter or half turn, or mirrors it. The original is kept."
    )
    reset: list[Literal["taken", "position", "title", "description", "rating", "turn", "picture_edit"]] = Field(
        default_factory=list, description="Fields to restore to the values of the file."
    )


class CopyIn(Input):
    """What to do to the picture of a copy."""

    picture_edit: dict[str, Any] | None = Field(
        None, description="As in an edit of a photo; null: none. If it is left out, the copy has the photo's edit."
    )


class NotWritten(Schema):
    """A file that was not written, and why."""

    key: Key
    reason: str


class Written(Schema):
    """The results. Photos whose files cannot be written are in none of the lists."""

    done: list[Key]
    waiting: int = Field(description="How many files are left to the workers.")
    refused: list[NotWritten]


class MemoryOut(Schema):
    """Photos of one day: a few of them, and how many there are."""

    date: date
    count: int
    photos: list[PhotoOut]


class MemoryList(Schema):
    """One for each year, latest first."""

    memories: list[MemoryOut]


class ClusterOut(Schema):
    """Photos that are near one another on the map."""

    latitude: float
    longitude: float
    count: int
    box: list[float] = Field(description="West, south, east and north.")
    cover: Key = Field(description="Its newest photo.")


class ClusterList(Schema):
    """The largest first."""

    clusters: list[ClusterOut]
