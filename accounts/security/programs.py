"""How programs sign in, at the API and over WebDAV: a token, or a user's name with an application password.

Failures are counted and lock out; what asks too much is slowed down.
"""

import time

from django.core.cache import cache
from django.http import HttpRequest

from accounts import activity
from accounts.models import Token
from accounts.security import lockout, tokens

PURPOSE = "api"
REQUESTS, SECONDS = 1_200, 10  # per token; a parallel upload of small files stays far below


class TooManyRequests(Exception):
    """A token sends more requests than any reasonable program."""


def by_token(request: HttpRequest, secret: str) -> Token | None:
    """The usable token with this secret. Raises LockedOut."""
    lockout.require(PURPOSE, "", request)
    found = tokens.find(secret, Token.Kind.BEARER)
    if found is None:
        fail(request, "")
    return found


def by_password(request: HttpRequest, username: str, password: str) -> Token | None:
    """The user's usable application password. Raises LockedOut."""
    lockout.require(PURPOSE, username, request)
    found = tokens.find(password, Token.Kind.PASSWORD)
    if found is None or found.user.username != username:
        fail(request, username)
        return None
    return found


def fail(request: HttpRequest, username: str) -> None:
    """Count a wrong secret, and log the lockout that may follow."""
    if lockout.fail(PURPOSE, username, request):
        activity.record("locked out", request, name=username)


def throttle(token: Token) -> None:
    """Raises TooManyRequests after REQUESTS in SECONDS."""
    key = f"api-{token.pk}-{int(time.time()) // SECONDS}"
    cache.add(key, 0, SECONDS * 2)
    if cache.incr(key) > REQUESTS:
        raise TooManyRequests
