"""The values of a photo's columns: what its files say, except where the owner edited.

These are pure functions. The metadata stage, edits, resets and undo all use them, so they always agree.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from media.metadata import zones
from photos.models import Photo

# Columns of Photo that have the same name in media.metadata.fields.Metadata.
TEXT_FIELDS = (
    *("place", "region", "country", "country_code", "camera_make", "camera_model", "lens", "exposure_program"),
    *("metering_mode", "white_balance", "video_codec", "audio_codec", "burst_id", "live_id"),
    *("title", "description", "label", "author", "copyright"),
)
PLAIN_FIELDS = (
    *("orientation", "turn", "iso", "aperture", "exposure", "focal_length", "focal_length_35mm", "flash", "rating"),
    *("latitude", "longitude", "altitude", "direction", "duration", "frame_rate", "bit_rate", "panorama"),
)
TAKEN = ("taken_local", "taken_at", "taken_offset", "taken_precision", "taken_source", "taken_doubtful")
POSITION = ("latitude", "longitude", "altitude", "place", "region", "country", "country_code")
EDITED_SOURCE = "user"
# An offset with one of these sources was derived from the place or from home, so it changes with the place.
DERIVED_OFFSETS = {"zone", "home"}


def columns_of(field: str) -> tuple[str, ...]:
    """The columns that an edit of this field sets."""
    return {"taken": TAKEN, "position": POSITION}.get(field, (field,))


def effective(told: Mapping[str, Any], sources: Mapping[str, str], edits: Mapping[str, Any]) -> dict[str, Any]:
    """The current columns. Unknown ones are left out.

    `told` is what the files say (RawMetadata.fields; empty if nothing could be read), `sources` the source of each
    field, `edits` the values of PhotoEdit by field.
    """
    columns: dict[str, Any] = {}
    if told:
        columns = {name: fitting(name, told.get(name)) for name in (*TEXT_FIELDS, *PLAIN_FIELDS)}
        columns |= told_time(told)
    for field, value in edits.items():
        columns |= edited_columns(field, value)
    if told and "position" in edits and "taken" not in edits:
        columns |= time_at_place(told, sources, edits["position"])
    return columns


def changed_by(fields: Iterable[str]) -> set[str]:
    """The columns that may change when edits of these fields are added or removed."""
    names = {name for field in fields for name in columns_of(field)}
    return names | set(TAKEN) if "latitude" in names else names


def fitting(name: str, value: Any) -> Any:
    """The value as it fits into its column."""
    if name in TEXT_FIELDS:
        return (value or "")[: getattr(Photo._meta.get_field(name), "max_length", None)]
    if name == "turn":
        return value or 1
    return bool(value) if name == "panorama" else value


def edited_columns(field: str, value: Any) -> dict[str, Any]:
    """The columns that an edit sets."""
    if field == "taken":
        local = datetime.fromisoformat(value["local"]).replace(tzinfo=UTC)
        return taken(local, value["offset"], EDITED_SOURCE, value.get("precision", Photo.Precision.TIME))
    if field == "position":
        return {name: fitting(name, (value or {}).get(name)) for name in POSITION}
    return {field: fitting(field, value)}


def told_time(told: Mapping[str, Any]) -> dict[str, Any]:
    """The time's columns from the files. Empty if they have no time, or one that databases cannot store."""
    local = as_datetime(told.get("taken_local"))
    if local is None or not 1 < local.year < 9999:
        return {}
    source, precision = told.get("taken_source") or "file", told.get("taken_precision") or Photo.Precision.TIME
    columns = taken(local.replace(tzinfo=UTC), told.get("taken_offset"), source, precision)
    columns["taken_at"] = as_datetime(told.get("taken_at")) or columns["taken_at"]
    columns["taken_doubtful"] = bool(told.get("taken_doubtful"))
    return columns


def time_at_place(told: Mapping[str, Any], sources: Mapping[str, str], position: Any) -> dict[str, Any]:
    """The time's columns in the zone of an edited place, unless the files state the offset themselves.

    If the files state an instant (GPS, most videos), the local time changes. Otherwise the instant changes.
    """
    zone, columns = (position or {}).get("zone"), told_time(told)
    if not zone or not columns or sources.get("taken_offset") not in DERIVED_OFFSETS:
        return {}
    if "taken_at" in sources:
        local = zones.local_in(columns["taken_at"], zone)
        offset = round((local.replace(tzinfo=UTC) - columns["taken_at"]) / timedelta(minutes=1)) if local else None
    else:
        local = columns["taken_local"].replace(tzinfo=None)
        offset = zones.offset_of(local, zone)
    if local is None or offset is None:
        return {}
    if columns["taken_precision"] != Photo.Precision.TIME:
        local = columns["taken_local"].replace(tzinfo=None)  # the zone does not change a date without a time
    moved = taken(local.replace(tzinfo=UTC), offset, columns["taken_source"], columns["taken_precision"])
    return {**moved, "taken_doubtful": columns["taken_doubtful"]}


def taken(wall: datetime, offset: int | None, source: str, precision: str) -> dict[str, Any]:
    """The time's columns for a local time (stored as if it were UTC) and its offset in minutes, or None."""
    return {
        "taken_local": wall,
        "taken_offset": offset,
        "taken_at": wall - timedelta(minutes=offset or 0),
        "taken_precision": precision,
        "taken_source": source,
        "taken_doubtful": False,
    }


def as_datetime(value: Any) -> datetime | None:
    """A datetime, also from the text that RawMetadata stores."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def as_json(value: Any) -> Any:
    """A column's value as JSON."""
    return value.isoformat() if isinstance(value, datetime) else value
