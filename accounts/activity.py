"""The security log: sign-ins, failures, shares, deletions, changed permissions and settings.

    activity.record("deleted photos", request, subject="12 photos")

Lines are written once, never changed, and removed after MIRAGE_LOG_DAYS.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import SecurityEvent, User
from accounts.security.origin import address_of, agent_of

# All verbs that `record` accepts, in the groups that the log can be filtered by. What they say: accounts/log_words.py.
VERBS = {
    "Signing in": (
        "signed in", "signed out", "failed to sign in", "locked out", "set a password", "reset a password",
        "asked for a password reset", "added a second factor", "removed a second factor", "used a recovery code",
        "ended a session", "made a token", "revoked a token", "was refused",
    ),
    "Accounts": (
        "invited", "withdrew an invitation", "accepted an invitation", "made an account", "changed an account",
        "disabled an account", "enabled an account", "deleted an account", "changed a setting", "lifted a lockout",
    ),
    "Sharing": (
        "shared", "changed a share", "ended a share", "made a link", "changed a link", "revoked a link",
        "opened a link", "failed a link's password",
    ),
    "Deletions": ("deleted photos", "emptied the trash", "deleted an album", "deleted a person", "deleted a tag"),
    "Operations": ("made a backup", "restored a backup", "exported", "imported", "ran a task"),
}  # fmt: skip
KNOWN = frozenset(verb for verbs in VERBS.values() for verb in verbs)


def record(
    verb: str,
    request: HttpRequest | None = None,
    *,
    actor: User | None = None,
    name: str = "",
    subject: object = "",
    **detail: Any,
) -> SecurityEvent:
    """Write a line. The default actor is the request's user; `name` is what an unknown person typed."""
    if verb not in KNOWN:
        raise ValueError(f"{verb!r} is not one of accounts.activity.VERBS")
    if actor is None and request is not None and isinstance(getattr(request, "user", None), User):
        actor = request.user  # type: ignore[assignment]
    return SecurityEvent.objects.create(
        verb=verb,
        actor=actor,
        actor_name=(actor.username if actor else name).replace("\0", "")[:150],
        subject=str(subject).replace("\0", "")[:255],
        address=address_of(request) if request else None,
        agent=agent_of(request) if request else "",
        detail=detail,
    )


def forget_old() -> int:
    """Remove lines older than MIRAGE_LOG_DAYS. Returns how many."""
    limit = timezone.now() - timedelta(days=settings.MIRAGE_LOG_DAYS)
    return SecurityEvent.objects.filter(at__lt=limit).delete()[0]
