"""Deleting an account. Other apps delete or hand over what belongs to it (ON_LEAVING)."""

from collections.abc import Callable

from django.db import transaction

from accounts import sessions
from accounts.models import User
from mirage.registry import Registry

# Called with the user who leaves and the heir of the photos; without an heir they are deleted too.
ON_LEAVING: Registry[Callable[[User, User | None], None]] = Registry("action on leaving")


class LastAdministrator(Exception):
    """Somebody must be left who can administer."""


def delete(user: User, heir: User | None) -> None:
    """Delete the account; the photos go to `heir`, or with it. Raises LastAdministrator."""
    require_another_administrator(user)
    sessions.end_all(user)
    User.objects.filter(pk=user.pk).update(is_active=False)  # nobody signs in while it goes on
    for leave in ON_LEAVING.values():
        leave(user, heir)
    with transaction.atomic():
        user.delete()


def require_another_administrator(user: User) -> None:
    """Raises LastAdministrator if nobody else could administer without this user."""
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        raise LastAdministrator
