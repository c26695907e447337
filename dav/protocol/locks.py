"""Locks (RFC 4918, 6 and 7), as far as Finder, Windows and GNOME need them, and the header If."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from dav.access import locks_of
from dav.models import Lock
from dav.protocol.bodies import text
from dav.protocol.paths import Segments, key
from dav.protocol.refusals import Refusal
from media.sentences import english

LONGEST = timedelta(hours=1)
SHORTEST = timedelta(seconds=30)
MOST = 1_000  # of one user


def path_of(names: Segments) -> str:
    """A path as it is stored: with a slash at both ends."""
    return "/" + "".join(f"{key(name)}/" for name in names)


def living(user: User) -> QuerySet[Lock]:
    return locks_of(user).filter(expires_at__gt=timezone.now())


def covering(user: User, names: Segments) -> QuerySet[Lock]:
    """The locks that a path is under: its own, and deep ones of folders above."""
    above = [path_of(names[:depth]) for depth in range(len(names))]
    return living(user).filter(Q(path=path_of(names)) | Q(path__in=above, deep=True))


def within(user: User, names: Segments) -> QuerySet[Lock]:
    """The locks below a path."""
    return living(user).filter(path__startswith=path_of(names)).exclude(path=path_of(names))


def require(user: User, names: Segments, held: frozenset[str], *, parent: bool = False, tree: bool = False) -> None:
    """Raises Refusal (423) if a lock is in the way whose token the program does not hold.

    `parent` also asks for the folder's own lock, because a name appears or disappears in it; `tree` for all inside.
    """
    if not living(user).exists():  # nearly always
        return
    groups = [covering(user, names)]
    if parent and names:
        groups.append(living(user).filter(path=path_of(names[:-1])))
    if tree:
        groups.append(within(user, names))
    for group in groups:
        tokens = set(group.values_list("token", flat=True))
        if tokens and not tokens & held:
            raise Refusal(423, condition="lock-token-submitted")


def take(user: User, names: Segments, *, exclusive: bool, deep: bool, holder: str, seconds: str) -> Lock:
    """Lock a path. Raises Refusal (423) if another lock is in the way."""
    others = covering(user, names) | (within(user, names) if deep else living(user).none())
    if others.exists() and (exclusive or others.filter(exclusive=True).exists()):
        raise Refusal(423, condition="no-conflicting-lock")
    if living(user).count() >= MOST:
        raise Refusal(507, english("There are too many locks."))
    return Lock.objects.create(
        owner=user,
        path=path_of(names),
        token=f"urn:uuid:{uuid.uuid4()}",
        exclusive=exclusive,
        deep=deep,
        holder=holder[:2000] if len(holder) <= 2000 else "",
        expires_at=timezone.now() + timeout(seconds),
    )


def timeout(header: str) -> timedelta:
    """How long a lock lasts, by the header Timeout."""
    found = re.search(r"Second-(\d{1,9})", header)
    wanted = timedelta(seconds=int(found[1])) if found else LONGEST
    return max(SHORTEST, min(wanted, LONGEST))


def refresh(user: User, names: Segments, held: frozenset[str], seconds: str) -> Lock:
    """Make a lock last longer. Raises Refusal (412) if the program has none here."""
    lock = covering(user, names).filter(token__in=held).first()
    if lock is None:
        raise Refusal(412, condition="lock-token-matches-request-uri")
    lock.expires_at = timezone.now() + timeout(seconds)
    lock.save(update_fields=["expires_at"])
    return lock


def release(user: User, names: Segments, token: str) -> None:
    """Unlock. Raises Refusal (409) if there is no such lock here."""
    if not covering(user, names).filter(token=token).delete()[0]:
        raise Refusal(409, condition="lock-token-matches-request-uri")


def forget(user: User, names: Segments) -> None:
    """The locks of what has gone."""
    locks_of(user).filter(path__startswith=path_of(names)).delete()


def forget_old() -> int:
    """Remove locks that have ended. Returns how many."""
    return Lock.objects.filter(expires_at__lt=timezone.now()).delete()[0]


def active(lock: Lock, href: str) -> str:
    """A lock as XML."""
    seconds = max(0, round((lock.expires_at - timezone.now()).total_seconds()))
    return (
        f"<d:activelock><d:locktype><d:write/></d:locktype>"
        f"<d:lockscope><d:{'exclusive' if lock.exclusive else 'shared'}/></d:lockscope>"
        f"<d:depth>{'infinity' if lock.deep else '0'}</d:depth>"
        f"{f'<d:owner>{lock.holder}</d:owner>' if lock.holder else ''}"
        f"<d:timeout>Second-{seconds}</d:timeout>"
        f"<d:locktoken><d:href>{text(lock.token)}</d:href></d:locktoken>"
        f"<d:lockroot><d:href>{text(href)}</d:href></d:lockroot></d:activelock>"
    )


# --- the header If ----------------------------------------------------------------------------------------------------

PARTS = re.compile(r"\s*(?:(?P<open>\()|(?P<close>\))|(?P<no>not)\b|<(?P<uri>[^>]*)>|\[(?P<tag>[^\]]*)\])\s*", re.I)


@dataclass(frozen=True)
class Condition:
    """One condition of a list: a token or an ETag that the resource should have, or not."""

    token: str = ""
    tag: str = ""
    negated: bool = False


@dataclass(frozen=True)
class Conditions:
    """A list of conditions, all of which should hold, for a resource; `address` is empty for the one asked for."""

    address: str
    all_of: tuple[Condition, ...]


def parse_if(header: str) -> list[Conditions]:
    """The lists of an If header (RFC 4918, 10.4). Raises Refusal if it is not well formed."""
    lists: list[Conditions] = []
    address, negated = "", False
    collected: list[Condition] | None = None
    for found in parts_of(header):
        if found["open"] and collected is None:
            collected = []
        elif found["close"] and collected:
            lists.append(Conditions(address, tuple(collected)))
            collected = None
        elif found["no"] and collected is not None and not negated:
            negated = True
            continue
        elif found["uri"] is not None and collected is None:
            address = found["uri"]
        elif collected is not None and (found["uri"] or found["tag"]):
            collected.append(Condition(found["uri"] or "", found["tag"] or "", negated))
        else:
            raise bad_if()
        negated = False
    if collected is not None or not lists:
        raise bad_if()
    return lists


def parts_of(header: str) -> Iterator[re.Match[str]]:
    place = 0
    while place < len(header):
        if (found := PARTS.match(header, place)) is None:
            raise bad_if()
        place = found.end()
        yield found


def bad_if() -> Refusal:
    return Refusal(400, "The header If is not well formed.")
