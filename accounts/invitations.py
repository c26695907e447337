"""Invitations: each is an address that makes one account within a week."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Invitation, Role, User
from accounts.security.tokens import digest

DAYS = 7


class Unusable(Exception):
    """The invitation was used, withdrawn, or has expired."""


def invite(by: User, role: Role, email: str = "", quota_bytes: int | None = None) -> tuple[Invitation, str]:
    """Make an invitation. Returns it with its secret, which is not stored."""
    secret = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        token_hash=digest(secret),
        role=role,
        email=email,
        quota_bytes=quota_bytes,
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=DAYS),
    )
    return invitation, secret


def find(secret: str) -> Invitation | None:
    """The invitation with that secret, if it can still be used."""
    return open_invitations().filter(token_hash=digest(secret)).first()


def open_invitations() -> QuerySet[Invitation]:
    """The invitations that are neither accepted nor expired, the newest first."""
    return Invitation.objects.filter(accepted_at=None, expires_at__gt=timezone.now()).order_by("-created_at")


def accept(invitation: Invitation, user: User, password: str) -> None:
    """Make the account. Raises Unusable if somebody was faster."""
    with transaction.atomic():
        if not open_invitations().filter(pk=invitation.pk).update(accepted_at=timezone.now()):
            raise Unusable
        user.set_role(Role(invitation.role))
        user.quota_bytes = invitation.quota_bytes
        user.email = user.email or invitation.email
        user.set_password(password)
        user.save()
        Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
