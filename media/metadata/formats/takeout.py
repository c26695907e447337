"""The JSON that Google Takeout puts beside each photo."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from media.metadata.fields import Layer, Moment, text
from media.sentences import english

MAX_SIZE = 1 << 20  # bytes; real ones are one or two kilobytes
MAX_PEOPLE = 200
EDITED_POSITION = 1e-4  # degrees, about ten metres: more than rounding moves a position


def interpret(path: Path) -> Layer:
    """The layer of a Takeout JSON: time, position, description; everything else is kept raw."""
    layer = Layer("takeout")
    try:
        if path.stat().st_size > MAX_SIZE:
            raise ValueError("too large")
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        note = english("%(what)s could not be read: %(reason)s", what=path.name, reason=str(error)[:100])
        layer.notes.append(note)
        layer.unreadable = english("It is damaged: %(error)s.", error=str(error)[:100])
        return layer
    if not isinstance(content, dict):
        return layer
    layer.raw = {f"Takeout.{name}": _plain(value) for name, value in content.items()}
    taken = _instant(content.get("photoTakenTime"))
    if taken:
        layer.moments.append(Moment("takeout", instant=taken))
    layer.put("description", text(content.get("description")))
    layer.put("keywords", _people(content.get("people")))
    _read_position(content, layer)
    return layer


def _people(value: object) -> list[str]:
    """The people that Google knew in the picture, as keywords `people/NAME`, until their faces are known."""
    entries = value[:MAX_PEOPLE] if isinstance(value, list) else []
    names = (text(entry.get("name")) for entry in entries if isinstance(entry, dict))
    return [f"people/{name.replace('/', ' ')}" for name in names if name]


def _read_position(content: dict[str, Any], layer: Layer) -> None:
    shown, measured = _position(content.get("geoData")), _position(content.get("geoDataExif"))
    latitude, longitude, altitude = shown or measured or (0.0, 0.0, 0.0)
    if latitude or longitude:
        layer.put_position(latitude, longitude)
        layer.put("altitude", altitude or None)
    # A position that Google shows and the camera did not measure was set by hand, or guessed if nothing was measured.
    layer.edited_position = bool(
        shown and measured and max(abs(a - b) for a, b in zip(shown[:2], measured[:2], strict=True)) > EDITED_POSITION
    )


def _position(value: object) -> tuple[float, float, float] | None:
    if not isinstance(value, dict):
        return None
    try:
        latitude, longitude, altitude = (float(value.get(name) or 0) for name in ("latitude", "longitude", "altitude"))
    except (TypeError, ValueError):
        return None
    known = (latitude or longitude) and all(map(math.isfinite, (latitude, longitude, altitude)))
    return (latitude, longitude, altitude) if known else None


def _instant(value: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(value["timestamp"]), UTC)  # type: ignore[index]
    except (TypeError, KeyError, ValueError, OverflowError, OSError):
        return None


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
