"""Raw EXIF, IPTC and XMP of a still, by libexiv2, and by Pillow where libexiv2 gives up."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from pathlib import Path

import pyexiv2
from PIL import ExifTags, Image

from photos.metadata.fields import decode

pyexiv2.set_log_level(4)  # muted: libexiv2 would write to stderr

XMP_ENDS = ((b"<x:xmpmeta", b"</x:xmpmeta>"), (b"<rdf:RDF", b"</rdf:RDF>"))
MAX_SCAN = 32 * 1024 * 1024  # bytes searched for metadata in a file that no library can open


@dataclass
class Still:
    """The tags of a still under libexiv2's names, values as its text."""

    exif: dict[str, str] = field(default_factory=dict)
    iptc: dict[str, list[str]] = field(default_factory=dict)
    xmp: bytes = b""
    width: int | None = None
    height: int | None = None
    notes: list[str] = field(default_factory=list)


def read_still(path: Path) -> Still:
    """All tags of a still; what cannot be read is missing and noted."""
    still = Still()
    try:
        _read_exiv2(path, still)
    except (RuntimeError, ValueError, OSError) as error:
        _read_pillow(path, still)
        if not (still.exif or still.width):
            still.notes.append(f"metadata could not be read: {_reason(error)}")
    return still


def _read_exiv2(path: Path, still: Still) -> None:
    # pyexiv2's own read_* methods raise on text that is not UTF-8; the layer below gives the bytes.
    image = pyexiv2.Image(str(path))
    try:
        api = image._exiv2api_image
        for tag in api.read_exif():
            still.exif.setdefault(decode(tag["tag"]), decode(tag["value"]))
        still.width, still.height = api.get_pixel_width() or None, api.get_pixel_height() or None
        still.xmp = api.read_raw_xmp()
        for tag in api.read_iptc():
            values = tag["value"] if isinstance(tag["value"], list) else [tag["value"]]
            still.iptc.setdefault(decode(tag["tag"]), []).extend(decode(value) for value in values)
    finally:
        image.close()


def _read_pillow(path: Path, still: Still) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a large picture is only opened here, never decoded
            with Image.open(path) as image:
                still.width, still.height = image.size
                _name_tags(image.getexif(), still)
                packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
                still.xmp = packet.encode() if isinstance(packet, str) else packet
    # Pillow's readers raise nearly anything on a broken file (SyntaxError, struct.error, KeyError, …).
    except Exception as error:  # noqa: BLE001
        still.notes.append(f"metadata could not be read: {_reason(error)}")


def _name_tags(exif: Image.Exif, still: Still) -> None:
    for group, directory, names in (
        ("Image", exif, ExifTags.TAGS),
        ("Photo", exif.get_ifd(ExifTags.IFD.Exif), ExifTags.TAGS),
        ("GPSInfo", exif.get_ifd(ExifTags.IFD.GPSInfo), ExifTags.GPSTAGS),
    ):
        for number, value in directory.items():
            still.exif.setdefault(f"Exif.{group}.{names.get(number, hex(number))}", _as_exiv2(value))


def _as_exiv2(value: object) -> str:
    if isinstance(value, bytes):
        return " ".join(str(byte) for byte in value[:1000])
    if isinstance(value, tuple):
        return " ".join(_as_exiv2(part) for part in value)
    if hasattr(value, "numerator") and hasattr(value, "denominator") and not isinstance(value, int):
        return f"{value.numerator}/{value.denominator}"
    return str(value)


def _reason(error: Exception) -> str:
    return str(error).rsplit(": ", 1)[-1][:200] or type(error).__name__
