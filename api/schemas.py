"""What goes over the wire: every answer and every body of the API, typed."""

import base64
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, Field

from photos.models import Photo

KEY_PATTERN = r"^[A-Za-z0-9_-]{1,32}$"
Key = Annotated[str, Field(pattern=KEY_PATTERN, description="Names a thing in addresses.")]
RowId = Annotated[int, Field(ge=1, le=2**62)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


def without_nulls(text: str) -> str:
    """PostgreSQL's texts cannot hold the character 0."""
    return text.replace("\0", "")


Text = Annotated[str, AfterValidator(without_nulls)]


class Problem(Schema):
    """Why a request was refused, in words."""

    detail: str


PROBLEMS = frozenset({400, 401, 403, 404, 409, 422, 429})


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
    tags: list[str] = Field(alias="tag_paths")
    albums: list[str] = Field(alias="album_names")
    people: list[FaceIn] = Field(alias="known_faces")
    edited: list[str] = Field(alias="edited_names", description="The fields in which the owner has overruled the file.")


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


# --- albums, tags, people ---


class AlbumOut(Schema):
    """An album by hand, a smart album, or a folder of albums. Its photos: `GET /photos?list=album.KEY`."""

    key: Key
    name: str
    kind: Literal["manual", "smart", "folder"]
    description: str
    query: str = Field(description="Of a smart album.")
    folder: str | None = Field(description="Key of the folder it is in.")
    owner: str
    role: Literal["viewer", "contributor", "co_owner", "owner"]
    created_at: datetime


class AlbumList(Schema):
    """Albums, newest first."""

    albums: list[AlbumOut]


class AlbumIn(Schema):
    """A new album."""

    name: Text = Field(min_length=1, max_length=255)
    kind: Literal["manual", "smart", "folder"] = "manual"
    query: Text = Field("", max_length=2_000, description="Of a smart album.")
    folder: Key | None = None


class AlbumEdit(Schema):
    """What is to change of an album; what is left out stays."""

    name: Text | None = Field(None, min_length=1, max_length=255)
    description: Text | None = Field(None, max_length=100_000)
    query: Text | None = Field(None, max_length=2_000)
    cover: Key | None = None


class Move(Schema):
    """Photos of an album by hand, in the order they are to stand in, before another one; null: at the end."""

    keys: list[Key] = Field(min_length=1, max_length=10_000)
    before: Key | None = None


class Count(Schema):
    """How many photos were concerned."""

    count: int


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


class TagChange(Schema):
    """Tags to put on photos, and to take off."""

    keys: list[Key] = Field(min_length=1, max_length=10_000)
    add: list[TagPath] = Field(default_factory=list, max_length=100)
    remove: list[TagPath] = Field(default_factory=list, max_length=100)


class PersonOut(Schema):
    """Somebody in the photos. Their photos: `GET /photos?list=person.KEY`."""

    key: Key
    name: str
    birthday: date | None
    hidden: bool
    photos: int


class PersonList(Schema):
    """Named people first, then by number of photos."""

    people: list[PersonOut]


class PersonEdit(Schema):
    """What is to change of a person; what is left out stays."""

    name: Text | None = Field(None, max_length=120)
    birthday: date | None = None
    hidden: bool | None = None


class Merge(Schema):
    """Others who are the same person."""

    people: list[Key] = Field(min_length=1, max_length=1_000)


class FaceOut(Schema):
    """A face in a photo; the box is in fractions of the upright picture."""

    id: int
    person: str | None
    name: str
    box: list[float]
    assignment: Literal["none", "automatic", "confirmed"]
    score: float
    quality: float


class FaceList(Schema):
    """The faces in a photo."""

    faces: list[FaceOut]


class FacesIn(Schema):
    """Faces by their ids, and whose they are: by `name` (a new one is made), by `person`, or nobody's."""

    faces: list[Annotated[int, Field(ge=1, le=2**62)]] = Field(min_length=1, max_length=1_000)
    person: Key | None = None
    name: Text = Field("", max_length=120)


# --- duplicates, shares, the installation ---


class DuplicateOut(Schema):
    """Photos that are the same picture or versions of it."""

    key: Key
    tier: Literal["exact", "same", "edited", "burst", "stack"]
    saving: int = Field(description="Bytes that keeping only the suggested one would free.")
    suggested: Key
    photos: list[PhotoOut]


class DuplicateList(Schema):
    """Groups that wait for a decision, the largest saving first."""

    groups: list[DuplicateOut]
    next: str | None


class Keep(Schema):
    """Which photos of a group stay; without keys the suggested one."""

    keys: list[Key] = Field(default_factory=list, max_length=1_000)
    merge: bool = Field(True, description="The kept photo gets what the others know.")


class ShareOut(Schema):
    """An album, or a whole library, that one user shows another."""

    id: int
    owner: str
    user: str
    album: str | None = Field(description="Key of the album; null: the whole library.")
    role: Literal["viewer", "contributor", "co-owner"]
    created_at: datetime


class ShareList(Schema):
    """What I share, and what is shared with me."""

    given: list[ShareOut]
    received: list[ShareOut]


class ShareIn(Schema):
    """With whom to share: an album with a role, or without an album the whole library to look at."""

    user: Text = Field(min_length=1, max_length=150)
    album: Key | None = None
    role: Literal["viewer", "contributor", "co-owner"] = "viewer"


class LinkOut(Schema):
    """A public link."""

    key: Key
    address: str = Field(description="Empty where the installation's key has changed since the link was made.")
    name: str
    album: str | None
    query: str
    photos: int = Field(description="Of a selection: how many.")
    has_password: bool
    expires_at: datetime | None
    view_limit: int | None
    views: int
    allow_download: bool
    allow_upload: bool
    show_metadata: bool
    show_place: bool
    created_at: datetime
    last_used_at: datetime | None


class LinkList(Schema):
    """The links that are not revoked, newest first."""

    links: list[LinkOut]


class LinkIn(Schema):
    """A new public link: to an album, to photos by their keys, or to a search; and what it allows."""

    album: Key | None = None
    keys: list[Key] = Field(default_factory=list, max_length=10_000)
    query: Text = Field("", max_length=2_000)
    name: Text = Field("", max_length=255)
    password: str | None = Field(None, min_length=1, max_length=200)
    expires_at: AwareDatetime | None = None
    view_limit: int | None = Field(None, ge=1, le=2**31 - 1)
    allow_download: bool = True
    show_metadata: bool = True
    show_place: bool = False


class LinkEdit(Schema):
    """What is to change of a link; what is left out stays."""

    name: Text | None = Field(None, max_length=255)
    password: str | None = Field(None, min_length=1, max_length=200, description="null: none is asked any more.")
    expires_at: AwareDatetime | None = None
    view_limit: int | None = Field(None, ge=1, le=2**31 - 1)
    allow_download: bool | None = None
    show_metadata: bool | None = None
    show_place: bool | None = None


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


class CommentIn(Schema):
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


class SearchIn(Schema):
    """A search to keep."""

    name: Text = Field(min_length=1, max_length=120)
    query: Text = Field(min_length=1, max_length=2_000)
    pinned: bool = False


class SearchEdit(Schema):
    """What is to change of a search; what is left out stays."""

    name: Text | None = Field(None, min_length=1, max_length=120)
    query: Text | None = Field(None, min_length=1, max_length=2_000)
    pinned: bool | None = None


class StackChange(Schema):
    """What was done with a stack: the number of the change, for undo, and what is in the stack now."""

    change: int
    cover: Key | None
    keys: list[Key]


class ChangeOut(Schema):
    """Something that was done in the library."""

    id: int
    verb: str
    by: str | None
    at: datetime
    undone_at: datetime | None
    can_undo: bool


class ChangeList(Schema):
    """What was done, the newest first."""

    changes: list[ChangeOut]
    next: str | None


class Job(Schema):
    """A stage of the work on photos."""

    name: str
    label: str
    waiting: int
    running: int
    done: int
    failed: int
    per_minute: float | None


class Jobs(Schema):
    """What is being done with my photos."""

    stages: list[Job]
    workers: int
    busy: int


class Health(Schema):
    """Whether the installation can do its work."""

    sound: bool
    conditions: list["ConditionOut"]


class ConditionOut(Schema):
    """One thing that must be in order."""

    name: str
    sound: bool
    text: str
    needed: bool
