"""Which photos a person is in, in the order of time: a person may be in a hundred thousand, of which a page shows some.

Triggers keep the rows right at once, whatever changes faces and photos. A photo in the trash, or one that cannot be
shown, has none.
"""

from typing import Any

from django.db import connection, transaction

from mirage.triggers import Triggers, Watch
from people.models import Appearance

TABLE = Appearance._meta.db_table
COLUMNS = "person_id, photo_id, taken_local, taken_month, stack_id"
ADD = (
    f"INSERT INTO {TABLE} ({COLUMNS}) SELECT DISTINCT face.person_id, photo.id, photo.taken_local, photo.taken_month, "
    "photo.stack_id FROM people_face face JOIN photos_photo photo ON photo.id = face.photo_id "
    "WHERE face.person_id IS NOT NULL AND NOT face.not_a_face AND photo.displayable AND photo.trashed_at IS NULL"
)
ONCE = "ON CONFLICT (person_id, photo_id) DO NOTHING"
WITHOUT_FACE = (
    "NOT EXISTS (SELECT 1 FROM people_face face WHERE face.photo_id = {photo} AND face.person_id = {person} "
    "AND NOT face.not_a_face)"
)

NOT_AS_PHOTO = (
    f"EXISTS (SELECT 1 FROM photos_photo photo WHERE photo.id = {TABLE}.photo_id AND (photo.trashed_at IS NOT NULL "
    "OR NOT photo.displayable OR (photo.taken_local, photo.taken_month, photo.stack_id) IS DISTINCT FROM "
    f"({TABLE}.taken_local, {TABLE}.taken_month, {TABLE}.stack_id)))"
)
MISSING = f"NOT EXISTS (SELECT 1 FROM {TABLE} has WHERE has.person_id = face.person_id AND has.photo_id = photo.id)"


def watches() -> list[Watch]:
    """What these rows depend on."""
    of_face = f"{ADD} AND face.id = NEW.id {ONCE}"
    old = {"photo": "OLD.photo_id", "person": "OLD.person_id"}
    gone = f"DELETE FROM {TABLE} WHERE photo_id = OLD.photo_id AND person_id = OLD.person_id AND " + (
        WITHOUT_FACE.format(**old)
    )
    of_photo = f"{ADD} AND photo.id = NEW.id {ONCE}"
    anew = f"DELETE FROM {TABLE} WHERE photo_id = NEW.id"
    told = "taken_local", "taken_month", "stack_id", "trashed_at", "displayable"
    return [
        Watch("people_face", "INSERT", "", does=(of_face,)),
        Watch("people_face", "UPDATE", "", ("person_id", "photo_id", "not_a_face"), (gone, of_face)),
        Watch("people_face", "DELETE", "", does=(gone,)),
        Watch("photos_photo", "INSERT", "", does=(of_photo,)),  # rows may come in any order while they are copied
        Watch("photos_photo", "UPDATE", "", told, (anew, of_photo)),
    ]


TRIGGERS = Triggers("people_appear_", TABLE, COLUMNS, watches)


def install(**signal: Any) -> None:
    """After migrations: make the triggers, and the rows if any may be wrong."""
    with transaction.atomic():
        if TRIGGERS.install():
            make_anew()


def make_anew() -> None:
    """Make all rows from faces and photos."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")
        cursor.execute(ADD)


def mend() -> None:
    """Put right what two changes at the same moment have left wrong, which SQLite does not let happen."""
    if connection.vendor == "sqlite":
        return
    of_row = {"photo": f"{TABLE}.photo_id", "person": f"{TABLE}.person_id"}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE {WITHOUT_FACE.format(**of_row)} OR {NOT_AS_PHOTO}")
        cursor.execute(f"{ADD} AND {MISSING} {ONCE}")
