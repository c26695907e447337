"""What a photo's columns hold: what its files say, except where the owner edited it.

Pure: plain values in, columns out. The metadata stage, edits, resets and undo all ask here, so they always agree.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from media.metadata import zones
from photos.models import Photo

# Columns of Photo that carry the same name in media.metadata.fields.Metadata.
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
# Where an offset was only concluded from the place or from home, it follows the place when that is corrected.
CONCLUDED_OFFSETS = {"zone", "home"}


def columns_of(field: str) -> tuple[str, ...]:
    """The columns that an edit of this name sets."""
    return {"taken": TAKEN, "position": POSITION}.get(field, (field,))


def effective(told: Mapping[str, Any], sources: Mapping[str, str], edits: Mapping[str, Any]) -> dict[str, Any]:
    """The columns in force. `told` is what the files say (RawMetadata.fields; empty where nothing could be read),
    `sources` which layer said it, `edits` the values of PhotoEdit by field. What nobody tells is left out.
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
    """The columns that may differ when edits of these fields come or go."""
    names = {name for field in fields for name in columns_of(field)}
    return names | set(TAKEN) if "latitude" in names else names


def fitting(name: str, value: Any) -> Any:
    """The value as its column takes it."""
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
    """The time's columns as the files have it; nothing where they tell none, or one that no database holds."""
    local = as_datetime(told.get("taken_local"))
    if local is None or not 1 < local.year < 9999:
        return {}
    source, precision = told.get("taken_source") or "file", told.get("taken_precision") or Photo.Precision.TIME
    columns = taken(local.replace(tzinfo=UTC), told.get("taken_offset"), source, precision)
    columns["taken_at"] = as_datetime(told.get("taken_at")) or columns["taken_at"]
    columns["taken_doubtful"] = bool(told.get("taken_doubtful"))
    return columns


def time_at_place(told: Mapping[str, Any], sources: Mapping[str, str], position: Any) -> dict[str, Any]:
    """The time by the zone of a place set by hand, where the files do not tell the offset themselves.

    A clock's reading stays and its instant moves; of an instant (GPS, most videos) the reading moves.
    """
    zone, columns = (position or {}).get("zone"), told_time(told)
    if not zone or not columns or sources.get("taken_offset") not in CONCLUDED_OFFSETS:
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
        local = columns["taken_local"].replace(tzinfo=None)  # another zone makes no other year
    moved = taken(local.replace(tzinfo=UTC), offset, columns["taken_source"], columns["taken_precision"])
    return {**moved, "taken_doubtful": columns["taken_doubtful"]}


def taken(wall: datetime, offset: int | None, source: str, precision: str) -> dict[str, Any]:
    """The time's columns of a wall clock (stored as if UTC) and its offset in minutes; unknown counts as UTC."""
    return {
        "taken_local": wall,
        "taken_offset": offset,
        "taken_at": wall - timedelta(minutes=offset or 0),
        "taken_precision": precision,
        "taken_source": source,
        "taken_doubtful": False,
    }


def as_datetime(value: Any) -> datetime | None:
    """A datetime, also from the text in which RawMetadata keeps it."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value
