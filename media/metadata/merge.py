"""Layers merged into one record, by the precedence in docs/build/metadata.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from media.metadata.fields import Layer
from media.metadata.formats import xmp

# Best source first. Somebody wrote a sidecar on purpose, beside a file that they would not change, so its words and
# its position take precedence; measurements of the camera are taken from the camera.
CAPTURE = ("picture", "container", "exif", "xmp", "png", "iptc", "maker", "file", "sidecar", "exiftool")
WORDS = ("sidecar", "takeout", "xmp", "iptc", "exif", "png", "container", "file", "exiftool")
POSITION = ("sidecar", "exif", "container", "xmp", "takeout", "exiftool")
POSITION_FIELDS = ("latitude", "longitude", "altitude", "direction")
SAME_PLACE = 1e-3  # degrees, a hundred metres
PRECEDENCE = {
    **dict.fromkeys(("width", "height"), ("picture", "container", "png", "file")),
    **dict.fromkeys(POSITION_FIELDS, ()),  # see _merge_position
    **dict.fromkeys(("title", "description", "rating", "label", "author", "copyright", "regions"), WORDS),
}


def combined(layers: Iterable[Layer]) -> list[Layer]:
    """One layer per source: of two sidecars the first takes precedence, and the second fills its gaps."""
    by_source: dict[str, Layer] = {}
    for layer in layers:
        first = by_source.setdefault(layer.source, layer)
        if first is not layer:
            for name, value in layer.fields.items():
                first.put(name, value)
            first.moments.extend(layer.moments)
            first.modified = first.modified or layer.modified
            first.gps_instant = first.gps_instant or layer.gps_instant
            first.raw.update(layer.raw)
            first.notes.extend(layer.notes)
    return list(by_source.values())


def merge(layers: Sequence[Layer]) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields of all layers as one, and the source of each."""
    by_source = {layer.source: layer for layer in layers}
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
    """The best source's position, with altitude and direction from sources that agree with it."""
    order = [source for source in POSITION if source in layers]
    if "takeout" in order and layers["takeout"].edited_position:  # set by hand, after the sidecar at most
        order.sort(key=lambda source: ("sidecar", "takeout").index(source) if source in ("sidecar", "takeout") else 2)
    best = next((source for source in order if "latitude" in layers[source].fields), None)
    for name in POSITION_FIELDS:
        fields.pop(name, None)
        sources.pop(name, None)
        for source in order:
            agrees = best is None or source == best or _same_place(layers[source], layers[best])
            if agrees and layers[source].fields.get(name) is not None:
                fields[name], sources[name] = layers[source].fields[name], source
                break


def _same_place(one: Layer, other: Layer) -> bool:
    pairs = ((one.fields.get(name), other.fields.get(name)) for name in ("latitude", "longitude"))
    return all(a is not None and b is not None and abs(a - b) < SAME_PLACE for a, b in pairs)


def _merge_keywords(layers: dict[str, Layer], fields: dict[str, Any], sources: dict[str, str]) -> None:
    """The keywords from all parts of the file; those of a sidecar instead, because removed ones must not return."""
    fields.pop("keywords", None)
    people = layers["takeout"].fields.get("keywords", []) if "takeout" in layers else []
    # Windows' XPKeywords are a copy of the others as one text, split in different ways: the last resort.
    for group in (("sidecar",), ("xmp", "iptc"), ("exif",), ("container",)):
        found = [s for s in group if s in layers and layers[s].fields.get("keywords")]
        words = [word for source in found for word in layers[source].fields["keywords"]]
        if words:
            break
    if words or people:
        words += people
        fields["keywords"] = xmp.joined([w for w in words if "/" in w], words)
        sources["keywords"] = "+".join([*found, *(["takeout"] if people else [])])
