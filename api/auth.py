"""How a program signs in: `Authorization: Bearer TOKEN`, or HTTP Basic with an application password.

    @router.get("/photos", auth=allowed("read"))

Account passwords and browser cookies are not accepted.
"""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.security import HttpBasicAuth, HttpBearer
from ninja.security.http import DecodeError

from accounts.models import Token
from accounts.security import programs, tokens
from accounts.security.origin import is_private
from mirage.web.htmx import HtmxHttpRequest


class ApiRequest(HtmxHttpRequest):
    """A request with a valid token; `user` is the token's owner."""

    auth: Token


class Bearer(HttpBearer):
    """A token."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        found = programs.by_token(request, token)
        return admit(request, found, self.scope) if found else None


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
            raise HttpError(403, _("Passwords are accepted over HTTPS only."))
        found = programs.by_password(request, username, password)
        return admit(request, found, self.scope) if found else None


def allowed(scope: str) -> list[Any]:
    """The authentication of an operation: a token or application password with this scope."""
    return [Bearer(scope), ApplicationPassword(scope)]


def admit(request: HttpRequest, token: Token, scope: str) -> Token:
    """Sign the request in as the token's user, if the token has the scope. Raises the refusal otherwise."""
    programs.throttle(token)
    if scope not in token.scopes:
        raise HttpError(403, _("This token does not have the scope %(scope)s.") % {"scope": scope})
    if scope == "admin" and not token.user.is_superuser:
        raise HttpError(403, _("This is for administrators only."))
    tokens.note_use(token, request)
    request.user = token.user
    return token
