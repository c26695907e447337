"""An XMP packet, embedded or beside the file, as fields."""

from __future__ import annotations

import json
import re
from datetime import UTC
from typing import Any

from media.editing import description
from media.metadata import instants, regions
from media.metadata.fields import Layer, text
from media.metadata.formats import acdsee, comments, exif, packets
from media.metadata.formats.tags import number, positive
from media.sentences import english

_COORDINATE = re.compile(r"^\s*(-?\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?(?:,(\d+(?:\.\d+)?))?\s*([NSEW]?)\s*$", re.ASCII)
TIMES = ("exif:DateTimeOriginal", "photoshop:DateCreated", "acdsee:datetime")
DIGITIZED_TIMES = ("exif:DateTimeDigitized", "xmp:CreateDate")

MAX_WORDS = 1_000  # of one array

Properties = dict[str, Any]


def interpret(packet: bytes, source: str) -> tuple[Layer, Properties]:
    """The layer of an XMP packet, and its properties for other data in them."""
    layer = Layer(source)
    if not packet.strip(b"\0 \r\n\t"):
        return layer, {}
    try:
        properties = packets.parse_packet(packet)
    except packets.MalformedPacket as error:
        layer.notes.append(f"{source}: {error}")
        layer.unreadable = english("It is damaged: %(error)s.", error=error)
        return layer, {}
    prefix = "Sidecar" if source == "sidecar" else "Xmp"
    layer.raw = {f"{prefix}.{name}": value for name, value in packets.flatten(properties).items()}
    _read_times(properties, layer)
    _read_words(properties, layer)
    found = regions.read_regions(properties)
    _read_keywords(properties, layer, regions.pets(found))
    _read_camera(properties, layer)
    _read_position(properties, layer)
    layer.put("regions", found)
    if source == "sidecar":
        layer.put("picture_edit", picture_edit(properties))
    return layer, properties


def picture_edit(properties: Properties) -> dict[str, Any] | None:
    """The edit that Mirage wrote, if it is one that this version knows. Edits of other programs (crs:) are not ours."""
    written = properties.get("mirage:Edit")
    if not isinstance(written, str):
        return None
    try:
        edit = description.read(json.loads(written))
    except (ValueError, RecursionError, description.Refused):
        return None
    return edit.as_json() if edit.operations else None


def first(properties: Properties, *names: str) -> str | None:
    """The first of these properties that has a value, as text; of an array its first item."""
    for name in names:
        value = properties.get(name)
        if isinstance(value, list):
            value = next((item for item in value if isinstance(item, str)), None)
        if isinstance(value, str) and (found := text(value)):
            return found
    return None


def words(properties: Properties, name: str) -> list[str]:
    """The texts of an array, or of a single value."""
    value = properties.get(name)
    items = value if isinstance(value, list) else [value]
    return [found for item in items[:MAX_WORDS] if isinstance(item, str) and (found := text(item))]


def _read_times(properties: Properties, layer: Layer) -> None:
    for name in TIMES + DIGITIZED_TIMES:
        moment = instants.parse(first(properties, name), layer.source, digitized=name in DIGITIZED_TIMES)
        if moment:
            layer.moments.append(moment)
    layer.modified = instants.parse(first(properties, "tiff:DateTime", "xmp:ModifyDate"), layer.source, digitized=True)
    gps = instants.parse(first(properties, "exif:GPSTimeStamp", "exif:GPSDateTime"), "gps")
    if gps and gps.precise:
        layer.gps_instant = gps.instant or (gps.local.replace(tzinfo=UTC) if gps.local else None)


def _read_words(properties: Properties, layer: Layer) -> None:
    layer.put("title", first(properties, "dc:title", "photoshop:Headline"))
    for name in ("dc:description", "tiff:ImageDescription", "exif:UserComment", "acdsee:caption", "acdsee:notes"):
        description = first(properties, name)
        filler = comments.is_filler if name == "exif:UserComment" else comments.is_camera_word
        layer.put("description", None if filler(description or "") else description)
    author = first(properties, "tiff:Artist", "acdsee:author")
    layer.put("author", ", ".join(words(properties, "dc:creator")) or author)
    layer.put("copyright", first(properties, "dc:rights", "tiff:Copyright"))
    layer.put("label", first(properties, "xmp:Label"))
    layer.put("software", first(properties, "xmp:CreatorTool", "tiff:Software"))
    rating = number(first(properties, "xmp:Rating"))
    if rating is None:
        percent = number(first(properties, "MicrosoftPhoto:Rating"))
        rating = exif.stars(percent) if percent else number(first(properties, "acdsee:rating"))
    layer.put("rating", int(rating) if rating is not None and -1 <= rating <= 5 else None)
    layer.put("place", first(properties, "photoshop:City"))
    layer.put("region", first(properties, "photoshop:State"))
    layer.put("country", first(properties, "photoshop:Country"))


