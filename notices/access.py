"""Whose notices a user sees: their own."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from notices.kinds import unasked
from notices.models import Notice, PushSubscription, Wishes

NEWS = timedelta(days=1)  # what could not be pushed for longer is none


def notices_of(user: User) -> QuerySet[Notice]:
    """What the user was told in the bell, newest first."""
    return Notice.objects.filter(user=user, in_bell=True).order_by("-at", "-pk")


def unseen(user: User) -> int:
    """How many of them the user has not seen."""
    return Notice.objects.filter(user=user, in_bell=True, seen_at=None).count()


def wishes_of(user: User) -> Wishes:
    """What the user wants to be told; not saved if nothing was chosen yet."""
    return Wishes.objects.filter(user=user).first() or Wishes(user=user, bell=unasked(user))


def subscriptions_of(user: User) -> QuerySet[PushSubscription]:
    """The browsers that show the user's notices, newest first."""
    return PushSubscription.objects.filter(user=user)


def waiting_for_push() -> QuerySet[Notice]:
    """What quiet hours or a push service held up, of all users."""
    since = timezone.now() - NEWS
    return Notice.objects.filter(by_push=True, pushed_at=None, seen_at=None, at__gte=since)
