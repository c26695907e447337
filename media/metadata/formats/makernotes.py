"""What only makers' notes contain: lens names, ISO of old cameras, Apple's identifiers."""

from __future__ import annotations

import struct

from media.metadata.fields import Layer, text
from media.metadata.formats.tags import Tags, first, number, numbers

LENS_NAMES = (
    "Exif.Canon.LensModel",
    "Exif.OlympusEq.LensModel",
    "Exif.Panasonic.LensType",
    "Exif.PentaxDng.LensType",
    "Exif.SamsungPictureWizard.LensType",
)
LENS_RANGES = ("Exif.Photo.LensSpecification", "Exif.Image.LensInfo", "Exif.Nikon3.Lens", "Exif.Sony1.LensSpec")
ISO_TAGS = ("Exif.Casio.ISO", "Exif.Casio2.ISO", "Exif.Nikon3.ISOSpeed")
CANON_SHOT_INFO = b"\4\0"  # the directory entry's tag
CANON_ISO = {16: 50, 17: 100, 18: 200, 19: 400, 20: 800}  # CameraISO
APPLE_START = "65 112 112 108 101 32 105 79 83 0 "  # "Apple iOS" as libexiv2 prints bytes
NOTE_LIMIT = 1 << 16  # bytes
APPLE_TEXTS = {0x0B: "burst_id", 0x11: "live_id"}


def interpret(tags: Tags, layer: Layer) -> None:
    """Add to the EXIF layer what the standard tags do not have."""
    name = first(tags, *LENS_NAMES)
    layer.put("lens", name if name and not name.replace(" ", "").isdigit() else None)
    for tag in LENS_RANGES:
        layer.put("lens", lens_range(tags.get(tag)))
    layer.put("iso", _canon_iso(tags))
    for tag in ISO_TAGS:
        iso = max((value or 0 for value in numbers(tags.get(tag))), default=0)
        layer.put("iso", int(iso) if 0 < iso < 65535 else None)
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


def _canon_iso(tags: Tags) -> int | None:
    """ISO of old PowerShots: the code of the dial, or base and automatic gain on a scale of 1/32 stops."""
    if not tags.get("Exif.Image.Make", "").startswith("Canon"):
        return None
    dial = CANON_ISO.get(int(number(tags.get("Exif.CanonCs.ISOSpeed")) or 0))
    base, gain = number(tags.get("Exif.CanonSi.ISOSpeed")), number(tags.get("Exif.CanonSi.AutoISO")) or 0
    if not base:
        gain, base = _canon_gain_and_base(tags)
    if dial or not base or not (0 < base < 1000 and -320 <= gain < 1000):
        return dial
    return round(2 ** (base / 32) * 100 / 32 * 2 ** (gain / 32))


def _canon_gain_and_base(tags: Tags) -> tuple[float, float]:
    """The same two from a note that a program moved within the file: its last bytes have its old position."""
    data = bytes(int(byte) for byte in tags.get("Exif.Photo.MakerNote", "").split()[:NOTE_LIMIT])
    if len(data) < 20 or data[-8:-4] != b"II*\0":
        return 0, 0
    before = int.from_bytes(data[-4:], "little")
    for index in range(min(int.from_bytes(data[:2], "little"), 200)):
        entry = data[2 + 12 * index : 14 + 12 * index]
        if len(entry) == 12 and entry[:2] == CANON_SHOT_INFO:
            start = int.from_bytes(entry[8:], "little") - before
            values = data[start : start + 6] if start > 0 else b""
            return struct.unpack_from("<2h", values, 2) if len(values) == 6 else (0, 0)
    return 0, 0


def _apple_texts(note: str) -> dict[str, str | None]:
    """Apple's identifiers; libexiv2 leaves the note as bytes: a TIFF directory whose offsets count from the note."""
    if not note.startswith(APPLE_START):
        return {}
    data = bytes(int(byte) for byte in note.split()[:NOTE_LIMIT])
    found = {}
    for index in range(min(int.from_bytes(data[14:16], "big"), 200)):
        entry = data[16 + 12 * index : 28 + 12 * index]
        tag, kind, count = struct.unpack(">HHI", entry[:8]) if len(entry) == 12 else (0, 0, 0)
        if tag in APPLE_TEXTS and kind == 2 and 4 < count <= 100:
            start = int.from_bytes(entry[8:], "big")
            found[APPLE_TEXTS[tag]] = text(data[start : start + count].decode("ascii", "replace").rstrip("\0"))
    return found
