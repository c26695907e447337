"""Text chunks of PNG files, in which screenshots and drawing programs write what others write into EXIF."""

from __future__ import annotations

import zlib
from pathlib import Path

from media.metadata import instants
from media.metadata.fields import Layer, decode, text
from media.metadata.formats import comments
from media.sentences import english

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 500
MAX_TEXT = 100_000  # bytes, of a text chunk before and after unpacking


def interpret(path: Path) -> Layer:
    """The PNG layer of a file: size, creation time and words from its own chunks."""
    layer = Layer("png")
    chunks: dict[str, str] = {}
    with path.open("rb") as file:
        if file.read(8) != SIGNATURE:
            return layer
        for _ in range(MAX_CHUNKS):
            head = file.read(8)
            length, kind = int.from_bytes(head[:4], "big"), head[4:8]
            if len(head) < 8 or kind == b"IEND":
                break
            if kind in (b"tEXt", b"zTXt", b"iTXt", b"IHDR") and length <= MAX_TEXT:
                _read_chunk(kind, file.read(length), chunks, layer)
                length = 0
            file.seek(length + 4, 1)
    layer.raw = {f"Png.{name}": value for name, value in chunks.items()}
    _interpret_chunks({name.lower(): value for name, value in chunks.items()}, layer)
    return layer


def _read_chunk(kind: bytes, data: bytes, chunks: dict[str, str], layer: Layer) -> None:
    if kind == b"IHDR":
        layer.put("width", int.from_bytes(data[:4], "big"))
        layer.put("height", int.from_bytes(data[4:8], "big"))
        return
    name, _, rest = data.partition(b"\0")
    try:
        if kind == b"zTXt":
            value = decode(_inflated(rest[1:]))
        elif kind == b"iTXt":
            packed, rest = rest[:1] == b"\1", rest[2:]
            body = rest.split(b"\0", 2)[-1]
            value = (_inflated(body) if packed else body).decode("utf-8", "replace")
        else:
            value = decode(rest)  # Latin-1 by the standard
    except zlib.error:
        layer.notes.append(english("png: a text chunk is broken"))
        return
    if not name.startswith((b"XML:com.adobe", b"Raw profile type")):
        chunks.setdefault(name.decode("latin-1"), value)


def _inflated(data: bytes) -> bytes:
    return zlib.decompressobj().decompress(data, MAX_TEXT)


def _interpret_chunks(chunks: dict[str, str], layer: Layer) -> None:
    # ImageMagick's `date:create` is the time of the file that it converted.
    moment = instants.parse(chunks.get("creation time") or chunks.get("create date"), "png")
    if moment:
        layer.moments.append(moment)
    for name, key in (
        ("title", "title"),
        ("description", "description"),
        ("author", "author"),
        ("copyright", "copyright"),
        ("software", "software"),
    ):
        layer.put(name, text(chunks.get(key)))
    layer.put("description", comments.read_comment(chunks.get("comment")))
