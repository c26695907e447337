"""How many photos each month of a list has, kept: counting a million photos takes a tenth of a second.

Triggers note the months in which something changed (mirage/triggers.py). Whoever asks first has these counted, and
a chore counts those that are left. What cannot be written down just now is counted for the one who asks.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Count, Q

from accounts.models import User
from mirage.patience import hurried
from mirage.registry import Registry
from mirage.triggers import Triggers, Watch
from photos.models import MonthCount, MonthNote, Photo, PhotoQuerySet
from photos.models.among import among

# The lists by date taken: each selects its photos among an owner's.
LISTS: Registry[Callable[[PhotoQuerySet], PhotoQuerySet]] = Registry("list with kept months")

QUEUE = MonthNote._meta.db_table
MOST_APART = 12  # stretches of months that are looked up; beyond, the whole list is counted
Months = set[int] | None  # yyyymm; None for all


def watches() -> list[Watch]:
    """What the counts depend on. A photo that no list shows, before or after a change, is no matter."""
    old, new = (
        f"SELECT {row}.owner_id, {row}.taken_month, {row}.stack_id WHERE {row}.displayable AND {row}.trashed_at IS NULL"
        for row in ("OLD", "NEW")
    )
    counted = "owner_id", "taken_month", "trashed_at", "archived", "displayable", "favourite", "kind", "stack_id"
    of_stack = "SELECT NEW.owner_id, CAST(NULL AS integer), NEW.id"
    return [
        Watch("photos_photo", "INSERT", new),
        Watch("photos_photo", "UPDATE", f"{old} UNION {new}", counted),
        Watch("photos_photo", "DELETE", old),
        Watch("photos_stack", "UPDATE", of_stack, ("cover_id",)),
    ]


TRIGGERS = Triggers("photos_month_", QUEUE, "owner_id, month, stack_id", watches)


def install(**signal: Any) -> None:
    """After migrations: make the triggers, and have everything counted that may have changed meanwhile."""
    with transaction.atomic():
        if TRIGGERS.install():
            MonthNote.objects.bulk_create(MonthNote(owner_id=pk) for pk in User.objects.values_list("pk", flat=True))


def catch_up() -> None:
    """Count all months in which something has changed."""
    for owner in MonthNote.objects.order_by().values_list("owner_id", flat=True).distinct():
        keep(owner)


def counts(owners: Iterable[int], listing: str) -> list[tuple[int, int]]:
    """Pairs of yyyymm and count of these owners' lists together, newest first."""
    total: Counter[int] = Counter()
    for owner in owners:
        total.update(counts_of(owner, listing))
    return sorted(total.items(), reverse=True)


def counts_of(owner: int, listing: str) -> dict[int, int]:
    """The counts of one owner's list, by yyyymm."""
    if MonthNote.objects.filter(owner_id=owner).exists():
        with suppress(OperationalError), hurried():
            keep(owner)
    notes = MonthNote.objects.filter(owner_id=owner).values_list("month", "stack_id").distinct()
    changed = months_of(owner, set(notes))
    kept = MonthCount.objects.filter(owner=owner, listing=listing).values_list("month", "count")
    if changed == set():
        return dict(kept)
    fresh = counted(owner, listing, changed)
    return fresh if changed is None else {month: count for month, count in kept if month not in changed} | fresh


@transaction.atomic
def keep(owner: int) -> None:
    """Count the owner's months in which something has changed, and keep that.

    The owner is locked first, so that no older count is written over a newer one. If others hold the owner, the
    months are left for later.
    """
    if not list(User.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=owner).values_list("pk")):
        if not User.objects.filter(pk=owner).exists():
            MonthNote.objects.filter(owner_id=owner).delete()
        return
    changed = months_of(owner, taken_notes(owner))
    if changed == set():
        return
    for listing in LISTS:
        before = MonthCount.objects.filter(owner=owner, listing=listing)
        found = counted(owner, listing, changed)
        (before if changed is None else before.filter(month__in=changed)).delete()
        MonthCount.objects.bulk_create(
            MonthCount(owner_id=owner, listing=listing, month=month, count=count) for month, count in found.items()
        )


def taken_notes(owner: int) -> set[tuple[int | None, int | None]]:
    """The months and stacks of an owner's notes, which are removed. What they note can be counted afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {QUEUE} WHERE owner_id = %s RETURNING month, stack_id", [owner])
        return set(cursor.fetchall())


def months_of(owner: int, notes: Collection[tuple[int | None, int | None]]) -> Months:
    """The months that notes name, and those of their stacks' photos, whose tile may have moved."""
    if (None, None) in notes:
        return None
    stacks = {stack for _, stack in notes if stack is not None}
    members = Photo.objects.filter(among(stacks, "stack"), owner=owner).order_by()
    return {month for month, _ in notes if month is not None} | set(members.values_list("taken_month", flat=True))


def counted(owner: int, listing: str, months: Months) -> dict[int, int]:
    """The number of tiles in each of these months, counted anew."""
    tiles = LISTS[listing](Photo.objects.filter(owner=owner)).as_tiles().order_by()
    if months is not None:
        tiles = tiles.filter(within(months))
    found = dict(tiles.values_list("taken_month").annotate(Count("pk")))
    return found if months is None else {month: count for month, count in found.items() if month in months}


def within(months: set[int]) -> Q:
    """Taken in stretches that hold these months. The lists' indexes are by time."""
    stretches: list[list[int]] = []
    for month in sorted(month // 100 * 12 + month % 100 - 1 for month in months):
        if stretches and month <= stretches[-1][1] + 1:
            stretches[-1][1] = month
        else:
            stretches.append([month, month])
    if len(stretches) > MOST_APART:
        stretches = [[stretches[0][0], stretches[-1][1]]]
    return reduce(or_, (Q(taken_local__gte=start(first)) & before(last + 1) for first, last in stretches))


def start(month: int) -> datetime:
    """The first moment of a month that is counted from the year 0."""
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)


def before(month: int) -> Q:
    """Taken before that month; there is none after the year 9999."""
    return Q(taken_local__lt=start(month)) if month < 12 * 10_000 else Q()
