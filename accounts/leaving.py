"""Deleting an account. Other apps delete or hand over what it owns (ON_LEAVING)."""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.security import sessions
from mirage.refusals import NotPossible
from mirage.registry import Registry

# Called with the user and the heir of the photos. Without an heir, the photos are deleted.
ON_LEAVING: Registry[Callable[[User, User | None], None]] = Registry("action on leaving")


class LastAdministrator(NotPossible):
    """The installation needs at least one administrator."""

    def __init__(self) -> None:
        super().__init__(_("At least one active administrator must remain."))


def delete(user: User, heir: User | None) -> None:
    """Delete the account. Its photos go to the heir, or are deleted too. Raises LastAdministrator."""
    require_another_administrator(user)
    sessions.end_all(user)
    User.objects.filter(pk=user.pk).update(is_active=False)  # nobody can sign in meanwhile
    for leave in ON_LEAVING.values():
        leave(user, heir)
    with transaction.atomic():
        user.delete()


def require_another_administrator(user: User) -> None:
    """Raises LastAdministrator if the user is the only one."""
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        raise LastAdministrator
