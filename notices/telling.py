"""Telling a user something, if they want to be told.

tell(user, "share", "Marta shares the album “Lisbon” with you.", album.get_absolute_url(), about=f"share {pk}")
"""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from notices.access import wishes_of
from notices.kinds import KINDS
from notices.models import Notice
from photos.pipeline import jobs

KEPT = timedelta(days=90)


def tell(user: User, kind: str, text: str, address: str = "", *, about: str) -> Notice | None:
    """Tell the user, once for each thing that it is `about`. None if they do not want it or know it."""
    if not user.is_active or not KINDS[kind].is_for(user):
        return None
    wishes = wishes_of(user)
    ways = {"in_bell": kind in wishes.bell, "by_mail": kind in wishes.mail, "by_push": kind in wishes.push}
    if not any(ways.values()):
        return None
    told, is_new = Notice.objects.get_or_create(
        user=user,
        kind=kind,
        about=about[:120],
        defaults={"text": text[:500], "address": address[:255], **ways},
    )
    if is_new and told.by_push:
        transaction.on_commit(partial(jobs.enqueue, "push_notice", told.pk))
    return told if is_new else None


def tell_administrators(kind: str, text: str, address: str = "", *, about: str) -> None:
    """Tell all administrators."""
    for user in User.objects.filter(is_superuser=True, is_active=True):
        tell(user, kind, text, address, about=about)


def forget_old() -> int:
    """Remove notices of long ago. Returns how many."""
    return Notice.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
