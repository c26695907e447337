"""What Mirage reads from a photo or video: one frozen record, and the layers it is merged from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from media.sentences import english
from media.text import clean

MAX_TEXT = 100_000  # characters of one field
MAX_VALUE_LENGTH = 2_000
MAX_RAW_TAGS = 2_000
MAX_RAW_LENGTH = 200_000

Precision = Literal["year", "month", "day", "time"]  # the part of a date that is known


@dataclass(frozen=True)
class Metadata:
    """Everything read from one file and its sidecars; None (or empty) if unknown."""

    taken_at: datetime | None = None  # aware, UTC
    taken_local: datetime | None = None  # naive, local time where it was taken
    taken_offset: int | None = None  # minutes east of UTC
    taken_source: str | None = None  # exif, xmp, iptc, png, maker, gps, sidecar, takeout, container, filename, file
    taken_precision: Precision = "time"  # with a precision of a year, taken_local is its first instant
    taken_doubtful: bool = False
    taken_doubts: list[str] = field(default_factory=list)  # why
    taken_alternatives: list[dict[str, str]] = field(default_factory=list)  # other dates, if doubtful: source, local
    width: int | None = None  # as stored, before orientation
    height: int | None = None
    orientation: int | None = None  # 1..8, as in EXIF, from the file; None for videos, see rotation
    turn: int = 1  # 1..8: how a sidecar turns the picture further than the file
    upright_by: int = 1  # 1..8: how the stored picture becomes upright, by the file and the sidecar
    camera_make: str | None = None
    camera_model: str | None = None
    lens: str | None = None
    iso: int | None = None
    aperture: float | None = None  # f-number
    exposure: float | None = None  # seconds
    focal_length: float | None = None  # mm
    focal_length_35mm: float | None = None  # mm
    flash: bool | None = None  # did it fire
    exposure_program: str | None = None
    metering_mode: str | None = None
    white_balance: str | None = None
    latitude: float | None = None  # degrees, WGS 84
    longitude: float | None = None
    altitude: float | None = None  # metres above the sea
    direction: float | None = None  # degrees clockwise from north
    place: str | None = None
    region: str | None = None
    country: str | None = None
    country_code: str | None = None  # ISO 3166 alpha-2
    title: str | None = None
    description: str | None = None
    keywords: list[str] = field(default_factory=list)  # hierarchical ones with "/" between
    rating: int | None = None  # 0..5, -1 rejected
    label: str | None = None
    author: str | None = None
    copyright: str | None = None
    software: str | None = None
    regions: list[dict[str, Any]] = field(default_factory=list)  # name, kind, x, y, w, h in the upright picture
    picture_edit: dict[str, Any] | None = None  # what another Mirage did to the picture, as its sidecar says
    duration: float | None = None  # seconds
    video_codec: str | None = None
    audio_codec: str | None = None
    frame_rate: float | None = None  # frames a second
    bit_rate: int | None = None  # bits a second
    rotation: int | None = None  # degrees clockwise that a player turns the video by: 0, 90, 180, 270
    panorama: bool = False
    motion_video: dict[str, int] | None = None  # offset and length in bytes of the video inside the photo
    burst_id: str | None = None
    live_id: str | None = None  # Apple's content identifier, shared by a Live Photo's still and video
    sources: dict[str, str] = field(default_factory=dict)  # field -> layer it came from
    raw: dict[str, str] = field(default_factory=dict)  # every tag found, as text
    notes: list[str] = field(default_factory=list)  # what was malformed or doubtful
    unreadable: dict[str, str] = field(default_factory=dict)  # path of a sidecar -> why it cannot be read


@dataclass(frozen=True)
class Moment:
    """A point in time from one tag: local time, UTC, or both, as far as the tag says."""

    source: str
    local: datetime | None = None  # naive
    offset: int | None = None  # minutes east of UTC
    instant: datetime | None = None  # aware, UTC
    precision: Precision = "time"
    digitized: bool = False  # the time of scanning or writing, which may differ from when it was taken

    @property
    def precise(self) -> bool:
        """Whether the time of day is known."""
        return self.precision == "time"

    @property
    def wall(self) -> datetime | None:
        """The local time if it is known without a time zone, or else UTC."""
        if self.local is not None:
            return self.local
        return self.instant.replace(tzinfo=None) if self.instant else None

    @classmethod
    def zoned(cls, source: str, local: datetime, offset: int | None, precision: Precision = "time") -> Moment:
        """A local time and, if the offset is known, its time in UTC."""
        if offset is None:
            return cls(source, local=local, precision=precision)
        try:
            instant = (local - timedelta(minutes=offset)).replace(tzinfo=UTC)
        except OverflowError:  # the first or last day that a datetime can hold
            return cls(source, local=local, precision=precision)
        return cls(source, local=local, offset=offset, instant=instant, precision=precision)


@dataclass
class Layer:
    """What one source (EXIF, an XMP packet, a sidecar, …) says about a file."""

    source: str
    fields: dict[str, Any] = field(default_factory=dict)
    moments: list[Moment] = field(default_factory=list)  # best first
    modified: Moment | None = None  # last change: a capture time only if nothing better is known
    gps_instant: datetime | None = None  # aware, UTC
    edited_position: bool = False  # set by hand, so better than a measurement
    unreadable: str = ""  # why a sidecar could not be read
    raw: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def put(self, name: str, value: Any) -> None:
        """Keep a value under a field's name, unless it is empty or a better one is there already."""
        if value is None or value == "" or value == [] or name in self.fields:
            return
        self.fields[name] = value

    def put_position(self, latitude: float | None, longitude: float | None) -> None:
        """Keep a position in degrees, if it has both coordinates and is not 0, 0, which devices write without a fix."""
        if latitude is None or longitude is None:
            if latitude is not longitude:
                self.notes.append(english("position with one coordinate only"))
        elif latitude == 0 and longitude == 0:
            self.notes.append(english("position 0, 0 taken as none"))
        elif abs(latitude) <= 90 and abs(longitude) <= 180:
            self.put("latitude", latitude)
            self.put("longitude", longitude)
        else:
            where = {"latitude": f"{latitude:g}", "longitude": f"{longitude:g}"}
            self.notes.append(english("position out of range: %(latitude)s, %(longitude)s", **where))


def text(value: object) -> str | None:
    """The value as clean text; None if nothing is left."""
    return None if value is None else clean(str(value)[:MAX_TEXT]) or None


def decode(value: bytes) -> str:
    """Bytes as text: UTF-8 if valid, or else Windows-1252, which cameras and old programs wrote."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        whole = value[: error.start]
        if error.reason == "unexpected end of data" and not whole.isascii():
            return whole.decode("utf-8")  # a text cut to length in the middle of a character
        return value.decode("cp1252", "replace")


def capped(raw: dict[str, str]) -> dict[str, str]:
    """Raw tags within limits: long values are cut, and so are the number of tags and characters."""
    kept: dict[str, str] = {}
    length = 0
    for name, value in raw.items():
        value = (text(value) or "")[:MAX_VALUE_LENGTH]
        length += len(name) + len(value)
        if len(kept) >= MAX_RAW_TAGS or length > MAX_RAW_LENGTH:
            kept["…"] = f"{len(raw) - len(kept)} more tags left out"
            break
        kept[name[:200]] = value
    return kept
