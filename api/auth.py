"""How a program says whose it is: `Authorization: Bearer TOKEN`, or HTTP Basic with an application password.

    @router.get("/photos", auth=allowed("read"))

Passwords of accounts and cookies of browsers do not open the API.
"""

import time
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBasicAuth, HttpBearer
from ninja.security.http import DecodeError

from accounts.models import Token
from accounts.security import lockout, tokens
from accounts.security.origin import is_private
from mirage.web.htmx import HtmxHttpRequest

PURPOSE = "api"
REQUESTS, SECONDS = 1_200, 10  # of one token; a parallel upload of small files stays far below


class ApiRequest(HtmxHttpRequest):
    """A request that a token has opened; `user` is whose token it is."""

    auth: Token


class TooManyRequests(Exception):
    """A token asks faster than a program that means well."""


class Bearer(HttpBearer):
    """A token."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        lockout.require(PURPOSE, "", request)
        found = tokens.find(token, Token.Kind.BEARER)
        if found is None:
            lockout.fail(PURPOSE, "", request)
            return None
        return admit(request, found, self.scope)


class ApplicationPassword(HttpBasicAuth):
    """A name and an application password, over HTTPS or from the same machine."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def decode_authorization(self, value: str) -> tuple[str, str]:
        if not value.lower().startswith("basic "):
            raise DecodeError("not HTTP Basic")
        return super().decode_authorization(value)

    def authenticate(self, request: HttpRequest, username: str, password: str) -> Token | None:
        if not is_private(request):
            raise HttpError(403, "Passwords are taken over HTTPS only.")
        lockout.require(PURPOSE, username, request)
        found = tokens.find(password, Token.Kind.PASSWORD)
        if found is None or found.user.username != username:
            lockout.fail(PURPOSE, username, request)
            return None
        return admit(request, found, self.scope)


def allowed(scope: str) -> list[Any]:
    """What an operation takes: a token or an application password that has this scope."""
    return [Bearer(scope), ApplicationPassword(scope)]


def admit(request: HttpRequest, token: Token, scope: str) -> Token:
    """Let the request go on as the token's user, if the token may do this."""
    throttle(token)
    if scope not in token.scopes:
        raise HttpError(403, f"This token may not do that: it lacks the scope {scope}.")
    if scope == "admin" and not token.user.is_superuser:
        raise HttpError(403, "Only administrators may do that.")
    tokens.note_use(token, request)
    request.user = token.user
    return token


def throttle(token: Token) -> None:
    """Raises TooManyRequests for more than REQUESTS in SECONDS."""
    key = f"api-{token.pk}-{int(time.time()) // SECONDS}"
    cache.add(key, 0, SECONDS * 2)
    if cache.incr(key) > REQUESTS:
        raise TooManyRequests
