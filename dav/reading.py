"""What only looks: OPTIONS, PROPFIND, GET and HEAD."""

from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import http_date, quote_etag

from dav import properties, resources
from dav.asked import Asked
from dav.models import SmallFile
from dav.protocol.bodies import PREFIXED
from dav.protocol.refusals import Refusal
from dav.resources import Resource
from media.sentences import english
from photos.storage import http, serving

METHODS = "OPTIONS, GET, HEAD, PUT, DELETE, PROPFIND, PROPPATCH, MKCOL, COPY, MOVE, LOCK, UNLOCK"
CAPABILITIES = {"DAV": "1, 2", "MS-Author-Via": "DAV", "Allow": METHODS, "Accept-Ranges": "bytes"}
XML = "application/xml; charset=utf-8"


def options() -> HttpResponse:
    """What this server can do. It is told to everybody, before they sign in."""
    return HttpResponse(status=200, headers=CAPABILITIES, content_type="text/plain")


def propfind(asked: Asked) -> HttpResponseBase:
    """The properties of a file or folder, and of what is in it. The answer is written while rows are read."""
    depth = asked.request.headers.get("Depth", "1").strip().lower()
    if depth not in ("0", "1"):
        raise Refusal(403, condition="propfind-finite-depth")
    wanted, names_only = properties.wanted_in(asked.xml())
    resource = resources.find(asked)
    teller = properties.Teller(asked)

    def parts() -> Iterator[str]:
        yield f'<?xml version="1.0" encoding="utf-8"?>\n<d:multistatus {PREFIXED}>\n'
        yield properties.response(teller, resource, wanted, names_only)
        if depth == "1" and resource.is_folder:
            for child in resources.children(asked, resource):
                yield properties.response(teller, child, wanted, names_only)
        yield "</d:multistatus>\n"

    return StreamingHttpResponse(in_pieces(parts()), status=207, content_type=XML)


def in_pieces(parts: Iterator[str], least: int = 16_384) -> Iterator[bytes]:
    """The parts joined to pieces that are worth sending."""
    piece: list[str] = []
    length = 0
    for part in parts:
        piece.append(part)
        length += len(part)
        if length >= least:
            yield "".join(piece).encode()
            piece, length = [], 0
    yield "".join(piece).encode()


def get(asked: Asked) -> HttpResponseBase:
    """A file, in whole or in part. A folder answers with a sentence for whoever opens it in a browser."""
    resource = resources.find(asked)
    if resource.is_folder:
        return HttpResponse("This is a folder for programs that speak WebDAV.\n", content_type="text/plain")
    if resource.photo is None:
        return small(asked, resource)
    if asked.request.method == "HEAD" and not asked.may("read"):
        headers = {"ETag": quote_etag(resource.tag), "Content-Length": str(resource.size)}
        return dated(HttpResponse(content_type=resource.mime, headers=headers), resource)
    if not asked.may("read"):
        raise Refusal(403, english("This password may add photos, not read them."))
    if resource.photo.picture_edit is not None and resource.photo.owner_id != asked.user.pk:
        raise Refusal(403, english("Its owner has edited this photo and shares the edit alone: open it in Mirage."))
    return dated(serving.send_original(asked.request, resource.photo, attachment=False, tag=resource.tag), resource)


def dated(response: HttpResponseBase, resource: Resource) -> HttpResponseBase:
    response.headers["Last-Modified"] = http_date(resource.modified.timestamp())
    return response


def small(asked: Asked, resource: Resource) -> HttpResponse:
    """A small file that is no photo, or the place of one whose photo has been deleted for good."""
    held = SmallFile.objects.filter(entry=resource.entry).first() if resource.entry else None
    if held is None and resource.size:
        raise Refusal(410, english("This photo has been deleted."))
    content = bytes(held.content) if held else b""
    headers = {
        "ETag": quote_etag(resource.tag),
        "Content-Security-Policy": http.HARMLESS,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": http.disposition(resource.name, attachment=True),
        "Accept-Ranges": "bytes",
    }
    status = 200
    if wanted := asked.request.headers.get("Range"):
        try:
            part = http.parse_range(wanted, len(content))
        except http.RangeNotSatisfiable:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(content)}"})
        if part is not None:
            headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(content)}"
            content, status = content[part.start : part.stop], 206
    headers["Content-Length"] = str(len(content))
    if asked.request.method == "HEAD":
        content = b""
    response = HttpResponse(content, status=status, content_type=resource.mime, headers=headers)
    return dated(response, resource)  # type: ignore[return-value]
