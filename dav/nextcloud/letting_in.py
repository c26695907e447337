"""Nextcloud's way to sign an app in (login flow, version 2).

The app asks for two secrets, opens a page with one, and asks with the other until its user has let it in on that page.
Then it gets an application password, once.
"""

import secrets
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import activity
from accounts.models import Token, User
from accounts.security import tokens
from accounts.security.origin import address_of, agent_of, network_of
from dav.models import Device, SignIn
from dav.protocol.refusals import Refusal
from media.sentences import english

WAITS = timedelta(minutes=20)
MOST, MOST_OF_A_NETWORK = 100, 10  # apps that wait at the same time
SCOPES = ("read", "upload", "edit")


def begin(request: HttpRequest) -> tuple[str, str]:
    """An app wants in. Returns what it asks with, and the secret in the page's address. Raises Refusal."""
    SignIn.objects.filter(created_at__lt=timezone.now() - WAITS).delete()
    network = network_of(address_of(request) or "127.0.0.1")
    if SignIn.objects.filter(network=network, user=None).count() >= MOST_OF_A_NETWORK:
        raise Refusal(429, english("Too many apps are waiting."), headers={"Retry-After": "60"})
    make_room()
    asks, page = secrets.token_urlsafe(48), secrets.token_urlsafe(32)
    kept = {"asked_with": tokens.digest(asks), "page": tokens.digest(page)}
    SignIn.objects.create(**kept, agent=agent_of(request), network=network)
    return asks, page


def make_room() -> None:
    """Where too many wait, those go that have waited longest, so that strangers cannot keep a family's phone out."""
    longest = SignIn.objects.filter(user=None).order_by("-created_at").values_list("pk", flat=True)[MOST - 1 :]
    SignIn.objects.filter(pk__in=[*longest]).delete()


def waiting(page: str) -> SignIn | None:
    """The app that waits at this page; None if it was let in, or waited too long."""
    since = timezone.now() - WAITS
    return SignIn.objects.filter(page=tokens.digest(page), user=None, created_at__gte=since).first()


def let_in(row: SignIn, user: User) -> None:
    """The user lets the app in."""
    SignIn.objects.filter(pk=row.pk, user=None).update(user=user)


def collect(asks: str, request: HttpRequest) -> tuple[User, str] | None:
    """The user who let the app in, and its new password; None as long as nobody did."""
    since = timezone.now() - WAITS
    with transaction.atomic():
        rows = SignIn.objects.select_for_update(of=("self",)).filter(user__isnull=False, created_at__gte=since)
        row = rows.filter(asked_with=tokens.digest(asks)).first()
        if row is None or row.user is None:
            return None
        row.delete()
        name = row.agent.partition("(")[0].strip() or "Nextcloud"
        token, secret = tokens.issue(row.user, name, SCOPES, kind=Token.Kind.PASSWORD)
        Device.objects.create(user=row.user, token=token, app=Device.App.NEXTCLOUD)
    activity.record("made a token", request, actor=row.user, subject=name, scopes=list(SCOPES), kind=token.kind)
    return row.user, secret
