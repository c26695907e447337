"""Slowing down guesses: after too many wrong secrets somebody is refused for a while, longer each time.

    lockout.require("sign-in", name, request)      # raises LockedOut
    lockout.fail("sign-in", name, request)         # after a wrong secret
    lockout.succeed("sign-in", name, request)      # after the right one

Failures are counted for each name or link from one address, and for each address alone. So nobody can lock others out
of their accounts from elsewhere, or try many names from one place. The counts are rows, so that all processes see them
and a restart keeps them.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import Lockout
from accounts.security.origin import address_of, network_of

FREE_FAILURES = 5  # for one name from one address
FREE_FAILURES_OF_ADDRESS = 25
FIRST = timedelta(seconds=30)
LONGEST = timedelta(hours=1)
FORGOTTEN = timedelta(days=1)


class LockedOut(Exception):
    """Refused until `until`, whatever the secret is."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until

    @property
    def seconds(self) -> int:
        return max(1, round((self.until - timezone.now()).total_seconds()))

    def __str__(self) -> str:
        seconds, minutes = self.seconds, -(-self.seconds // 60)
        if seconds < 90:
            words = ngettext(
                "Too many wrong attempts. Please wait %(number)s second and try again.",
                "Too many wrong attempts. Please wait %(number)s seconds and try again.",
                seconds,
            )
            return words % {"number": seconds}
        words = ngettext(
            "Too many wrong attempts. Please wait %(number)s minute and try again.",
            "Too many wrong attempts. Please wait %(number)s minutes and try again.",
            minutes,
        )
        return words % {"number": minutes}


def require(purpose: str, what: str, request: HttpRequest) -> None:
    """Raises LockedOut while the name or the address is locked out."""
    keys = [key for key, _ in keys_of(purpose, what, request)]
    row = Lockout.objects.filter(key__in=keys, until__gt=timezone.now()).order_by("-until").first()
    if row is not None and row.until is not None:
        raise LockedOut(row.until)


def fail(purpose: str, what: str, request: HttpRequest) -> datetime | None:
    """Count a wrong secret. Returns the end of the lockout that follows, or None."""
    ends = [count(key, free) for key, free in keys_of(purpose, what, request)]
    return max((end for end in ends if end), default=None)


def succeed(purpose: str, what: str, request: HttpRequest) -> None:
    """Forget this name's failures from this address. The address's failures with other names stay."""
    Lockout.objects.filter(key=keys_of(purpose, what, request)[0][0]).delete()


def keys_of(purpose: str, what: str, request: HttpRequest) -> list[tuple[str, int]]:
    """The keys of the counts, each with its number of free failures."""
    address = address_of(request)
    network = network_of(address) if address else "unknown"
    name = what.replace("\0", "").casefold()[:100]
    return [
        (f"{purpose} {network} {name}", FREE_FAILURES),
        (f"{purpose} {network}", FREE_FAILURES_OF_ADDRESS),
    ]


def count(key: str, free: int) -> datetime | None:
    """Count one more failure. Returns the end of the lockout that follows, or None."""
    now = timezone.now()
    with transaction.atomic():
        Lockout.objects.get_or_create(key=key, defaults={"last_at": now})
        row = Lockout.objects.select_for_update().get(key=key)
        row.failures = row.failures + 1 if now - row.last_at < FORGOTTEN else 1
        row.last_at = now
        over = row.failures - free
        row.until = now + min(LONGEST, FIRST * 2 ** min(over, 12)) if over >= 0 else None
        row.save()
    return row.until


def forget_old() -> int:
    """Remove counts whose last failure is old. Returns how many."""
    return Lockout.objects.filter(last_at__lt=timezone.now() - FORGOTTEN).delete()[0]
