"""How a program signs in over WebDAV: HTTP Basic with an application password, or a token."""

import base64
import binascii
import ipaddress

from django.conf import settings
from django.http import HttpRequest

from accounts.models import Token
from accounts.security import lockout, programs, tokens
from accounts.security.origin import address_of, is_private
from dav.protocol.refusals import Refusal
from media.sentences import english
from mirage import changeable

CHALLENGE = {"WWW-Authenticate": 'Basic realm="Mirage", charset="UTF-8"'}
NETWORKS = [ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]
NETWORKS += [ipaddress.ip_network(text) for text in ("169.254.0.0/16", "fe80::/10")]


def sign_in(request: HttpRequest) -> Token:
    """The token of the program that asks. The request is its user's from here on. Raises Refusal."""
    kind, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() not in ("basic", "bearer"):
        raise Refusal(401, english("Sign in with your name and an application password."), headers=CHALLENGE)
    if not may_be_told(request):
        raise Refusal(403, english("Passwords are accepted over HTTPS only."))
    try:
        found = check(request, kind.lower(), credentials.strip())
        if found is None:
            raise Refusal(401, english("The name and the application password do not match."), headers=CHALLENGE)
        programs.throttle(found)
    except lockout.LockedOut as error:
        raise Refusal(429, str(error), headers={"Retry-After": str(error.seconds)}) from error
    except programs.TooManyRequests as error:
        raise Refusal(429, english("Too many requests."), headers={"Retry-After": str(programs.SECONDS)}) from error
    tokens.note_use(found, request)
    request.user = found.user
    changeable.refresh()
    return found


def check(request: HttpRequest, kind: str, credentials: str) -> Token | None:
    """The token that the credentials name. Raises LockedOut."""
    if kind == "bearer":
        return programs.by_token(request, credentials)
    try:
        name, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return programs.by_password(request, name, password)


def may_be_told(request: HttpRequest) -> bool:
    """Whether a password may be sent: nobody listens, or the network is the family's own and the setting says so."""
    if is_private(request):
        return True
    address = address_of(request) if settings.MIRAGE_DAV_LOCAL else None
    return address is not None and any(ipaddress.ip_address(address) in network for network in NETWORKS)


def require_scope(token: Token, *scopes: str) -> None:
    """Raises Refusal unless the token has one of these scopes."""
    if not set(scopes) & set(token.scopes):
        raise Refusal(
            403, english("This password may not do that: it does not have the scope %(scope)s.", scope=scopes[0])
        )
