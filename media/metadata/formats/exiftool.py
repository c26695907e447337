"""What exiftool says, if the owner configured it and Mirage's own readers found no date. Never required."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from media.metadata import instants
from media.metadata.fields import Layer, text

SECONDS = 20.0
MAX_OUTPUT = 8 * 1024 * 1024  # bytes
TIMES = ("DateTimeOriginal", "CreateDate", "DateCreated", "MediaCreateDate")
WORDS = {"Make": "camera_make", "Model": "camera_model", "Title": "title", "Description": "description"}
NUMBERS = {"ISO": "iso", "FNumber": "aperture", "ExposureTime": "exposure", "FocalLength": "focal_length"}


def interpret(program: str, path: Path) -> Layer:
    """The layer of exiftool's output for a file. A note if it fails, hangs or prints no JSON."""
    layer = Layer("exiftool")
    command = [program, "-json", "-n", "-fast", "-charset", "filename=utf8", str(path.absolute())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL)
        tags = json.loads(done.stdout[:MAX_OUTPUT])[0]
    except (OSError, subprocess.TimeoutExpired, ValueError, IndexError, KeyError, TypeError) as error:
        layer.notes.append(f"exiftool: {type(error).__name__}: {str(error)[:200]}")
        return layer
    if isinstance(tags, dict):
        read_tags(tags, layer)
    return layer


def read_tags(tags: dict[str, Any], layer: Layer) -> None:
    layer.raw = {f"ExifTool.{name}": str(value) for name, value in tags.items() if name != "SourceFile"}
    offset = text(tags.get("OffsetTimeOriginal") or tags.get("TimeZone"))
    for name in TIMES:
        moment = instants.parse(text(tags.get(name)), "exiftool", offset=offset, digitized=name != TIMES[0])
        if moment:
            layer.moments.append(moment)
    for tag, field in WORDS.items():
        layer.put(field, text(tags.get(tag)))
    for tag, field in NUMBERS.items():
        value = as_number(tags.get(tag))
        layer.put(field, int(value) if value and field == "iso" else value)
    layer.put_position(as_number(tags.get("GPSLatitude")), as_number(tags.get("GPSLongitude")))


def as_number(value: object) -> float | None:
    """A positive number, as -n prints them."""
    return float(value) if isinstance(value, int | float) and abs(value) < 1e9 else None
