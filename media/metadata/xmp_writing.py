"""Metadata as an XMP packet, for a sidecar or for a copy of the file itself.

The properties are those that digiKam, darktable, Lightroom and exiftool read. What others wrote into the packet stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from media.metadata import regions
from media.metadata.fields import Precision
from media.metadata.formats import packets
from media.metadata.formats.packets import LANGUAGE, PREFIXES, RDF, MalformedPacket
from media.text import clean

META = "{adobe:ns:meta/}"
TOOLKIT = "Mirage"  # the program that wrote the packet; others put their own name there
PACKET = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n%s\n<?xpacket end="w"?>\n'
NAMESPACES = {prefix: uri for uri, prefix in reversed(list(PREFIXES.items()))}
WORDS = ("title", "description", "rating", "label", "author", "copyright", "keywords")
PROPERTIES = {  # what is replaced, with synonyms that would contradict it
    "title": ("dc:title",),
    "description": ("dc:description",),
    "rating": ("xmp:Rating", "MicrosoftPhoto:Rating"),
    "label": ("xmp:Label",),
    "author": ("dc:creator",),
    "copyright": ("dc:rights",),
    "keywords": (
        *("dc:subject", "lr:hierarchicalSubject", "digiKam:TagsList"),
        *("MicrosoftPhoto:LastKeywordXMP", "mediapro:CatalogSets"),
    ),
    "taken": ("exif:DateTimeOriginal", "photoshop:DateCreated"),  # not xmp:CreateDate, which may be the date of a scan
    "position": (
        *("exif:GPSLatitude", "exif:GPSLongitude", "exif:GPSAltitude", "exif:GPSAltitudeRef", "exif:GPSVersionID"),
        *("photoshop:City", "photoshop:State", "photoshop:Country", "Iptc4xmpCore:CountryCode"),
    ),
    "regions": ("mwg-rs:Regions", "MP:RegionInfo"),
    "turn": ("tiff:Orientation",),
    "picture_edit": ("mirage:Edit",),
}


@dataclass(frozen=True)
class Words:
    """What to write. `fields` names the groups that count (keys of PROPERTIES); those without a value are removed."""

    key: str  # of the photo
    fields: frozenset[str]
    title: str = ""
    description: str = ""
    rating: int | None = None
    label: str = ""
    author: str = ""
    copyright: str = ""
    keywords: list[str] = field(default_factory=list)  # paths with "/"
    taken_local: datetime | None = None  # naive
    taken_offset: int | None = None  # minutes; None if uncertain
    taken_precision: Precision = "time"
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    place: str = ""
    region: str = ""
    country: str = ""
    country_code: str = ""
    # name, kind (a face if left out), x, y, w, h: fractions of the upright picture
    regions: list[dict[str, Any]] = field(default_factory=list)
    orientation: int = 1  # how the stored picture is upright
    turn: int | None = None  # the same as programs read it from a sidecar: in place of what the file says
    picture_edit: str = ""  # what was done to the picture, as JSON
    width: int | None = None  # pixels, upright
    height: int | None = None


def render(words: Words, existing: bytes = b"") -> bytes:
    """The packet: `existing` with these words instead of its own. A malformed packet is not kept."""
    root = _parse(existing)
    root.set(f"{META}xmptk", f"{TOOLKIT} {words.key}")
    rdf = root.find(f"{RDF}RDF")
    assert rdf is not None
    managed = {_name(name) for group in words.fields for name in PROPERTIES[group]}
    translations = {child.tag: _translations(child) for description in rdf for child in description}
    for description in list(rdf):
        for name in managed & set(description.attrib):
            del description.attrib[name]
        for child in [child for child in description if child.tag in managed]:
            description.remove(child)
        if not len(description) and not any(not name.startswith(RDF) for name in description.attrib):
            rdf.remove(description)
    about = rdf[0].get(f"{RDF}about", "") if len(rdf) else ""
    rdf.append(_describe(words, about))
    for alternatives in rdf[-1].iterfind(f"*/{RDF}Alt/.."):
        alternatives[0].extend(translations.get(alternatives.tag, ()))
    for uri, prefix in {**_prefixes(existing), **PREFIXES, RDF[1:-1]: "rdf", META[1:-1]: "x"}.items():
        ElementTree.register_namespace(prefix, uri)
    ElementTree.indent(root, " ")
    return PACKET % ElementTree.tostring(root, encoding="utf-8")


def _prefixes(packet: bytes) -> dict[str, str]:
    """The prefixes that others gave to their namespaces: some programs know them by these alone."""
    found = re.findall(rb'xmlns:([A-Za-z][\w.-]{0,40})="([^"]{1,200})"', packet)[:200]
    named = {uri.decode("utf-8", "replace"): prefix.decode() for prefix, uri in found}
    return {uri: prefix for uri, prefix in named.items() if not re.fullmatch(r"ns\d+", prefix)}


def written_key(head: bytes) -> str | None:
    """The key of the photo for which `render` wrote a packet; None if another program wrote it."""
    found = re.search(rb'xmptk="' + TOOLKIT.encode() + rb' ([\w-]{1,32})"', head)
    return found[1].decode() if found else None


def _parse(packet: bytes) -> ElementTree.Element:
    try:
        root = packets.parse_tree(packet) if packet.strip(b"\0 \r\n\t") else None
    except MalformedPacket:
        root = None
    if root is None or root.tag == f"{RDF}RDF":
        meta = ElementTree.Element(f"{META}xmpmeta")
        meta.append(root if root is not None else ElementTree.Element(f"{RDF}RDF"))
        return meta
    if root.find(f"{RDF}RDF") is None:
        ElementTree.SubElement(root, f"{RDF}RDF")
    return root


def _translations(element: ElementTree.Element) -> list[ElementTree.Element]:
    """The other languages of a property; not if the default is a copy of one of them."""
    items = element.findall(f"{RDF}Alt/{RDF}li")
    default = next((item.text for item in items if item.get(LANGUAGE) == "x-default"), None)
    others = [item for item in items if item.get(LANGUAGE, "x-default") != "x-default"]
    return [item for item in others if default is not None and item.text != default]


def _describe(words: Words, about: str) -> ElementTree.Element:
    element = ElementTree.Element(f"{RDF}Description", {f"{RDF}about": about})
    for group in (name for name in WORDS if name in words.fields):
        _write_words(element, words, group)
    if "taken" in words.fields and words.taken_local:
        _write_time(element, words.taken_local, words)
    if "position" in words.fields:
        _write_position(element, words)
    if "turn" in words.fields and words.turn:
        _put(element, "tiff:Orientation", str(words.turn))
    if "picture_edit" in words.fields and words.picture_edit:
        _put(element, "mirage:Edit", words.picture_edit)
    if "regions" in words.fields and words.regions:
        _write_regions(element, words)
    return element


def _write_words(element: ElementTree.Element, words: Words, group: str) -> None:
    value = getattr(words, group)
    if group == "keywords" and value:
        _array(element, "dc:subject", "Bag", list(dict.fromkeys(path.rpartition("/")[2] for path in value)))
        # Lightroom divides at the bar: a keyword that has one itself would come back as two.
        _array(element, "lr:hierarchicalSubject", "Bag", [path.replace("/", "|") for path in value if "|" not in path])
        _array(element, "digiKam:TagsList", "Seq", value)
    elif group == "rating" and value is not None:
        _put(element, "xmp:Rating", str(value))
    elif group == "label" and value:
        _put(element, "xmp:Label", value)
    elif group == "author" and value:
        _array(element, "dc:creator", "Seq", [value])
    elif group in ("title", "description", "copyright") and value:
        _array(element, PROPERTIES[group][0], "Alt", [value])


def _write_time(element: ElementTree.Element, local: datetime, words: Words) -> None:
    forms = {"year": f"{local.year:04}", "month": f"{local.year:04}-{local:%m}", "day": f"{local.date()}"}
    text = forms.get(words.taken_precision) or local.isoformat() + offset_text(words.taken_offset)
    for name in PROPERTIES["taken"]:
        _put(element, name, text)


def offset_text(offset: int | None) -> str:
    """+02:00 for 120; empty if unknown."""
    if offset is None:
        return ""
    hours, minutes = divmod(abs(offset), 60)
    return f"{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}"


def _write_position(element: ElementTree.Element, words: Words) -> None:
    if words.latitude is None or words.longitude is None:
        return
    _put(element, "exif:GPSVersionID", "2.3.0.0")
    _put(element, "exif:GPSLatitude", _coordinate(words.latitude, "NS"))
    _put(element, "exif:GPSLongitude", _coordinate(words.longitude, "EW"))
    if words.altitude is not None:
        _put(element, "exif:GPSAltitude", f"{round(abs(words.altitude) * 1000)}/1000")
        _put(element, "exif:GPSAltitudeRef", "1" if words.altitude < 0 else "0")
    names = (words.place, words.region, words.country, words.country_code)
    for name, value in zip(PROPERTIES["position"][5:], names, strict=True):
        if value:
            _put(element, name, value)


def _coordinate(degrees: float, references: str) -> str:
    """XMP's `DD,MM.mmmmmmmmR`: to a millimetre."""
    minutes = round(abs(degrees) * 60, 8)
    return f"{int(minutes // 60)},{minutes % 60:.8f}{references[degrees < 0]}"


