"""How many photos each person is in, kept with the person: counting them anew takes a second with a million photos.

Triggers note who has to be counted again (mirage/triggers.py). Whoever asks for the counts first has these counted,
and a chore counts those who are left.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Count

from mirage.triggers import Triggers, Watch
from people.models import Face, Person, Recount

QUEUE = Recount._meta.db_table
PRESENT = "person_id IS NOT NULL"
AT_ONCE = 2_000  # notes for one transaction: as long as it takes, SQLite lets nobody else write
PATIENCE_MS = 200  # of a page, while others write into SQLite


def watches() -> list[Watch]:
    """What the counts depend on."""
    old, new = (f"SELECT {row}.person_id WHERE {row}.{PRESENT}" for row in ("OLD", "NEW"))
    of_photo = f"SELECT person_id FROM people_face WHERE photo_id = NEW.id AND {PRESENT}"
    return [
        Watch("people_face", "INSERT", new),
        Watch("people_face", "UPDATE", f"{old} UNION {new}", ("person_id", "photo_id", "not_a_face")),
        Watch("people_face", "DELETE", old),
        Watch("photos_photo", "UPDATE", of_photo, ("trashed_at",)),
    ]


TRIGGERS = Triggers("people_count_", QUEUE, "person_id", watches)


def install(**signal: Any) -> None:
    """After migrations: make the triggers, and have everybody counted who may have changed meanwhile."""
    with transaction.atomic():
        if TRIGGERS.install():
            with connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {QUEUE} (person_id) SELECT id FROM people_person")


def prepare_migrations(plan: list[Any], **signal: Any) -> None:
    """Before migrations: drop the triggers, which would prevent SQLite from changing tables."""
    if plan:
        TRIGGERS.remove()


def catch_up() -> None:
    """Count the photos of everybody whose faces or photos have changed."""
    while Recount.objects.exists() and count_some():
        pass


def look_up() -> None:
    """For a page: count those who have waited longest, unless others write just now. Then it shows the last counts."""
    if Recount.objects.exists():
        with suppress(OperationalError), hurried():
            count_some()


@contextmanager
def hurried() -> Iterator[None]:
    """SQLite waits only a moment for others who write. In PostgreSQL nothing here waits for them."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    database = connection.connection  # itself, so that no time limit hinders it
    (before,) = database.execute("PRAGMA busy_timeout").fetchone()
    database.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
    try:
        yield
    finally:
        database.execute(f"PRAGMA busy_timeout = {before}")


@transaction.atomic
def count_some() -> int:
    """Count the photos of some who have waited longest. Returns how many no longer wait.

    They are locked before they are counted, so that no older count is written over a newer one. Those whom
    others hold are left for later: each might wait for the other.
    """
    waiting = set(Recount.objects.order_by("pk").values_list("person_id", flat=True)[:AT_ONCE])
    free = Person.objects.select_for_update(no_key=True, skip_locked=True).filter(pk__in=waiting)
    people = list(free.order_by("pk").only("photos_kept"))
    others = waiting.difference(person.pk for person in people)
    waiting -= set(Person.objects.filter(pk__in=others).values_list("pk", flat=True))  # held; the rest were deleted
    Recount.objects.filter(person_id__in=waiting).delete()
    count(people)
    return len(waiting)


def count(people: Collection[Person]) -> None:
    """Count the photos of these people, who are locked, and keep what has changed."""
    seen = Face.objects.filter(person__in=people, not_a_face=False, photo__trashed_at=None).order_by()
    found = dict(seen.values_list("person").annotate(Count("photo", distinct=True)))
    changed = []
    for person in people:
        if person.photos_kept != found.get(person.pk, 0):
            person.photos_kept = found.get(person.pk, 0)
            changed.append(person)
    Person.objects.bulk_update(changed, ["photos_kept"], batch_size=500)
