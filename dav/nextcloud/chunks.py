"""Files that Nextcloud's app sends in chunks (chunked upload, version 2), which become one file in the end.

MKCOL begins an upload, PUT sends chunks whose names are numbers, PROPFIND tells which have arrived, and MOVE of the
made-up file `.file` puts them together. What has arrived outlives a kill: the app continues.
"""

import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import http_date

from accounts.models import User
from dav.arriving.receiving import (
    BLOCK,
    Received,
    announced,
    failed,
    received,
    require_room,
    require_sum,
    with_room,
    write,
)
from dav.asked import Asked, inner
from dav.devices import device_of
from dav.folders import folder_at
from dav.protocol import paths as dav_paths
from dav.protocol.bodies import PREFIXED, text
from dav.protocol.paths import Segments
from dav.protocol.refusals import Refusal, not_found
from dav.reading import XML
from dav.signing_in import require_scope
from dav.writing import accept
from media.sentences import english

WHOLE = ".file"
CHUNK = re.compile(r"\d{1,15}(-\d{1,15})?", re.ASCII)
MOST = 10_000  # chunks of a file
MOST_UPLOADS = 100  # of a user at a time
KEPT = 2 * 86_400  # seconds


def root() -> Path:
    """Where chunks lie until they are a file."""
    return settings.MIRAGE_DATA / "chunks"


def folder_of(user: User, name: str) -> Path:
    """The folder of an upload. Its name comes from the app, so it is hashed."""
    return root() / str(user.pk) / hashlib.sha256(name.encode()).hexdigest()[:32]


def answer(asked: Asked, names: Segments) -> HttpResponse:
    """Do what is asked of an upload or a chunk. Raises Refusal."""
    require_scope(asked.token, "upload")
    if not 1 <= len(names) <= 2:
        raise not_found()
    folder, method = folder_of(asked.user, names[0]), asked.request.method
    if method == "MKCOL" and len(names) == 1:
        return begin(asked, folder)
    if not folder.is_dir():
        raise not_found()
    if method == "PUT" and len(names) == 2:
        return put(asked, folder, names[1])
    if method == "MOVE" and names[1:] == (WHOLE,):
        return put_together(asked, folder)
    if method == "PROPFIND" and len(names) == 1:
        return tell(asked, folder, names[0])
    if method == "DELETE" and len(names) == 1:
        shutil.rmtree(folder, ignore_errors=True)
        return HttpResponse(status=204)
    return HttpResponse(status=405, headers={"Allow": "MKCOL, PUT, MOVE, PROPFIND, DELETE"})


def begin(asked: Asked, folder: Path) -> HttpResponse:
    """Begin an upload, if there is room for the whole file."""
    require_room(asked.user, total_of(asked) or 0)
    if folder.is_dir():
        raise Refusal(405, english("This upload has begun already."))
    if folder.parent.is_dir() and len(list(folder.parent.iterdir())) >= MOST_UPLOADS:
        raise Refusal(507, english("Too many uploads have begun and not ended."))
    folder.mkdir(parents=True)
    return HttpResponse(status=201)


def total_of(asked: Asked) -> int | None:
    """The size of the whole file, as the app says."""
    given = asked.request.headers.get("OC-Total-Length", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def put(asked: Asked, folder: Path, name: str) -> HttpResponse:
    """Keep a chunk. One that is sent again takes the place of the first."""
    if not CHUNK.fullmatch(name):
        raise Refusal(400, english("The names of chunks are numbers."))
    if len(list(folder.iterdir())) >= MOST:
        raise Refusal(507, english("A file can have at most 10,000 chunks."))
    held = sum(size for _, size in chunks(folder))
    require_room(asked.user, total_of(asked) or held + (announced(asked.request) or 0))
    with received(asked.request, asked.user, name) as file:
        try:
            os.rename(file.path, folder / name)
        except OSError as error:
            raise failed(error) from error
        os.utime(folder)
    return HttpResponse(status=201)


def chunks(folder: Path) -> list[tuple[Path, int]]:
    """The chunks in order, with their sizes."""
    found = [path for path in folder.iterdir() if CHUNK.fullmatch(path.name)]
    ordered = sorted(found, key=lambda path: [int(part) for part in path.name.split("-")])
    return [(path, path.stat().st_size) for path in ordered]


def put_together(asked: Asked, folder: Path) -> HttpResponse:
    """Make the chunks one file, and take it in like any other."""
    names = inner(destination(asked))
    parent = folder_at(asked.user, names[:-1])
    found, total = chunks(folder), total_of(asked)
    size = sum(length for _, length in found)
    if total is not None and size != total:
        raise Refusal(400, english("Chunks are missing."))
    device = device_of(asked.token, asked.request.headers.get("User-Agent", ""))
    with with_room(asked.user, names[-1], size) as (file, claim):
        whole = Received(Path(file.name), *write(file, blocks(found), size, claim))
        require_sum(asked.request, whole)
        response = accept(asked, device, names, whole, parent)
    shutil.rmtree(folder, ignore_errors=True)
    return response


def destination(asked: Asked) -> Segments:
    """The path that the file goes to, below the address of the user's files."""
    base = f"/remote.php/dav/files/{asked.user.username}"
    header = asked.request.headers.get("Destination")
    return ("Upload", *dav_paths.destination(header, base, asked.request.get_host()))


def blocks(found: list[tuple[Path, int]]) -> Iterator[bytes]:
    """The bytes of the chunks, one after the other."""
    for path, _ in found:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                yield block


def tell(asked: Asked, folder: Path, name: str) -> HttpResponse:
    """Which chunks have arrived, so that the app continues after them."""
    parts = [response(asked.href((name,), is_folder=True), "<d:resourcetype><d:collection/></d:resourcetype>")]
    for path, size in chunks(folder):
        modified = http_date(path.stat().st_mtime)
        properties = (
            f"<d:resourcetype/><d:getcontentlength>{size}</d:getcontentlength>"
            f"<d:getlastmodified>{modified}</d:getlastmodified>"
        )
        parts.append(response(asked.href((name, path.name), is_folder=False), properties))
    body = f'<?xml version="1.0" encoding="utf-8"?>\n<d:multistatus {PREFIXED}>{"".join(parts)}</d:multistatus>'
    return HttpResponse(body, status=207, content_type=XML)


def response(href: str, properties: str) -> str:
    propstat = f"<d:prop>{properties}</d:prop><d:status>HTTP/1.1 200 OK</d:status>"
    return f"<d:response><d:href>{text(href)}</d:href><d:propstat>{propstat}</d:propstat></d:response>"


def remove_old() -> int:
    """Remove the chunks of uploads that nobody continued. Returns of how many."""
    old = [folder for folder in root().glob("*/*") if time.time() - folder.stat().st_mtime > KEPT]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)