def _write_regions(element: ElementTree.Element, words: Words) -> None:
    """Faces as the Metadata Working Group defines them: centre and size as fractions of the stored picture."""
    whole = ElementTree.SubElement(element, _name("mwg-rs:Regions"), {f"{RDF}parseType": "Resource"})
    if words.width and words.height:
        size = (words.height, words.width) if words.orientation >= 5 else (words.width, words.height)
        dimensions = {"stDim:w": str(size[0]), "stDim:h": str(size[1]), "stDim:unit": "pixel"}
        _structure(whole, "mwg-rs:AppliedToDimensions", dimensions)
    bag = ElementTree.SubElement(ElementTree.SubElement(whole, _name("mwg-rs:RegionList")), f"{RDF}Bag")
    for region in regions.stored(words.regions, words.orientation):
        item = ElementTree.SubElement(bag, f"{RDF}li", {f"{RDF}parseType": "Resource"})
        if region["name"]:
            _put(item, "mwg-rs:Name", region["name"])
        _put(item, "mwg-rs:Type", region.get("kind", "Face"))
        middle = {"stArea:x": region["x"] + region["w"] / 2, "stArea:y": region["y"] + region["h"] / 2}
        area = {**middle, "stArea:w": region["w"], "stArea:h": region["h"]}
        texts = {name: f"{value:.6f}" for name, value in area.items()}
        _structure(item, "mwg-rs:Area", {**texts, "stArea:unit": "normalized"})


def _structure(element: ElementTree.Element, name: str, values: dict[str, str]) -> None:
    ElementTree.SubElement(element, _name(name), {_name(key): value for key, value in values.items()})


def _array(element: ElementTree.Element, name: str, kind: str, items: list[str]) -> None:
    array = ElementTree.SubElement(ElementTree.SubElement(element, _name(name)), f"{RDF}{kind}")
    for item in items:
        language = {LANGUAGE: "x-default"} if kind == "Alt" else {}
        ElementTree.SubElement(array, f"{RDF}li", language).text = clean(item)


def _put(element: ElementTree.Element, name: str, value: str) -> None:
    ElementTree.SubElement(element, _name(name)).text = clean(value)


def _name(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def render_file(words: Words, path: Path | None, limit: int = 8 * 1024 * 1024) -> bytes:
    """Like `render`, for the sidecar at `path`."""
    existing = b""
    if path is not None and path.exists() and path.stat().st_size <= limit:
        existing = path.read_bytes()
    return render(words, existing)
