"""Invitations: each is an address that makes one account within a week."""

import base64
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import Invitation, Role, User
from accounts.security.tokens import digest

DAYS = 7
SALT = "accounts.invitations"


class Unusable(Exception):
    """The invitation was used, withdrawn, or has expired."""


def invite(by: User, role: Role, email: str = "", quota_bytes: int | None = None) -> tuple[Invitation, str]:
    """Make an invitation. Returns it with its secret, which is not stored."""
    invitation = Invitation(role=role, email=email, quota_bytes=quota_bytes, invited_by=by)
    secret = secret_of(invitation)
    invitation.token_hash, invitation.expires_at = digest(secret), timezone.now() + timedelta(days=DAYS)
    invitation.save()
    return invitation, secret


def secret_of(invitation: Invitation) -> str:
    """The secret part of its address, 192 bits; empty if the installation's key has changed since it was made."""
    derived = salted_hmac(SALT, invitation.key, algorithm="sha256").digest()
    secret = base64.urlsafe_b64encode(derived[:24]).decode()
    return secret if not invitation.token_hash or digest(secret) == invitation.token_hash else ""


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
