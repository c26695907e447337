"""Refusals that come from no operation: unknown addresses, methods, bodies and fields, all with the same schema."""

import json
from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from ninja.errors import HttpError

ADDRESS = "/api/"
WORDS = {
    400: _lazy("The request cannot be read."),
    404: _lazy("Nothing is at this address."),
    405: _lazy("This address does not allow this method."),
    413: _lazy("The body is too large."),
    500: _lazy("Something went wrong on the server, and was written to its log."),
}


class ApiRefusalMiddleware:
    """Below /api/ every refusal is JSON with a `detail` in words, whichever part of Django it came from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code < 400 or not request.path.startswith(ADDRESS) or is_told(response):
            return response
        told = JsonResponse({"detail": words_of(response)}, status=response.status_code)
        kept = {name: value for name, value in response.items() if name not in ("Content-Type", "Content-Length")}
        for name, value in kept.items():
            told.headers[name] = value
        return told


def is_told(response: HttpResponseBase) -> bool:
    """Whether the response is JSON with a `detail` already."""
    if not isinstance(response, HttpResponse) or not response.headers.get("Content-Type", "").startswith(
        "application/json"
    ):
        return False
    try:
        told = json.loads(response.content)
    except ValueError:
        return False
    return isinstance(told, dict) and isinstance(told.get("detail"), str)


def words_of(response: HttpResponseBase) -> str:
    """The reason: the text of a plain-text response, or else the meaning of its status."""
    plain = response.headers.get("Content-Type", "").startswith("text/plain")
    if plain and isinstance(response, HttpResponse) and (text := response.content.decode(errors="replace").strip()):
        return text
    return str(WORDS.get(response.status_code) or HTTPStatus(response.status_code).phrase)


# --- unknown fields ---------------------------------------------------------------------------------------------------


def takes_what_it_knows(function: Callable[..., Any]) -> Callable[..., Any]:
    """A mixin for operations: unknown parameters, form fields and files are refused with 422."""

    @wraps(function)
    def checked(request: HttpRequest, *args: Any, **values: Any) -> Any:
        sources: dict[str, Iterable[str]] = {"query": request.GET}
        if known_names(function, "form") | known_names(function, "file"):
            sources |= {"form": request.POST, "file": request.FILES}
        for source, given in sources.items():
            refuse_unknown(given, known_names(function, source))
        return function(request, *args, **values)

    return checked


def known_names(function: Callable[..., Any], source: str) -> set[str]:
    """The names of the operation's parameters that are read from there."""
    models = function._ninja_operation.models  # type: ignore[attr-defined]
    sent = (model for model in models if model.__ninja_param_source__ == source)
    return {name for model in sent for name in getattr(model, "__ninja_flatten_map__", model.model_fields)}


def refuse_unknown(given: Iterable[str], known: set[str]) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        raise HttpError(422, "; ".join(_("%(name)s: unknown field") % {"name": name[:80]} for name in unknown[:5]))
