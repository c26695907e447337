"""How many photos each person is in, kept with the person: counting them anew takes a second with a million photos.

Triggers note who has to be counted again (mirage/triggers.py). Whoever asks for the counts first has these counted.
"""

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from mirage.triggers import Triggers, Watch
from people.grouping.constraints import batches
from people.models import Face, Person, Recount

QUEUE = Recount._meta.db_table
PRESENT = "person_id IS NOT NULL"


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
    if not Recount.objects.exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {QUEUE} RETURNING person_id")
        for some in batches({person_id for (person_id,) in cursor.fetchall()}):
            count(some)


def count(person_ids: Collection[int]) -> None:
    """Count the photos of these people, and keep what has changed."""
    seen = Face.objects.filter(person__in=person_ids, not_a_face=False, photo__trashed_at=None).order_by()
    found = dict(seen.values_list("person").annotate(Count("photo", distinct=True)))
    changed = []
    for person in Person.objects.filter(pk__in=person_ids).only("photos_kept"):
        if person.photos_kept != found.get(person.pk, 0):
            person.photos_kept = found.get(person.pk, 0)
            changed.append(person)
    Person.objects.bulk_update(changed, ["photos_kept"], batch_size=500)
