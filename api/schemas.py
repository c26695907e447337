"""What goes over the wire: every answer and every body of the API, typed."""

import base64
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, Field

from photos.models import Photo

KEY_PATTERN = r"^[A-Za-z0-9_-]{1,32}$"
Key = Annotated[str, Field(pattern=KEY_PATTERN, description="Names a thing in addresses.")]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


def without_nulls(text: str) -> str:
    """PostgreSQL's texts cannot hold the character 0."""
    return text.replace("\0", "")


Text = Annotated[str, AfterValidator(without_nulls)]


class Problem(Schema):
    """Why a request was refused, in words."""

    detail: str


PROBLEMS = frozenset({400, 401, 403, 404, 422, 429})


def answers(kind: Any, status: int = 200) -> dict[Any, Any]:
    """The responses of an operation: this one, and the refusals that any operation may give."""
    return {status: kind, PROBLEMS: Problem}


class PhotoOut(Schema):
    """A photo or a video, as lists have it."""

    key: Key
    kind: Literal["photo", "video"]
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
    taken_source: str
    camera_make: str
    camera_model: str
    lens: str
    iso: int | None
    aperture: float | None
    exposure: float | None
    focal_length: float | None
    orientation: int | None
    tags: list[str]
    albums: list[str]
    people: list[FaceIn]
    edited: list[str] = Field(description="The fields in which the owner has overruled the file.")


class Page(Schema):
    """A stretch of a list, newest first."""

    photos: list[PhotoOut]
    next: str | None = Field(description="The cursor of the next page; null at the end.")


class TakenIn(Schema):
    """When it was taken, on the wall clock there."""

    local: datetime
    offset: int | None = Field(None, ge=-840, le=840, description="Minutes east of UTC; null keeps each photo's own.")


class PositionIn(Schema):
    """Where it was taken, in degrees."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class PhotoEdit(Schema):
    """What is to change; what is left out stays."""

    title: Text | None = Field(None, max_length=255)
    description: Text | None = Field(None, max_length=100_000)
    rating: int | None = Field(None, ge=-1, le=5)
    taken: TakenIn | None = None
    position: PositionIn | None = Field(None, description="null: no position.")
    favourite: bool | None = None
    archived: bool | None = None
    reset: list[Literal["taken", "position", "title", "description", "rating"]] = Field(
        default_factory=list, description="Fields that go back to what the file says."
    )


class Keys(Schema):
    """Photos by their keys."""

    keys: list[Key] = Field(min_length=1, max_length=10_000)


class Changed(Schema):
    """How many photos were changed, and which."""

    keys: list[str]


# --- uploads ---


class Kinds(Schema):
    """What is taken."""

    extensions: list[str]
    largest: int = Field(description="Bytes.")


class Names(Schema):
    """The names of the files in one folder."""

    names: list[Annotated[Text, Field(max_length=255)]] = Field(max_length=50_000)


class Pairs(Schema):
    """For each photo that has some, the names of its sidecars."""

    sidecars: dict[str, list[str]]


class Sums(Schema):
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


class Finish(Schema):
    """The end of an upload. With the sum it is only taken in if it is the file that was meant."""

    sha256: Sha256 | None = None


class Taken(Schema):
    """What became of an uploaded file."""

    outcome: Literal["added", "already there", "skipped"]
    photo: PhotoOut | None


# --- account ---


class SignIn(Schema):
    """Name and password of an account, for a token. `code` where the account has two-factor sign-in."""

    username: Text = Field(min_length=1, max_length=150)
    password: str = Field(min_length=1, max_length=1_000)
    code: str = Field("", max_length=32, description="Of the authenticator, or a recovery code.")
    name: Text = Field("API", min_length=1, max_length=120, description="What the token is for, shown in the list.")
    scopes: list[Literal["read", "upload", "edit", "delete", "share", "admin"]] = ["read", "upload"]
    days: int | None = Field(90, ge=1, le=3650, description="null: until it is revoked.")


class TokenOut(Schema):
    """A new token; it is shown this once."""

    token: str
    scopes: list[str]
    expires_at: datetime | None


class Me(Schema):
    """Who is signed in."""

    username: str
    role: Literal["administrator", "member", "guest"]
    scopes: list[str]
    used_bytes: int
    quota_bytes: int | None
    version: str
