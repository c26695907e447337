"""Files over HTTP: byte ranges (RFC 9110), validators, names (RFC 6266). No file is read into memory."""

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import UnreadablePostError
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, parse_etags, quote_etag

BLOCK = 256 * 1024
RECEIVED_BLOCK = 512 * 1024  # bytes of a body that are handled at once
SET_BY_PROXY = frozenset({"ETag", "Accept-Ranges", "Content-Range", "Content-Length"})
SILENCE_SECONDS = 60

FOREVER = "private, max-age=31536000, immutable"
CHECKED = "private, no-cache"

# Types that browsers can show and that cannot run scripts. All others are sent as attachments.
INLINE_TYPES = frozenset(
    f"image/{name}" for name in ("jpeg", "png", "gif", "webp", "avif", "bmp", "heic", "heif", "jxl", "tiff")
) | frozenset(f"video/{name}" for name in ("mp4", "quicktime", "x-m4v", "webm", "ogg", "3gpp", "x-matroska"))

# The Content Security Policy of a file: if it is opened by itself, it runs nothing and requests nothing.
HARMLESS = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'"


class RangeNotSatisfiable(Exception):
    """The range lies outside the file."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The bytes from `start` up to, but not including, `stop`."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start


_RANGE = re.compile(r"bytes\s*=\s*(\d*)-(\d*)\s*", re.ASCII | re.IGNORECASE)


def parse_range(header: str, size: int) -> ByteRange | None:
    """The requested range, limited to the file. None means the whole file: the range is malformed, or not just one.

    Raises RangeNotSatisfiable if the range contains no byte of the file (RFC 9110, 14.1.2 and 15.5.17).
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None or match[1] == match[2] == "":
        return None
    first, last = match[1], match[2]
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= stop:
        raise RangeNotSatisfiable
    return ByteRange(start, stop)


class FilePart:
    """Part of an open file for WSGI's file_wrapper.

    Servers with sendfile read from the descriptor's position as many bytes as Content-Length says; others call `read`.
    """

    def __init__(self, file: BinaryIO, part: ByteRange) -> None:
        self._file = file
        self._left = len(part)
        file.seek(part.start)

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(block)
        return block

    def fileno(self) -> int:
        return self._file.fileno()

    def close(self) -> None:
        self._file.close()


def limit_silence(request: HttpRequest) -> None:
    """Drop a client that neither receives nor sends anything for a minute: it would occupy one of gunicorn's threads.

    Clients recover: uploads ask how much has arrived, and a paused video requests the rest.
    """
    connection = request.META.get("gunicorn.socket")
    if connection is not None:
        connection.settimeout(SILENCE_SECONDS)


def body_of(request: HttpRequest) -> Iterator[bytes | memoryview]:
    """The request's body, block by block; a block is good until the next one is asked for.

    From our server (mirage/runtime/bodies.py) the bytes come into one piece of memory, without copies. Raises
    UnreadablePostError if the program has gone.
    """
    limit_silence(request)
    stream = request.META["wsgi.input"]
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        read = stream.read  # Django would read as much as the header Content-Length says: nothing
    elif not hasattr(stream, "readinto_known"):
        read = request.read
    else:
        room = memoryview(bytearray(RECEIVED_BLOCK))
        try:
            while got := stream.readinto_known(room):
                yield room[:got]
        except OSError as error:
            raise UnreadablePostError(*error.args) from error
        return
    while block := read(RECEIVED_BLOCK):
        yield block


def disposition(name: str, *, attachment: bool) -> str:
    """Content-Disposition for a file with that name, without control characters and path separators."""
    clean = "".join("_" if unicodedata.category(char) in ("Cc", "Cs") or char in "/\\" else char for char in name)
    return content_disposition_header(attachment, clean) or ("attachment" if attachment else "inline")


def proxy_path(path: Path) -> str:
    """The path that a proxy should send in our place (MIRAGE_PROXY_SENDS). Empty if we send the file."""
    if not settings.MIRAGE_PROXY_SENDS or not path.is_relative_to(settings.MIRAGE_DATA):
        return ""
    return "/" + quote(str(path.relative_to(settings.MIRAGE_DATA)))


def file_response(
    request: HttpRequest, path: Path, *, tag: str, mime: str, caching: str, name: str = "", attachment: bool = False
) -> HttpResponseBase:
    """Answer GET or HEAD with the file, a part of it, 304 or 416. `tag` is the strong ETag, unquoted.

    Raises FileNotFoundError, and OSError if the file cannot be read.
    """
    size = os.stat(path).st_size
    etag = quote_etag(tag)
    headers = {
        "ETag": etag,
        "Cache-Control": caching,
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": HARMLESS,
    }
    if name:
        headers["Content-Disposition"] = disposition(name, attachment=attachment)
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return _with(unchanged, headers)
    try:
        part = _wanted_range(request, size, etag)
    except RangeNotSatisfiable:
        return _with(HttpResponse(status=416), headers | {"Content-Range": f"bytes */{size}"})
    if part:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    headers["Content-Length"] = str(len(part) if part else size)
    if request.method == "HEAD":
        return _with(HttpResponse(content_type=mime), headers)
    if handed_over := proxy_path(path):
        kept = {name: value for name, value in headers.items() if name not in SET_BY_PROXY}
        return _with(HttpResponse(content_type=mime), kept | {"X-Accel-Redirect": handed_over})
    limit_silence(request)
    response = FileResponse(FilePart(path.open("rb"), part or ByteRange(0, size)), content_type=mime)
    response.block_size = BLOCK
    response.status_code = 206 if part else 200
    return _with(response, headers)


def _wanted_range(request: HttpRequest, size: int, etag: str) -> ByteRange | None:
    """The range of a GET, unless If-Range says that the client has parts of another file."""
    wanted = request.headers.get("Range")
    if request.method != "GET" or not wanted:
        return None
    held = request.headers.get("If-Range")
    if held is not None and parse_etags(held) != [etag]:
        return None
    return parse_range(wanted, size)


def _with(response: HttpResponseBase, headers: dict[str, str]) -> HttpResponseBase:
    for name, value in headers.items():
        response.headers[name] = value
    return response
