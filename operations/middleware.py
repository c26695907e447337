"""Each request gets an id, one line in the log, and counts for /metrics."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from mirage.runtime.logging import Scope, scope
from operations import metrics

log = logging.getLogger(__name__)

SECRET_PARTS = frozenset({"token", "secret", "code", "uidb64"})  # parts of addresses that give access
QUIET = frozenset(
    {"operations:healthz", "operations:readyz", "operations:metrics", "photos:thumbnail", "people:crop"}
)  # requested too often to be logged
_GIVEN = re.compile(r"[\w.-]{8,64}")


class RequestMiddleware:
    """The outermost middleware, so that it measures the others too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        name = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex[:16]
        began = time.perf_counter()
        with scope(request=name) as inside:
            request.log_scope = inside  # type: ignore[attr-defined]
            response = self.get_response(request)
            seconds = time.perf_counter() - began
            count(request, response, seconds)
            tell(request, response, seconds)
        response.headers["X-Request-ID"] = name
        return response

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, kwargs: dict[str, Any]) -> None:
        """Hide the secret parts of the address in the log from here on."""
        inside: Scope = request.log_scope  # type: ignore[attr-defined]
        inside.secrets = tuple(str(value) for part, value in kwargs.items() if part in SECRET_PARTS and value)


def view_of(request: HttpRequest) -> str:
    """The name of the view; empty for unknown addresses, so that strangers cannot invent new labels."""
    return request.resolver_match.view_name if request.resolver_match else ""


def count(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    method = (
        request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
    )
    view = view_of(request)
    metrics.REQUESTS.labels(method, view, str(response.status_code)).inc()
    metrics.SECONDS.labels(view).observe(seconds)


def tell(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    """Log the request, without its query string and the client's address."""
    level = logging.INFO
    if response.status_code < 400 and (view_of(request) in QUIET or request.path.startswith("/static/")):
        level = logging.DEBUG
    if not log.isEnabledFor(level):
        return
    user = getattr(request, "_cached_user", None)  # only if a view has loaded the user: no query just for the log
    log.log(
        level,
        "%s %s",
        request.method,
        "".join(char if char.isprintable() else "\ufffd" for char in request.path),  # a line end would begin a line
        extra={"status": response.status_code, "ms": round(seconds * 1000, 1), "user": user and user.pk},
    )
