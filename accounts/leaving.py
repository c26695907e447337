"""Deleting an account. What becomes of the photos is told by the app that has them: it registers with `on_leaving`."""

from collections.abc import Callable

from django.db import transaction

from accounts import sessions
from accounts.models import User

Leaving = Callable[[User, User | None], None]  # who leaves, and who is given the photos; None: they are deleted too
_leavings: list[Leaving] = []


class LastAdministrator(Exception):
    """Somebody must be left who can administer."""


def on_leaving(leaving: Leaving) -> None:
    """Let `leaving` deal with what a user leaves behind, before the account is deleted."""
    if leaving not in _leavings:
        _leavings.append(leaving)


def delete(user: User, heir: User | None) -> None:
    """Delete the account; the photos go to `heir`, or with it. Raises LastAdministrator."""
    require_another_administrator(user)
    sessions.end_all(user)
    User.objects.filter(pk=user.pk).update(is_active=False)  # nobody signs in while it goes on
    for leaving in _leavings:
        leaving(user, heir)
    with transaction.atomic():
        user.delete()


def require_another_administrator(user: User) -> None:
    """Raises LastAdministrator if nobody else could administer without this user."""
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        raise LastAdministrator
