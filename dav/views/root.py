"""Windows asks the root of a server what it can do before it asks the address that it was told.

A way to the sign-in page, which browsers get there, ends in "The network name cannot be found".
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from dav import reading
from dav.protocol.bodies import PREFIXED
from dav.protocol.refusals import Refusal
from dav.signing_in import require_scope, sign_in

FOLDER = (
    "<d:response><d:href>{}</d:href><d:propstat><d:prop><d:resourcetype><d:collection/></d:resourcetype></d:prop>"
    "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
)  # for str.format


class RootMiddleware:
    """Answers OPTIONS and PROPFIND for the root of the site; all else goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info != "/" or request.method not in ("OPTIONS", "PROPFIND"):
            return self.get_response(request)
        if request.method == "OPTIONS":
            return reading.options()
        try:
            require_scope(sign_in(request), "read", "upload")
        except Refusal as refused:
            return refused.response()
        return root(request.headers.get("Depth", "1").strip())


def root(depth: str) -> HttpResponse:
    """The root as a folder, in which WebDAV is the only one."""
    folders = ["/"] if depth == "0" else ["/", "/dav/"]
    body = "".join(FOLDER.format(folder) for folder in folders)
    declared = '<?xml version="1.0" encoding="utf-8"?>\n'
    return HttpResponse(
        f"{declared}<d:multistatus {PREFIXED}>{body}</d:multistatus>", status=207, content_type=reading.XML
    )
