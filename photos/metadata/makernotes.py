"""What only the makers' own notes carry: lens names, ISO of old cameras, Apple's identifiers."""

from __future__ import annotations

from photos.metadata.fields import Layer
from photos.metadata.tags import Tags, first, numbers

LENS_NAMES = (
    "Exif.Canon.LensModel",
    "Exif.OlympusEq.LensModel",
    "Exif.Panasonic.LensType",
    "Exif.PentaxDng.LensType",
    "Exif.SamsungPictureWizard.LensType",
)
LENS_RANGES = ("Exif.Photo.LensSpecification", "Exif.Image.LensInfo", "Exif.Nikon3.Lens", "Exif.Sony1.LensSpec")


def interpret(tags: Tags, layer: Layer) -> None:
    """Add to the EXIF layer what the standard tags left open."""
    name = first(tags, *LENS_NAMES)
    layer.put("lens", name if name and not name.replace(" ", "").isdigit() else None)
    for tag in LENS_RANGES:
        layer.put("lens", lens_range(tags.get(tag)))
    layer.put("live_id", first(tags, "Exif.Apple.ContentIdentifier", "Exif.Apple.0x0011"))
    layer.put("burst_id", first(tags, "Exif.Apple.BurstUUID", "Exif.Apple.0x000b"))


def lens_range(value: str | None) -> str | None:
    """`24/1 70/1 28/10 4/1` (shortest and longest focal length, f-number at each) as `24-70mm f/2.8-4`."""
    shortest, longest, wide, tele = (*numbers(value), None, None, None, None)[:4]
    if not shortest or not longest:
        return None
    name = f"{shortest:g}mm" if shortest == longest else f"{shortest:g}-{longest:g}mm"
    if wide:
        name += f" f/{wide:g}" if not tele or tele == wide else f" f/{wide:g}-{tele:g}"
    return name
