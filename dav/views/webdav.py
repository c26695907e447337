"""WebDAV at /dav/: each method is a function of dav/reading.py or dav/writing.py."""

from collections.abc import Callable, Mapping

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from dav import reading, writing
from dav.asked import Asked
from dav.protocol import paths
from dav.protocol.refusals import Refusal
from dav.signing_in import require_scope, sign_in
from media.sentences import english
from mirage.refusals import NotPossible
from mirage.web.time_limit import TakesTooLong

METHODS: Mapping[str, Callable[[Asked], HttpResponseBase]] = {
    "PROPFIND": reading.propfind,
    "GET": reading.get,
    "HEAD": reading.get,
    "PUT": writing.put,
    "MKCOL": writing.mkcol,
    "DELETE": writing.delete,
    "MOVE": writing.move,
    "COPY": writing.copy,
    "PROPPATCH": writing.proppatch,
    "LOCK": writing.lock,
    "UNLOCK": writing.unlock,
}


@csrf_exempt
@login_not_required
def dav(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """All of WebDAV."""
    return answer(request, "/dav", path)


def answer(request: HttpRequest, base: str, path: str, root: paths.Segments = (), owner: str = "") -> HttpResponseBase:
    """Sign the program in and do what it asks. `owner` is the user whom the address names, if it does."""
    if request.method == "OPTIONS":
        return reading.options()
    try:
        token = sign_in(request)
        require_scope(token, "read", "upload")
        if "#" in request.META.get("RAW_URI", ""):  # else what is before it would be deleted
            raise Refusal(400, "An address has no fragment.")
        if owner and token.user.username != owner:
            raise Refusal(404, english("There is nothing here."))
        return respond(Asked(request, token, base, (*root, *paths.split(path)), root))
    except Refusal as refused:
        return refused.response()


def respond(asked: Asked) -> HttpResponseBase:
    """Do what is asked. Raises Refusal."""
    method = METHODS.get(asked.request.method or "")
    if method is None:
        return HttpResponse(status=405, headers={"Allow": reading.METHODS})
    try:
        response = method(asked)
    except UnreadablePostError as error:  # the program has gone
        raise Refusal(400, english("The request did not arrive completely.")) from error
    except (NotPossible, TakesTooLong) as error:
        raise Refusal(409, str(error)) from error
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response
