"""Layers into one record, by the precedence that docs/metadata.md sets out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from photos.metadata import xmp
from photos.metadata.fields import Layer

# Best source first. A sidecar is what somebody wrote on purpose beside a file that they would not touch, so its words
# and its position win; what the camera measured is believed from the camera.
CAPTURE = ("picture", "container", "exif", "xmp", "png", "iptc", "maker", "file", "sidecar")
WORDS = ("sidecar", "takeout", "xmp", "iptc", "exif", "png", "container")
POSITION = ("sidecar", "exif", "container", "xmp", "takeout")
POSITION_FIELDS = ("latitude", "longitude", "altitude", "direction")
PRECEDENCE = {
    **dict.fromkeys(("width", "height"), ("picture", "container", "png", "file")),
    **dict.fromkeys(POSITION_FIELDS, POSITION),
    **dict.fromkeys(("title", "description", "rating", "label", "author", "copyright", "regions"), WORDS),
}


def merge(layers: Sequence[Layer]) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields of all layers as one, and the source of each."""
    by_source: dict[str, Layer] = {}
    for layer in layers:
        by_source.setdefault(layer.source, layer)
    fields: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name in dict.fromkeys(name for layer in layers for name in layer.fields):
        for source in PRECEDENCE.get(name, CAPTURE):
            if source in by_source and by_source[source].fields.get(name) is not None:
                fields[name], sources[name] = by_source[source].fields[name], source
                break
    _merge_position(by_source, fields, sources)
    _merge_keywords(by_source, fields, sources)
    return fields, sources


def _merge_position(layers: dict[str, Layer], fields: dict[str, Any], sources: dict[str, str]) -> None:
    """A position set by hand wins, and altitude and direction of another place do not stay beside it."""
    takeout = layers.get("takeout")
    if takeout and takeout.edited_position and sources.get("latitude") != "sidecar":
        for name in POSITION_FIELDS:
            fields.pop(name, None)
            if name in takeout.fields:
                fields[name], sources[name] = takeout.fields[name], "takeout"


def _merge_keywords(layers: dict[str, Layer], fields: dict[str, Any], sources: dict[str, str]) -> None:
    """All the file's own keywords together; those of a sidecar instead, as removed ones must not come back."""
    fields.pop("keywords", None)
    # Windows' XPKeywords are a copy of the others in one text, split in ways that differ: the last resort.
    for group in (("sidecar",), ("xmp", "iptc"), ("exif",), ("container",)):
        found = [s for s in group if s in layers and layers[s].fields.get("keywords")]
        words = [word for source in found for word in layers[source].fields["keywords"]]
        if words:
            fields["keywords"] = xmp.joined([w for w in words if "/" in w], words)
            sources["keywords"] = "+".join(found)
            return
