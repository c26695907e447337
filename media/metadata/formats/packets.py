"""XMP packets: RDF/XML as plain values with the usual prefixes (`dc:title`, `mwg-rs:Regions`, …)."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from media.metadata.fields import decode

MAX_PACKET = 4 * 1024 * 1024  # bytes; real ones are kilobytes, and a depth map inside one is not needed
MAX_DEPTH = 16

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/xmp/1.0/DynamicMedia/": "xmpDM",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/lightroom/1.0/": "lr",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://ns.adobe.com/xmp/sType/Area#": "stArea",
    "http://ns.adobe.com/xap/1.0/sType/Dimensions#": "stDim",
    "http://www.metadataworkinggroup.com/schemas/regions/": "mwg-rs",
    "http://www.digikam.org/ns/1.0/": "digiKam",
    "urn:mirage:1.0/": "mirage",
    "http://ns.acdsee.com/iptc/1.0/": "acdsee",
    "http://ns.microsoft.com/photo/1.0": "MicrosoftPhoto",
    "http://ns.microsoft.com/photo/1.0/": "MicrosoftPhoto",
    "http://ns.microsoft.com/photo/1.2/": "MP",
    "http://ns.microsoft.com/photo/1.2/t/RegionInfo#": "MPRI",
    "http://ns.microsoft.com/photo/1.2/t/Region#": "MPReg",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://ns.google.com/photos/1.0/camera/": "GCamera",
    "http://ns.google.com/photos/1.0/creations/": "GCreations",
    "http://ns.google.com/photos/1.0/panorama/": "GPano",
    "http://ns.google.com/photos/1.0/container/": "Container",
    "http://ns.google.com/photos/1.0/container/item/": "Item",
    "http://www.camerabits.com/photomechanic/1.0/": "photomechanic",
    "http://ns.iview-multimedia.com/mediapro/1.0/": "mediapro",
}

# `x:xmpmeta` is optional around the RDF; the wrapper and padding around both are not always valid XML.
_ROOT = re.compile(r"<(?:\w{1,40}:)?(xmpmeta|xapmeta|RDF)\b")
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,8})|([0-9]{1,10}));", re.IGNORECASE | re.ASCII)

Value = Any  # str, list[Value] or dict[str, Value]


class MalformedPacket(ValueError):
    """An XMP packet that is not well-formed RDF; the message says why."""


def parse_packet(packet: bytes) -> dict[str, Value]:
    """The properties of an XMP packet: text as str, arrays as lists, structures as dicts, language alternatives as str.

    Raises MalformedPacket. Document types and entities are refused, so no packet expands beyond its size.
    """
    root = parse_tree(packet)
    properties: dict[str, Value] = {}
    rdf = root if root.tag == f"{RDF}RDF" else root.find(f"{RDF}RDF")
    for description in () if rdf is None else rdf:
        for name, value in _structure(description, 0).items():
            properties.setdefault(name, value)
    return properties


def parse_tree(packet: bytes) -> ElementTree.Element:
    """The `x:xmpmeta` or `rdf:RDF` element of a packet. Raises MalformedPacket."""
    if len(packet) > MAX_PACKET:
        raise MalformedPacket(f"XMP of {len(packet)} bytes is larger than {MAX_PACKET}")
    text = _REFERENCE.sub(_fit_reference, _UNFIT.sub("", _text(packet)))
    start = _ROOT.search(text)
    end = text.rfind(f"{start[1]}>") if start else -1
    if not start or end < start.end():
        raise MalformedPacket("no RDF in the XMP packet")
    document = text[start.start() : end + len(start[1]) + 1]
    if "<!" in document.replace("<!--", "").replace("<![CDATA[", ""):
        raise MalformedPacket("XMP with a document type")
    try:
        return ElementTree.fromstring(document)
    except (ElementTree.ParseError, RecursionError) as error:
        raise MalformedPacket(f"XMP is not well-formed: {error}") from error


def flatten(value: Value, name: str = "", depth: int = 0) -> dict[str, str]:
    """All properties as text with names like `mwg-rs:Regions/mwg-rs:RegionList[1]/mwg-rs:Name`."""
    if isinstance(value, str):
        return {name: value}
    flat: dict[str, str] = {}
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return {name: ", ".join(value)}
    items = value.items() if isinstance(value, dict) else ((f"[{i}]", item) for i, item in enumerate(value, 1))
    for key, item in items:
        separator = "/" if name and isinstance(value, dict) else ""
        flat.update(flatten(item, f"{name}{separator}{key}", depth + 1))
    return flat


def _fit_reference(found: re.Match[str]) -> str:
    """A reference to a character that XML allows, unchanged; nothing for any other, which some programs write."""
    number = int(found[1], 16) if found[1] else int(found[2])
    return found[0] if number <= 0x10FFFF and not _UNFIT.match(chr(number)) else ""


def _text(packet: bytes) -> str:
    if packet.startswith((b"\xff\xfe", b"\xfe\xff")):
        return packet.decode("utf-16", "replace")
    for encoding, sample in (("utf-16-le", b"<\0?\0x\0"), ("utf-16-be", b"\0<\0?\0x"), ("utf-16-le", b"<\0x\0:\0")):
        if packet.startswith(sample):
            return packet.decode(encoding, "replace")
    return decode(packet.removeprefix(b"\xef\xbb\xbf"))


def _structure(element: ElementTree.Element, depth: int) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, text in element.attrib.items():
        if not name.startswith(RDF) and name != LANGUAGE:
            found.setdefault(_name(name), text)
    for child in element:
        value = _value(child, depth + 1)
        if value not in ("", [], {}, None):
            found.setdefault(_name(child.tag), value)
    return found


def _value(element: ElementTree.Element, depth: int) -> Value:
    if depth > MAX_DEPTH:
        return None
    inner = element[0] if len(element) else None
    if inner is not None and inner.tag in (f"{RDF}Bag", f"{RDF}Seq", f"{RDF}List"):
        return [value for value in (_value(item, depth + 1) for item in inner) if value not in ("", None, {}, [])]
    if inner is not None and inner.tag == f"{RDF}Alt":
        return _alternative(inner, depth)
    if inner is not None and inner.tag == f"{RDF}Description" and not element.get(f"{RDF}parseType"):
        inside = inner.find(f"{RDF}value")
        return _value(inside, depth + 1) if inside is not None else _structure(inner, depth)
    if len(element) or any(not name.startswith(RDF) and name != LANGUAGE for name in element.attrib):
        return _structure(element, depth)
    return element.get(f"{RDF}resource") or (element.text or "").strip()


def _alternative(element: ElementTree.Element, depth: int) -> Value:
    default = next((item for item in element if item.get(LANGUAGE) == "x-default"), None)
    if default is None or not (default.text or "").strip():
        default = next((item for item in element if (item.text or "").strip() or len(item)), None)
    return None if default is None else _value_without_language(default, depth)


def _value_without_language(element: ElementTree.Element, depth: int) -> Value:
    return _value(element, depth + 1) if len(element) else (element.text or "").strip()


def _name(tag: str) -> str:
    namespace, _, local = tag.removeprefix("{").rpartition("}")
    prefix = PREFIXES.get(namespace) or re.sub(r"^.*/(?=[^/])|[/#]+$", "", namespace.rstrip("/#"))
    return f"{prefix}:{local}" if prefix else local
