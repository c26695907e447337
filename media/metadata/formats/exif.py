"""EXIF tags, with libexiv2's names, as fields."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from media.metadata import instants
from media.metadata.fields import Layer, text
from media.metadata.formats import comments, makernotes
from media.metadata.formats.tags import Tags, first, number, numbers, positive
from media.sentences import english

EXPOSURE_PROGRAMS = {
    1: "Manual",
    2: "Program AE",
    3: "Aperture-priority AE",
    4: "Shutter speed priority AE",
    5: "Creative (Slow speed)",
    6: "Action (High speed)",
    7: "Portrait",
    8: "Landscape",
    9: "Bulb",
}
METERING_MODES = {
    1: "Average",
    2: "Center-weighted average",
    3: "Spot",
    4: "Multi-spot",
    5: "Multi-segment",
    6: "Partial",
    255: "Other",
}
WHITE_BALANCES = {0: "Auto", 1: "Manual"}
PANORAMA_RENDERINGS = {6}  # CustomRendered as Apple writes it


# Panasonic's raw files have the first directory's tags in one of their own.
PANASONIC = {f"Exif.PanasonicRaw.{name}": f"Exif.Image.{name}" for name in ("Make", "Model", "Orientation")}
PANASONIC["Exif.PanasonicRaw.ISOSpeed"] = "Exif.Image.ISOSpeedRatings"


def interpret(tags: Tags) -> Layer:
    """The EXIF layer of a file."""
    layer = Layer("exif", raw=dict(tags))
    if "Exif.PanasonicRaw.Version" in tags:
        tags = {PANASONIC.get(name, name): value for name, value in tags.items()}
    _read_times(tags, layer)
    _read_camera(tags, layer)
    _read_position(tags, layer)
    _read_words(tags, layer)
    layer.put("orientation", _orientation(tags.get("Exif.Image.Orientation")))
    makernotes.interpret(tags, layer)
    return layer


def _read_times(tags: Tags, layer: Layer) -> None:
    changed = tags.get("Exif.Image.DateTime")
    for name, kind in (("DateTimeOriginal", "Original"), ("DateTimeDigitized", "Digitized")):
        value = first(tags, f"Exif.Photo.{name}", f"Exif.Image.{name}")
        offset = first(tags, f"Exif.Photo.OffsetTime{kind}")
        # OffsetTime belongs to the last change, perhaps on an editing computer, unless nothing was changed.
        if offset is None and value == text(changed):
            offset = first(tags, "Exif.Photo.OffsetTime")
        subseconds = tags.get(f"Exif.Photo.SubSecTime{kind}")
        moment = instants.parse(value, "exif", subseconds, offset or _zone_hours(tags), digitized=kind == "Digitized")
        if moment:
            layer.moments.append(moment)
        elif value and any(c in "123456789" for c in value):
            layer.notes.append(english("%(field)s is not a date: %(value)s", field=name, value=value[:40]))
    layer.modified = instants.parse(
        changed, "exif", tags.get("Exif.Photo.SubSecTime"), tags.get("Exif.Photo.OffsetTime"), digitized=True
    )
    layer.gps_instant = _gps_instant(tags)


def _zone_hours(tags: Tags) -> str | None:
    # TimeZoneOffset: not in EXIF but in TIFF/EP, in whole hours; the first is that of DateTimeOriginal.
    hours = number(first(tags, "Exif.Photo.0x882a", "Exif.Image.TimeZoneOffset"))
    return f"{int(hours):+03d}:00" if hours is not None and abs(hours) <= 14 else None


def _gps_instant(tags: Tags) -> datetime | None:
    day = instants.parse(tags.get("Exif.GPSInfo.GPSDateStamp"), "gps")
    clock = numbers(tags.get("Exif.GPSInfo.GPSTimeStamp"))
    if day is None or day.local is None or len(clock) < 3:
        return None
    hours, minutes, seconds = clock[:3]
    if hours is None or not (0 <= hours < 25 and 0 <= (minutes or 0) < 61 and 0 <= (seconds or 0) < 62):
        return None
    try:
        midnight = day.local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
        return midnight + timedelta(hours=hours, minutes=minutes or 0, seconds=seconds or 0)
    except OverflowError:
        return None


def _read_camera(tags: Tags, layer: Layer) -> None:
    layer.put("camera_make", first(tags, "Exif.Image.Make"))
    layer.put("camera_model", first(tags, "Exif.Image.Model", "Exif.Image.UniqueCameraModel"))
    layer.put("lens", first(tags, "Exif.Photo.LensModel", "Exif.Image.LensModel"))
    layer.put("iso", _iso(tags))
    aperture = number(first(tags, "Exif.Photo.FNumber", "Exif.Image.FNumber"))
    if not aperture:
        apex = number(first(tags, "Exif.Photo.ApertureValue", "Exif.Image.ApertureValue"))
        aperture = round(2 ** (apex / 2), 2) if apex is not None and 0 < apex < 20 else None
    layer.put("aperture", _rounded(aperture, 3))
    exposure = positive(first(tags, "Exif.Photo.ExposureTime", "Exif.Image.ExposureTime"))
    if exposure is None:
        apex = number(first(tags, "Exif.Photo.ShutterSpeedValue", "Exif.Image.ShutterSpeedValue"))
        exposure = 2**-apex if apex is not None and -16 < apex < 24 else None
    layer.put("exposure", exposure)
    layer.put("focal_length", _rounded(positive(first(tags, "Exif.Photo.FocalLength", "Exif.Image.FocalLength")), 3))
    # Some Panasonics write it into the wrong directory, where libexiv2 knows only its number.
    layer.put("focal_length_35mm", positive(first(tags, "Exif.Photo.FocalLengthIn35mmFilm", "Exif.Image.0xa405")))
    flash = number(first(tags, "Exif.Photo.Flash", "Exif.Image.Flash"))
    layer.put("flash", None if flash is None else bool(int(flash) & 1))
    for name, tag, words in (
        ("exposure_program", "ExposureProgram", EXPOSURE_PROGRAMS),
        ("metering_mode", "MeteringMode", METERING_MODES),
        ("white_balance", "WhiteBalance", WHITE_BALANCES),
    ):
        code = number(first(tags, f"Exif.Photo.{tag}", f"Exif.Image.{tag}"))
        layer.put(name, None if code is None else words.get(int(code)))
    if number(tags.get("Exif.Photo.CustomRendered")) in PANORAMA_RENDERINGS:
        layer.put("panorama", True)


def _iso(tags: Tags) -> int | None:
    for tag in ("Exif.Photo.ISOSpeedRatings", "Exif.Image.ISOSpeedRatings"):
        iso = positive(tags.get(tag))
        if iso and iso != 65535 and iso < 2**31:  # the field's largest value means "more than fits: see the tags below"
            return int(iso)
    for tag in ("RecommendedExposureIndex", "ISOSpeed", "StandardOutputSensitivity"):
        iso = positive(tags.get(f"Exif.Photo.{tag}"))
        if iso and iso < 2**31:
            return int(iso)
    return None


def _rounded(value: float | None, digits: int) -> float | None:
    return round(value, digits) if value else None


def _orientation(value: str | None) -> int | None:
    found = number(value)
    return int(found) if found is not None and found in range(1, 9) else None


def _read_position(tags: Tags, layer: Layer) -> None:
    latitude = _degrees(tags, "Latitude", "S", 90)
    longitude = _degrees(tags, "Longitude", "W", 180)
    layer.put_position(latitude, longitude)
    altitude = number(tags.get("Exif.GPSInfo.GPSAltitude"))
    if altitude is not None and abs(altitude) < 100_000:
        below = (number(tags.get("Exif.GPSInfo.GPSAltitudeRef")) or 0) == 1
        layer.put("altitude", -altitude if below else altitude)
    direction = number(tags.get("Exif.GPSInfo.GPSImgDirection"))
    layer.put("direction", direction if direction is not None and 0 <= direction <= 360 else None)


def _degrees(tags: Tags, axis: str, negative: str, limit: int) -> float | None:
    parts = numbers(tags.get(f"Exif.GPSInfo.GPS{axis}"))[:3]
    if not parts or parts[0] is None:
        return None
    degrees = sum((part or 0) / 60**index for index, part in enumerate(parts))
    reference = (text(tags.get(f"Exif.GPSInfo.GPS{axis}Ref")) or "").upper()
    return round(-degrees if reference.startswith(negative) else degrees, 9)


def _read_words(tags: Tags, layer: Layer) -> None:
    description = first(tags, "Exif.Image.ImageDescription")
    if description and not comments.is_camera_word(description):
        layer.put("description", description)
    for name in ("XPComment", "XPSubject"):
        layer.put("description", _ucs2(tags.get(f"Exif.Image.{name}")))
    layer.put("description", comments.read_user_comment(tags.get("Exif.Photo.UserComment")))
    layer.put("title", _ucs2(tags.get("Exif.Image.XPTitle")))
    layer.put("author", first(tags, "Exif.Image.Artist") or _ucs2(tags.get("Exif.Image.XPAuthor")))
    layer.put("copyright", first(tags, "Exif.Image.Copyright"))
    layer.put("software", first(tags, "Exif.Image.Software"))
    keywords = (_ucs2(tags.get("Exif.Image.XPKeywords")) or "").split(";")
    layer.put("keywords", [word.strip() for word in keywords if word.strip()])
    rating, percent = number(tags.get("Exif.Image.Rating")), number(tags.get("Exif.Image.RatingPercent"))
    if rating is None and percent:
        rating = stars(percent)
    layer.put("rating", int(rating) if rating is not None and -1 <= rating <= 5 else None)


def stars(percent: float) -> int | None:
    """Microsoft's rating in percent as stars: 1, 25, 50, 75 and 99 are one to five."""
    if not 0 <= percent <= 100:
        return None
    return 0 if percent == 0 else min(5, max(1, round(percent / 25) + 1))


def _ucs2(value: str | None) -> str | None:
    # Windows' tags are UTF-16 as bytes, which libexiv2 prints as decimal numbers.
    try:
        return text(bytes(int(byte) for byte in (value or "").split()).decode("utf-16-le", "replace"))
    except ValueError:
        return text(value)
