"""How a program signs in: `Authorization: Bearer TOKEN`, or HTTP Basic with an application password.

    @router.get("/photos", auth=allowed("read"))

Account passwords and browser cookies are not accepted.
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
REQUESTS, SECONDS = 1_200, 10  # per token; a parallel upload of small files stays far below


class ApiRequest(HtmxHttpRequest):
    """A request with a valid token; `user` is the token's owner."""

    auth: Token


class TooManyRequests(Exception):
    """A token sends more requests than any reasonable program."""


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
    """A user's name and an application password, over HTTPS or from the same machine."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def decode_authorization(self, value: str) -> tuple[str, str]:
        if not value.lower().startswith("basic "):
            raise DecodeError("not HTTP Basic")
        return super().decode_authorization(value)

    def authenticate(self, request: HttpRequest, username: str, password: str) -> Token | None:
        if not is_private(request):
            raise HttpError(403, "Passwords are accepted over HTTPS only.")
        lockout.require(PURPOSE, username, request)
        found = tokens.find(password, Token.Kind.PASSWORD)
        if found is None or found.user.username != username:
            lockout.fail(PURPOSE, username, request)
            return None
        return admit(request, found, self.scope)


def allowed(scope: str) -> list[Any]:
    """The authentication of an operation: a token or application password with this scope."""
    return [Bearer(scope), ApplicationPassword(scope)]


def admit(request: HttpRequest, token: Token, scope: str) -> Token:
    """Sign the request in as the token's user, if the token has the scope. Raises the refusal otherwise."""
    throttle(token)
    if scope not in token.scopes:
        raise HttpError(403, f"This token does not have the scope {scope}.")
    if scope == "admin" and not token.user.is_superuser:
        raise HttpError(403, "This is for administrators only.")
    tokens.note_use(token, request)
    request.user = token.user
    return token


def throttle(token: Token) -> None:
    """Raises TooManyRequests after REQUESTS in SECONDS."""
    key = f"api-{token.pk}-{int(time.time()) // SECONDS}"
    cache.add(key, 0, SECONDS * 2)
    if cache.incr(key) > REQUESTS:
        raise TooManyRequests
