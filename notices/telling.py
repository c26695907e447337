"""Telling a user something, if they want to be told.

tell(user, "share", "Marta shares the album “Lisbon” with you.", album.get_absolute_url(), about=f"share {pk}")
"""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from notices.access import wishes_of
from notices.kinds import KINDS
from notices.models import Notice

KEPT = timedelta(days=90)


def tell(user: User, kind: str, text: str, address: str = "", *, about: str) -> Notice | None:
    """Tell the user, once for each thing that it is `about`. None if they do not want it or know it."""
    if not user.is_active or not KINDS[kind].is_for(user):
        return None
    wishes = wishes_of(user)
    in_bell, by_mail = kind in wishes.bell, kind in wishes.mail
    if not in_bell and not by_mail:
        return None
    told, is_new = Notice.objects.get_or_create(
        user=user,
        kind=kind,
        about=about[:120],
        defaults={"text": text[:500], "address": address[:255], "in_bell": in_bell, "by_mail": by_mail},
    )
    return told if is_new else None


def tell_administrators(kind: str, text: str, address: str = "", *, about: str) -> None:
    """Tell all administrators."""
    for user in User.objects.filter(is_superuser=True, is_active=True):
        tell(user, kind, text, address, about=about)


def forget_old() -> int:
    """Remove notices of long ago. Returns how many."""
    return Notice.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
