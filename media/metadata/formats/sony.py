"""The XML that Sony's cameras put into their MP4 files: date with its zone, camera, position."""

from __future__ import annotations

from xml.etree import ElementTree

from media.metadata import instants
from media.metadata.fields import Layer, text
from media.metadata.formats.tags import numbers
from media.sentences import english

MAX_SIZE = 1 << 20  # bytes


def interpret(document: bytes, layer: Layer) -> None:
    """Add what the XML says to the container's layer."""
    document = document.strip(b"\0 \r\n\t")
    if not document or len(document) > MAX_SIZE or b"<!" in document:
        return
    try:
        root = ElementTree.fromstring(document)
    except (ElementTree.ParseError, RecursionError, LookupError, ValueError) as error:
        layer.notes.append(english("Sony's XML is not well-formed: %(reason)s", reason=str(error)[:100]))
        return
    values = {f"Sony.{_name(one)}.{_name_of(key)}": value for one in root.iter() for key, value in one.attrib.items()}
    layer.raw.update(values)
    moment = instants.parse(values.get("Sony.CreationDate.value"), "container")
    if moment:
        layer.moments.insert(0, moment)
    layer.put("camera_make", text(values.get("Sony.Device.manufacturer")))
    layer.put("camera_model", text(values.get("Sony.Device.modelName")))
    _read_position({one.get("name", ""): one.get("value", "") for one in root.iter() if _name(one) == "Item"}, layer)


def _read_position(items: dict[str, str], layer: Layer) -> None:
    """`35:41:22.9` and `N`."""
    found = []
    for axis, negative in (("Latitude", "S"), ("Longitude", "W")):
        parts = numbers(items.get(axis, "").replace(":", " "))[:3]
        if not parts or None in parts:
            return
        degrees = sum((part or 0) / 60**index for index, part in enumerate(parts))
        found.append(-degrees if items.get(f"{axis}Ref") == negative else degrees)
    layer.put_position(round(found[0], 9), round(found[1], 9))


def _name(element: ElementTree.Element) -> str:
    return _name_of(element.tag)


def _name_of(tag: str) -> str:
    return tag.rpartition("}")[2]
