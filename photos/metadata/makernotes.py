"""What only the makers' own notes carry: lens names, ISO of old cameras, Apple's identifiers."""

from __future__ import annotations

import struct

from photos.metadata.fields import Layer, text
from photos.metadata.tags import Tags, first, numbers

LENS_NAMES = (
    "Exif.Canon.LensModel",
    "Exif.OlympusEq.LensModel",
    "Exif.Panasonic.LensType",
    "Exif.PentaxDng.LensType",
    "Exif.SamsungPictureWizard.LensType",
)
LENS_RANGES = ("Exif.Photo.LensSpecification", "Exif.Image.LensInfo", "Exif.Nikon3.Lens", "Exif.Sony1.LensSpec")
APPLE_START = "65 112 112 108 101 32 105 79 83 0 "  # "Apple iOS" as libexiv2 prints bytes
APPLE_LIMIT = 1 << 16  # bytes
APPLE_TEXTS = {0x0B: "burst_id", 0x11: "live_id"}


def interpret(tags: Tags, layer: Layer) -> None:
    """Add to the EXIF layer what the standard tags left open."""
    name = first(tags, *LENS_NAMES)
    layer.put("lens", name if name and not name.replace(" ", "").isdigit() else None)
    for tag in LENS_RANGES:
        layer.put("lens", lens_range(tags.get(tag)))
    for name, value in _apple_texts(tags.get("Exif.Photo.MakerNote", "")).items():
        layer.put(name, value)


def lens_range(value: str | None) -> str | None:
    """`24/1 70/1 28/10 4/1` (shortest and longest focal length, f-number at each) as `24-70mm f/2.8-4`."""
    shortest, longest, wide, tele = (*numbers(value), None, None, None, None)[:4]
    if not shortest or not longest:
        return None
    name = f"{shortest:g}mm" if shortest == longest else f"{shortest:g}-{longest:g}mm"
    if wide:
        name += f" f/{wide:g}" if not tele or tele == wide else f" f/{wide:g}-{tele:g}"
    return name


def _apple_texts(note: str) -> dict[str, str | None]:
    """Apple's identifiers; libexiv2 leaves the note as bytes. A TIFF directory whose offsets count from the note."""
    if not note.startswith(APPLE_START):
        return {}
    data = bytes(int(byte) for byte in note.split()[:APPLE_LIMIT])
    found = {}
    for index in range(min(int.from_bytes(data[14:16], "big"), 200)):
        entry = data[16 + 12 * index : 28 + 12 * index]
        tag, kind, count = struct.unpack(">HHI", entry[:8]) if len(entry) == 12 else (0, 0, 0)
        if tag in APPLE_TEXTS and kind == 2 and 4 < count <= 100:
            start = int.from_bytes(entry[8:], "big")
            found[APPLE_TEXTS[tag]] = text(data[start : start + count].decode("ascii", "replace").rstrip("\0"))
    return found
