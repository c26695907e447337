"""Writing metadata into a copy of the file, and reading it back to check it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyexiv2
from PIL import Image

from media.metadata.fields import Metadata, decode
from media.metadata.formats import comments
from media.metadata.formats.xmp import joined
from media.metadata.reading import read
from media.metadata.xmp_writing import Words, offset_text, render
from media.sentences import english
from media.text import clean, name_key

SAME_BOX = 0.002  # of the picture's sides
UTF_8 = "\x1b%G"  # as IPTC names it
NAMES = {"taken": "time"}
# Where readers find a description if XMP, IPTC and ImageDescription have none.
OTHER_DESCRIPTIONS = ("Exif.Image.XPComment", "Exif.Image.XPSubject", "Exif.Photo.UserComment")


def write_into(copy: Path, mime: str, words: Words) -> bool:
    """Write the words into this copy of a file: XMP, and EXIF and IPTC where they would contradict it.

    Metadata that the file has already is not changed by a byte. Returns whether there was anything to write. Raises
    ValueError if reading it back gives something else, or if the picture changed.
    """
    found = read(copy, mime, original_name="")
    words = replace(words, fields=frozenset(name for name in words.fields if not _says(found, words, name)))
    if not words.fields:
        return False
    before = _pixels(copy)
    with pyexiv2.Image(os.fsencode(copy).decode("latin-1"), "latin-1") as image:
        existing = image._exiv2api_image.read_raw_xmp()
        # Without a key: the file's own words must be read, not skipped as Mirage's.
        packet = render(replace(words, key="-", regions=[*words.regions, *_other_regions(found)]), existing)
        image.modify_raw_xmp(packet.decode())
        image.modify_exif(_exif(words, found, image.read_exif()))
        if iptc := _iptc(words, _datasets(image)):
            image.modify_iptc(iptc)
        if "description" in words.fields and not words.description and image._exiv2api_image.read_comment():
            image.clear_comment()
    if _pixels(copy) != before:
        raise ValueError("the picture itself was changed by writing its metadata")
    _verify(copy, mime, words)
    return True


def _says(found: Metadata, words: Words, group: str) -> bool:
    """Whether the file itself says the same."""
    if group == "keywords":
        return _folded(found.keywords) == _folded(words.keywords)
    if group == "taken":
        return _same_time(found, words)
    if group == "position":
        return _near(found, words)
    if group == "regions":
        return _same_regions(found, words)
    if group == "rating":
        return found.rating == words.rating
    return (getattr(found, group) or "") == clean(getattr(words, group))


def _folded(paths: Sequence[str]) -> set[str]:
    """Keywords as files can express them: a flat one that is a step of a longer path cannot be told from it."""
    return {name_key(path) for path in joined([path for path in paths if "/" in path], list(paths))}


def _same_time(found: Metadata, words: Words) -> bool:
    if found.taken_source == "file" or (found.taken_local, found.taken_precision) != (
        words.taken_local,
        words.taken_precision,
    ):
        return False
    told = found.taken_offset if found.sources.get("taken_offset") not in ("home", "zone") else None
    return words.taken_offset is None or words.taken_precision != "time" or told == words.taken_offset


def _same_regions(found: Metadata, words: Words) -> bool:
    faces = [region for region in found.regions if region["kind"] == "Face" and region["name"]]
    pairs = zip(sorted(faces, key=_by_place), sorted(words.regions, key=_by_place), strict=False)
    return len(faces) == len(words.regions) and all(
        clean(one["name"]) == clean(other["name"]) and all(abs(one[key] - other[key]) < SAME_BOX for key in "xywh")
        for one, other in pairs
    )


def _by_place(region: dict[str, Any]) -> tuple[float, float]:
    return region["x"], region["y"]


def _other_regions(found: Metadata) -> list[dict[str, Any]]:
    """Regions that are not named faces: pets, focus points, unnamed faces."""
    return [region for region in found.regions if region["kind"] != "Face" or not region["name"]]


def _pixels(path: Path) -> str:
    """A hash of the decoded picture."""
    with Image.open(path) as image:
        return hashlib.sha256(image.tobytes() + repr((image.size, image.mode)).encode()).hexdigest()


def _exif(words: Words, found: Metadata, held: Mapping[str, str]) -> dict[str, str | None]:
    """EXIF's tags; None removes one. Words go to XMP, which takes precedence, and must not be contradicted here."""
    tags: dict[str, str | None] = {}
    if "taken" in words.fields and words.taken_local:
        tags |= _exif_time(words, words.taken_local)
    if "position" in words.fields:
        tags |= _gps(words)
    if "description" in words.fields:
        tags["Exif.Image.ImageDescription"] = words.description if words.description.isascii() else None
        tags |= {name: None for name in OTHER_DESCRIPTIONS if name in held and _contradicts(held[name], words, found)}
    if "rating" in words.fields:
        tags["Exif.Image.Rating"] = str(words.rating) if words.rating and words.rating > 0 else None
    if "title" in words.fields:
        tags["Exif.Image.XPTitle"] = None
    if "keywords" in words.fields:
        tags["Exif.Image.XPKeywords"] = None
    return {name: value if value != "" else None for name, value in tags.items()}


