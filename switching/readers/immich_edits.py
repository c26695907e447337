"""What Immich did to a picture, from 2.5 on: a crop in pixels of the upright original, then turns and mirrors."""

import json
from collections.abc import Sequence
from dataclasses import replace
from sqlite3 import Row
from typing import Any

from media.editing import description
from media.metadata.orientations import together
from media.sentences import english
from switching.readers.tables import number, text, whole
from switching.stream import Asset, Library

TURNS = {90: 6, 180: 3, 270: 8}  # clockwise, as EXIF's orientations
MIRRORS = {"horizontal": 2, "vertical": 4}
SIDEWAYS = {"5", "6", "7", "8", "Rotate 90 CW", "Rotate 270 CW"}


def edited(asset: Asset, rows: Sequence[Row], exif: Sequence[Row], library: Library) -> Asset:
    """The asset with its crop and its turn."""
    turn, crop = 1, None
    for row in sorted(rows, key=lambda row: whole(row["sequence"]) or 0):
        told = parameters_of(row)
        match text(row["action"]):
            case "crop":
                crop = crop_of(told, exif)
                library.lose(english("crops that cannot be read"), crop is None)
            case "rotate":
                turn = together(turn, TURNS.get((whole(told.get("angle")) or 0) % 360, 1))
            case "mirror":
                turn = together(turn, MIRRORS.get(text(told.get("axis")), 1))
            case _:
                library.lose(english("edits of pictures that Mirage does not know"))
    return replace(asset, picture_edit=crop, turn=turn)


def parameters_of(row: Row) -> dict[str, Any]:
    """The numbers of an edit; none if they cannot be read."""
    try:
        told = json.loads(text(row["parameters"]) or "{}")
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def crop_of(told: dict[str, Any], exif: Sequence[Row]) -> dict[str, Any] | None:
    """A crop as Mirage describes it. None if it does not fit, or the size of the picture is not known."""
    if not exif:
        return None
    wide, high = number(exif[0]["exifImageWidth"]), number(exif[0]["exifImageHeight"])
    if text(exif[0]["orientation"]) in SIDEWAYS:
        wide, high = high, wide
    x, y, width, height = (number(told.get(name)) for name in ("x", "y", "width", "height"))
    if not wide or not high or x is None or y is None or width is None or height is None:
        return None
    crop = {"op": "crop", "x": x / wide, "y": y / high, "width": width / wide, "height": height / high}
    try:
        return description.read({"version": description.VERSION, "operations": [crop]}).as_json()
    except description.Refused:
        return None
