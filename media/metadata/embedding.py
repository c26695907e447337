"""Metadata written into a copy of the file itself, and read again before anybody relies on it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyexiv2
from PIL import Image

from media.metadata.reading import read
from media.metadata.xmp_writing import Words, offset_text, render


def write_into(copy: Path, mime: str, words: Words) -> None:
    """Write the words into this copy of a file: XMP, and EXIF and IPTC where they would contradict it.

    Raises ValueError when what is read again differs from what was to be written, or when the picture was touched.
    """
    before = _pixels(copy)
    with pyexiv2.Image(os.fsencode(copy).decode("latin-1"), "latin-1") as image:
        existing = image._exiv2api_image.read_raw_xmp()
        # Without a key: the file's own words are to be read, not passed over as ours.
        packet = render(replace(words, key="-"), existing)
        image.modify_raw_xmp(packet.decode())
        image.modify_exif(_exif(words))
        if iptc := _iptc(words, image.read_iptc() if image._exiv2api_image.read_iptc() else {}):
            image.modify_iptc(iptc)
    if _pixels(copy) != before:
        raise ValueError("the picture itself was changed by writing its metadata")
    _verify(copy, mime, words)


def _pixels(path: Path) -> str:
    """A hash of the decoded picture."""
    with Image.open(path) as image:
        return hashlib.sha256(image.tobytes() + repr((image.size, image.mode)).encode()).hexdigest()


def _exif(words: Words) -> dict[str, str | None]:
    """EXIF's tags; None removes one. Words go to XMP, which comes first, and must not be contradicted here."""
    tags: dict[str, str | None] = {}
    if "taken" in words.fields and words.taken_local:
        local = words.taken_local
        tags["Exif.Photo.DateTimeOriginal"] = f"{local:%Y:%m:%d %H:%M:%S}"
        tags["Exif.Photo.SubSecTimeOriginal"] = f"{local:%f}".rstrip("0") or None
        tags["Exif.Photo.OffsetTimeOriginal"] = offset_text(words.taken_offset) or None
    if "position" in words.fields:
        tags |= _gps(words)
    if "description" in words.fields:
        tags["Exif.Image.ImageDescription"] = words.description if words.description.isascii() else None
    if "rating" in words.fields:
        tags["Exif.Image.Rating"] = str(words.rating) if words.rating and words.rating > 0 else None
    if "title" in words.fields:
        tags["Exif.Image.XPTitle"] = None
    if "keywords" in words.fields:
        tags["Exif.Image.XPKeywords"] = None
    return {name: value if value != "" else None for name, value in tags.items()}


def _gps(words: Words) -> dict[str, str | None]:
    names = ("Latitude", "LatitudeRef", "Longitude", "LongitudeRef", "Altitude", "AltitudeRef")
    tags: dict[str, str | None] = dict.fromkeys(f"Exif.GPSInfo.GPS{name}" for name in names)
    if words.latitude is None or words.longitude is None:
        return tags
    tags["Exif.GPSInfo.GPSVersionID"] = "2 3 0 0"
    for name, value, references in (("Latitude", words.latitude, "NS"), ("Longitude", words.longitude, "EW")):
        seconds = round(abs(value) * 3600 * 100_000)
        degrees, rest = divmod(seconds, 3600 * 100_000)
        minutes, rest = divmod(rest, 60 * 100_000)
        tags[f"Exif.GPSInfo.GPS{name}"] = f"{degrees}/1 {minutes}/1 {rest}/100000"
        tags[f"Exif.GPSInfo.GPS{name}Ref"] = references[value < 0]
    if words.altitude is not None:
        tags["Exif.GPSInfo.GPSAltitude"] = f"{round(abs(words.altitude) * 1000)}/1000"
        tags["Exif.GPSInfo.GPSAltitudeRef"] = "1" if words.altitude < 0 else "0"
    return tags


def _iptc(words: Words, held: dict[str, Any]) -> dict[str, Any]:
    """IPTC's datasets, only where the file has some: readers join its keywords with those of XMP."""
    if not held:
        return {}
    names = {"title": "ObjectName", "description": "Caption", "keywords": "Keywords"}
    prefix = "Iptc.Application2."
    tags: dict[str, Any] = {f"{prefix}{name}": None for group, name in names.items() if group in words.fields}
    if "keywords" in words.fields and words.keywords:
        tags[f"{prefix}Keywords"] = [path.rpartition("/")[2] for path in words.keywords]
    if words.fields & names.keys():
        tags["Iptc.Envelope.CharacterSet"] = "\x1b%G"  # UTF-8
    if "taken" in words.fields and words.taken_local:
        tags |= {f"{prefix}DateCreated": None, f"{prefix}TimeCreated": None}
    return {name: value for name, value in tags.items() if value is not None or name in held}


def _verify(path: Path, mime: str, words: Words) -> None:
    found = read(path, mime)
    for group in words.fields & {"title", "description", "rating"}:
        if (getattr(found, group) or None) != (getattr(words, group) or None):
            raise ValueError(f"the {group} reads differently after writing")
    if "keywords" in words.fields and {path.casefold() for path in found.keywords} != {
        path.casefold() for path in words.keywords
    }:
        raise ValueError("the keywords read differently after writing")
    if "taken" in words.fields and found.taken_local != words.taken_local:
        raise ValueError("the time reads differently after writing")
    if "position" in words.fields and not _near(found, words):
        raise ValueError("the position reads differently after writing")


def _near(found: Any, words: Words) -> bool:
    pairs = ((found.latitude, words.latitude), (found.longitude, words.longitude))
    return all(a is b if a is None or b is None else abs(a - b) < 1e-6 for a, b in pairs)