def _exif_time(words: Words, local: datetime) -> dict[str, str | None]:
    """The time of a full date. A date with only a year is left to XMP: few programs read EXIF's blanks."""
    names = ("DateTimeOriginal", "SubSecTimeOriginal", "OffsetTimeOriginal")
    whole = (f"{local.year:04}:{local:%m:%d %H:%M:%S}", f"{local:%f}".rstrip("0"), offset_text(words.taken_offset))
    values = whole if words.taken_precision == "time" else ("", "", "")
    return {f"Exif.Photo.{name}": value or None for name, value in zip(names, values, strict=True)}


def _contradicts(value: str, words: Words, found: Metadata) -> bool:
    """Whether a tag that is read in the absence of a description would restore the old one."""
    return not words.description or (comments.read_user_comment(value) or clean(value)) == found.description


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


def _datasets(image: pyexiv2.Image) -> dict[str, Any]:
    """IPTC's datasets as text, whatever their encoding."""
    datasets: dict[str, list[str]] = {}
    for entry in image._exiv2api_image.read_iptc():
        values = entry["value"] if isinstance(entry["value"], list) else [entry["value"]]
        datasets.setdefault(decode(entry["tag"]), []).extend(decode(value) for value in values)
    return datasets


def _iptc(words: Words, held: Mapping[str, list[str]]) -> dict[str, Any]:
    """IPTC's datasets, only if the file has some: readers merge its keywords with those of XMP."""
    if not held:
        return {}
    names = {"title": ("ObjectName", "Headline"), "description": ("Caption",), "keywords": ("Keywords",)}
    prefix = "Iptc.Application2."
    tags: dict[str, Any] = {f"{prefix}{name}": None for group in words.fields for name in names.get(group, ())}
    if "keywords" in words.fields and words.keywords:
        tags[f"{prefix}Keywords"] = [path.rpartition("/")[2] for path in words.keywords]
    if "taken" in words.fields and words.taken_local:
        tags |= {f"{prefix}DateCreated": None, f"{prefix}TimeCreated": None}
    changed = {name: value for name, value in tags.items() if value is not None or name in held}
    if changed and held.get("Iptc.Envelope.CharacterSet") != [UTF_8]:
        # From here on it is UTF-8, and so must be what stays.
        kept = {name: values for name, values in held.items() if name not in changed and not "".join(values).isascii()}
        changed |= {name: values if len(values) > 1 else values[0] for name, values in kept.items()}
        changed["Iptc.Envelope.CharacterSet"] = UTF_8
    return changed


def _verify(path: Path, mime: str, words: Words) -> None:
    found = read(path, mime, original_name="")
    for group in words.fields - {"regions"}:
        if not _says(found, words, group) and not (group == "taken" and words.taken_local is None):
            if group == "keywords":
                raise ValueError(english("the keywords read differently after writing"))
            name = NAMES.get(group, group)
            raise ValueError(english("the %(field)s reads differently after writing", field=name))


def _near(found: Any, words: Words) -> bool:
    pairs = ((found.latitude, words.latitude), (found.longitude, words.longitude))
    return all(a is b if a is None or b is None else abs(a - b) < 1e-6 for a, b in pairs)
