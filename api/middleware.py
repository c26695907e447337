"""Refusals that no operation gives: of addresses, methods and bodies. Programs read one schema, whoever refuses."""

import json
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

ADDRESS = "/api/"
WORDS = {
    400: "The request cannot be read.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The body is too large.",
    500: "Something went wrong on the server, and was written into its log.",
}


class ApiRefusalMiddleware:
    """Below /api/ every refusal is JSON with a `detail` in words, whatever Django or a protocol would have said."""

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
    """Whether it is JSON with a `detail` already."""
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
    """Why it was refused: what a plain text says, or what the status means."""
    plain = response.headers.get("Content-Type", "").startswith("text/plain")
    if plain and isinstance(response, HttpResponse) and (text := response.content.decode(errors="replace").strip()):
        return text
    return WORDS.get(response.status_code) or HTTPStatus(response.status_code).phrase
