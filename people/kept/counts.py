"""How many photos each person is in, and with how many faces, kept with the person.

Counting them anew takes a second with a million photos.

Triggers note who has to be counted again (mirage/triggers.py). Whoever asks for the counts first has these counted,
and a chore counts those who are left.
"""

from collections.abc import Collection
from contextlib import suppress
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

from mirage.patience import hurried
from mirage.triggers import Triggers, Watch
from people.models import Face, Person, Recount

QUEUE = Recount._meta.db_table
PRESENT = "person_id IS NOT NULL"
AT_ONCE = 2_000  # notes for one transaction: as long as it takes, SQLite lets nobody else write


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


def catch_up() -> None:
    """Count the photos of everybody whose faces or photos have changed."""
    while Recount.objects.exists() and count_some():
        pass


def look_up() -> None:
    """For a page: count those who have waited longest, unless others write just now. Then it shows the last counts."""
    if Recount.objects.exists():
        with suppress(OperationalError), hurried():
            count_some()


def of_one(person: Person) -> tuple[int, int]:
    """The photos and faces of one person, for their page: counted now if others hold the person or many wait."""
    look_up()
    waits = Exists(Recount.objects.filter(person_id=OuterRef("pk")))
    row = Person.objects.filter(pk=person.pk).values_list("photos_kept", "faces_kept", waits).first()
    photos, faces, is_old = row or (0, 0, False)  # somebody else may just have removed the person
    if is_old:
        seen = faces_in([person])
        return seen.values("photo").distinct().count(), seen.count()
    return photos, faces


@transaction.atomic
def count_some() -> int:
    """Count the photos of some who have waited longest. Returns how many no longer wait.

    They are locked before they are counted, so that no older count is written over a newer one. Those whom
    others hold are left for later: each might wait for the other.
    """
    waiting = set(Recount.objects.order_by("pk").values_list("person_id", flat=True)[:AT_ONCE])
    free = Person.objects.select_for_update(no_key=True, skip_locked=True).filter(pk__in=waiting)
    people = list(free.order_by("pk").only("photos_kept", "faces_kept"))
    others = waiting.difference(person.pk for person in people)
    waiting -= set(Person.objects.filter(pk__in=others).values_list("pk", flat=True))  # held; the rest were deleted
    Recount.objects.filter(person_id__in=waiting).delete()
    count(people)
    return len(waiting)


def faces_in(people: Collection[Person]) -> QuerySet[Face]:
    """The faces of these people that count."""
    return Face.objects.filter(person__in=people, not_a_face=False, photo__trashed_at=None).order_by()


def count(people: Collection[Person]) -> None:
    """Count the photos of these people, who are locked, and keep what has changed."""
    rows = faces_in(people).values_list("person").annotate(Count("photo", distinct=True), Count("pk"))
    found = {person: (photos, faces) for person, photos, faces in rows}
    changed = []
    for person in people:
        now = found.get(person.pk, (0, 0))
        if (person.photos_kept, person.faces_kept) != now:
            person.photos_kept, person.faces_kept = now
            changed.append(person)
    Person.objects.bulk_update(changed, ["photos_kept", "faces_kept"], batch_size=500)