def _read_keywords(properties: Properties, layer: Layer, pets: list[str]) -> None:
    paths = [word.replace("|", "/") for word in words(properties, "lr:hierarchicalSubject")]
    paths += words(properties, "digiKam:TagsList") + words(properties, "MicrosoftPhoto:LastKeywordXMP")
    paths += [word.replace("|", "/") for word in words(properties, "mediapro:CatalogSets")]
    paths += acdsee.categories(first(properties, "acdsee:categories"))
    flat = words(properties, "dc:subject") + words(properties, "acdsee:keywords")
    layer.put("keywords", joined(paths, flat + pets))


def joined(paths: list[str], flat: list[str]) -> list[str]:
    """Hierarchical and flat keywords as one list, each once, without those that are a step of a longer path.

    For readers without hierarchy, programs write `Places/Paris` as well as `Places` and `Paris`.
    """
    paths = ["/".join(step.strip() for step in path.split("/") if step.strip()) for path in paths]
    longest = [path for path in dict.fromkeys(paths) if path and not any(p.startswith(path + "/") for p in paths)]
    steps = {step.casefold() for path in longest for step in path.split("/")} | {path.casefold() for path in longest}
    return longest + [word for word in dict.fromkeys(flat) if word.casefold() not in steps]


def _read_camera(properties: Properties, layer: Layer) -> None:
    layer.put("camera_make", first(properties, "tiff:Make"))
    layer.put("camera_model", first(properties, "tiff:Model"))
    layer.put("lens", first(properties, "exifEX:LensModel", "aux:Lens"))
    iso = positive(first(properties, "exifEX:PhotographicSensitivity", "exif:ISOSpeedRatings"))
    layer.put("iso", int(iso) if iso and iso < 2**31 else None)
    for name, tag in (
        ("aperture", "exif:FNumber"),
        ("exposure", "exif:ExposureTime"),
        ("focal_length", "exif:FocalLength"),
        ("focal_length_35mm", "exif:FocalLengthIn35mmFilm"),
    ):
        layer.put(name, positive(first(properties, tag)))
    flash = properties.get("exif:Flash")
    fired = first(flash, "exif:Fired") if isinstance(flash, dict) else None
    layer.put("flash", None if fired is None else fired.lower() == "true")
    for name, tag, table in (
        ("exposure_program", "exif:ExposureProgram", exif.EXPOSURE_PROGRAMS),
        ("metering_mode", "exif:MeteringMode", exif.METERING_MODES),
        ("white_balance", "exif:WhiteBalance", exif.WHITE_BALANCES),
    ):
        code = number(first(properties, tag))
        layer.put(name, None if code is None else table.get(int(code)))
    orientation = number(first(properties, "tiff:Orientation"))
    layer.put("orientation", int(orientation) if orientation and orientation in range(1, 9) else None)
    layer.put("burst_id", first(properties, "GCamera:BurstID", "GCreations:CameraBurstID"))
    if first(properties, "GPano:ProjectionType") or first(properties, "GPano:UsePanoramaViewer") == "True":
        layer.put("panorama", True)


def _read_position(properties: Properties, layer: Layer) -> None:
    latitude = _coordinate(properties, "exif:GPSLatitude")
    longitude = _coordinate(properties, "exif:GPSLongitude")
    layer.put_position(latitude, longitude)
    altitude = number(first(properties, "exif:GPSAltitude"))
    if altitude is not None and abs(altitude) < 100_000:
        layer.put("altitude", -altitude if first(properties, "exif:GPSAltitudeRef") == "1" else altitude)
    direction = number(first(properties, "exif:GPSImgDirection"))
    layer.put("direction", direction if direction is not None and 0 <= direction <= 360 else None)


def _coordinate(properties: Properties, name: str) -> float | None:
    # `51,30.0416N`, `51,30,2.5N`, and plain degrees, which some programs write.
    found = _COORDINATE.match(first(properties, name) or "")
    if not found:
        return None
    degrees = abs(float(found[1])) + float(found[2] or 0) / 60 + float(found[3] or 0) / 3600
    reference = found[4] or (first(properties, f"{name}Ref") or "").upper()[:1]
    return -degrees if reference in ("S", "W") or found[1].startswith("-") else degrees
