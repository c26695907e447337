"""Layers into one record, by the precedence that docs/metadata.md sets out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from photos.metadata.fields import Layer

# Best source first. A sidecar is what somebody wrote on purpose beside a file that they would not touch, so its words
# and its position win; what the camera measured is believed from the camera.
CAPTURE = ("exif", "xmp", "container", "sidecar")
WORDS = ("sidecar", "takeout", "xmp", "iptc", "exif", "container")
POSITION = ("sidecar", "exif", "xmp", "container", "takeout")
PRECEDENCE = {
    **dict.fromkeys(("latitude", "longitude", "altitude", "direction"), POSITION),
    **dict.fromkeys(("title", "description", "keywords", "rating", "label", "author", "copyright", "regions"), WORDS),
}


def merge(layers: Sequence[Layer]) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields of all layers as one, and the source of each."""
    by_source = {layer.source: layer for layer in layers}
    fields: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name in dict.fromkeys(name for layer in layers for name in layer.fields):
        for source in PRECEDENCE.get(name, CAPTURE):
            layer = by_source.get(source)
            if layer and name in layer.fields:
                fields[name], sources[name] = layer.fields[name], source
                break
    return fields, sources
