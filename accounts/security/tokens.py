"""Tokens and application passwords: making, recognising and recording their use."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext

from accounts.models import Token, User
from accounts.security.origin import address_of, agent_of

SCOPES = {
    "read": _lazy("See photos, albums and people, and download them"),
    "upload": _lazy("Add photos"),
    "edit": _lazy("Change photos, albums, tags and people; move photos to the trash"),
    "delete": _lazy("Delete for good"),
    "share": _lazy("Share with others and make public links"),
    "admin": _lazy("See the state of the installation (administrators only)"),
}
PREFIX = "mirage_"
NOTED_EVERY = timedelta(minutes=1)


def issue(
    user: User, name: str, scopes: Iterable[str], *, kind: Token.Kind = Token.Kind.BEARER, days: int | None = None
) -> tuple[Token, str]:
    """Make a token. Returns it with its secret, which is not stored. Raises ValueError for an unknown scope."""
    wanted = sorted(set(scopes))
    if unknown := set(wanted) - set(SCOPES):
        raise ValueError(f"There is no scope {min(unknown)}.")
    secret = PREFIX + secrets.token_urlsafe(32) if kind == Token.Kind.BEARER else readable_secret()
    token = Token.objects.create(
        user=user,
        kind=kind,
        name=name.strip()[:120] or pgettext("token", "Unnamed"),
        scopes=wanted,
        token_hash=digest(secret),
        expires_at=timezone.now() + timedelta(days=days) if days else None,
    )
    return token, secret


def readable_secret() -> str:
    """A secret of about 100 random bits that is easy to type: abcd-efgh-…"""
    letters = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(20))
    return "-".join(letters[place : place + 4] for place in range(0, 20, 4))


def digest(secret: str) -> str:
    """The hash that is stored. A plain one suffices, because secrets are long and random."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def find(secret: str, kind: Token.Kind) -> Token | None:
    """The usable token with that secret."""
    return Token.objects.usable().select_related("user").filter(token_hash=digest(secret), kind=kind).first()


def note_use(token: Token, request: HttpRequest) -> None:
    """Record when and from where the token was last used, at most once a minute unless the client changed."""
    now, address, agent = timezone.now(), address_of(request), agent_of(request)
    recent = token.last_used_at is not None and now - token.last_used_at < NOTED_EVERY
    if recent and (token.last_address, token.last_agent) == (address, agent):
        return
    Token.objects.filter(pk=token.pk).update(last_used_at=now, last_address=address, last_agent=agent)
