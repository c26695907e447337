"""What an action changed, kept in its Activity so that it can be undone. Undoing is such an action itself."""

import math
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import models, transaction

from accounts.models import Activity, User
from media.text import name_key
from people.grouping import constraints
from people.models import Face, FaceRejection, Person, PersonSeparation

FACE_FIELDS = (
    *("photo_id", "person_id", "assignment", "source", "not_a_face", "x", "y", "width", "height"),
    *("similarity", "frame_seconds"),
)
BOX = frozenset({"x", "y", "width", "height"})
PERSON_FIELDS = ("owner_id", "key", "name", "former_names", "birthday", "cover_id", "hidden", "merged_into_id")
UNDO = "people.undo"

State = dict[str, Any]
Pair = tuple[int, int]


class Pairs:
    """Rows that only join two others: whether they existed before an action, and exist now."""

    def __init__(self, model: type[models.Model], **ends: type[models.Model]) -> None:
        self.rows, self.ends = model._default_manager, list(ends.values())
        self.columns = [f"{name}_id" for name in ends]
        self.before: dict[Pair, bool] = {}

    def there(self, pairs: Iterable[Pair]) -> set[Pair]:
        """Those of these pairs that exist now."""
        wanted = set(pairs)
        found: set[Pair] = set()
        for some in constraints.batches({first for first, _ in wanted}):
            found.update(self.rows.filter(**{f"{self.columns[0]}__in": some}).values_list(*self.columns))
        return wanted & found

    def touch(self, pairs: Iterable[Pair]) -> None:
        """Note these pairs before they are added or deleted."""
        new = set(pairs) - self.before.keys()
        self.before.update(dict.fromkeys(new, False) | dict.fromkeys(self.there(new), True))

    def changes(self) -> list[list[Any]]:
        """Those that were added or deleted, and whether they existed before."""
        now = self.there(self.before)
        return [[*pair, was] for pair, was in self.before.items() if was != (pair in now)]

    def restore(self, changes: list[list[Any]]) -> None:
        """Make these as they were before, if the rows that they join still exist."""
        self.touch((first, second) for first, second, _ in changes)
        for *pair, was in changes:
            row = dict(zip(self.columns, pair, strict=True))
            if not was:
                self.rows.filter(**row).delete()
            elif all(end._default_manager.filter(pk=pk).exists() for end, pk in zip(self.ends, pair, strict=True)):
                self.rows.get_or_create(**row)


class Record:
    """Rows as they were before an action. What differs after it is the change, which is saved in `activity`."""

    activity: Activity

    def __init__(self) -> None:
        self.given_up = 0  # faces that no longer fit their person, and that nobody had decided about
        self.faces: dict[int, State | None] = {}
        self.people: dict[int, State | None] = {}
        self.rejections = Pairs(FaceRejection, face=Face, person=Person)
        self.separations = Pairs(PersonSeparation, first=Person, second=Person)  # the lower id stands first

    def touch_faces(self, faces: Iterable[Face | int]) -> None:
        """Note these faces before they are changed."""
        ids = {face if isinstance(face, int) else face.pk for face in faces} - self.faces.keys()
        self.faces.update(face_states(ids))

    def touch_people(self, people: Iterable[Person | int]) -> None:
        """Note these people before they are changed."""
        ids = {person if isinstance(person, int) else person.pk for person in people} - self.people.keys()
        self.people.update(person_states(ids))

    def made(self, row: Face | Person) -> None:
        """Note that this row is new."""
        rows: dict[int, State | None] = self.faces if isinstance(row, Face) else self.people
        rows.setdefault(row.pk, None)

    def change(self) -> State:
        """Before and after of everything that differs now, as JSON."""
        return {
            "faces": differences(self.faces, face_states(self.faces)),
            "people": differences(self.people, person_states(self.people)),
            "rejections": self.rejections.changes(),
            "separations": self.separations.changes(),
        }


@contextmanager
def recording(verb: str, owner: User, by: User, target: Person | Face | None = None, **detail: Any) -> Iterator[Record]:
    """Run an action in one transaction and record it: what it changed, for undo, and `detail`, for the history.

    Afterwards the record has its `activity`. Locks the owner's faces and people against other actions.
    """
    with transaction.atomic():
        constraints.lock(owner.pk)
        record = Record()
        yield record
        settle(record)
        record.activity = Activity.objects.create(
            owner=owner,
            actor=by,
            verb=verb,
            target_type=type(target).__name__.lower() if target else "",
            target_id=target.pk if target else None,
            detail={**detail, "change": record.change(), **({"given_up": record.given_up} if record.given_up else {})},
        )


def settle(record: Record) -> None:
    """Remove faces that can no longer be with these people. A confirmed face is never removed."""
    people = concerned(record)
    for some in constraints.batches(record.faces):
        people.update(Face.objects.filter(pk__in=some, person__isnull=False).values_list("person_id", flat=True))
    for some in constraints.batches(people):
        broken = constraints.impossible(some)
        record.touch_faces(broken)
        record.given_up += len(broken)
        constraints.leave(Face.objects.all(), broken)


def concerned(record: Record) -> set[int]:
    """The people whose rows an action touched, or about whom less is decided than before."""
    left = {state["person_id"] for state in record.faces.values() if state is not None and state["person_id"]}
    rejected = {person for _, person in record.rejections.before}
    separated = {person for pair in record.separations.before for person in pair}
    return {*record.people, *left, *rejected, *separated}


# --- states -----------------------------------------------------------------------------------------------------------


def face_states(ids: Collection[int]) -> dict[int, State | None]:
    """The columns of these faces that an action may change; None for faces that do not exist."""
    return dict.fromkeys(ids) | {row.pop("id"): row for row in _rows(Face.objects, ids, FACE_FIELDS)}


def person_states(ids: Collection[int]) -> dict[int, State | None]:
    """The columns of these people that an action may change; None for people who do not exist."""
    states: dict[int, State | None] = dict.fromkeys(ids)
    for row in _rows(Person.objects, ids, PERSON_FIELDS):
        row["birthday"] = row["birthday"].isoformat() if row["birthday"] else None
        states[row.pop("id")] = row
    return states


def _rows(objects: Any, ids: Iterable[int], fields: tuple[str, ...]) -> Iterator[State]:
    for some in constraints.batches(ids):
        yield from objects.filter(pk__in=some).values("id", *fields)


def differences(before: dict[int, State | None], after: dict[int, State | None]) -> dict[str, list[State | None]]:
    """For each changed row, by id: the columns that differ, before and after; all if it was added or deleted."""
    changes: dict[str, list[State | None]] = {}
    for key, old in before.items():
        new = after[key]
        if old is None or new is None:
            if old != new:
                changes[str(key)] = [old, new]
            continue
        names = [name for name in old if old[name] != new[name]]
        if names:
            changes[str(key)] = [{name: old[name] for name in names}, {name: new[name] for name in names}]
    return changes


# --- undo -------------------------------------------------------------------------------------------------------------


def revert(activity: Activity, by: User) -> None:
    """Undo an action, except for what was decided otherwise since.

    An undo is an activity too, so that it can be undone.
    """
    change = activity.detail["change"]
    with recording(UNDO, activity.owner, by, of=activity.pk, undoes=activity.verb) as record:
        restore(change, record)
        if activity.verb == UNDO:
            Activity.objects.filter(pk=activity.detail["of"]).update(undone_at=None)


def restore(change: State, record: Record) -> None:
    """Undo what a record's `change` says, where nobody decided otherwise since."""
    restore_people(change["people"], record)
    restore_faces(change["faces"], record)
    record.rejections.restore(change["rejections"])
    record.separations.restore(change["separations"])
    remove_made(change["people"])


def restore_people(changes: dict[str, list[State | None]], record: Record) -> None:
    """Restore names, merges and the like, unless somebody changed them again."""
    ids = [int(key) for key in changes]
    record.touch_people(ids)
    states = person_states(ids)
    # A name is free only after its bearer has lost it: those that lose theirs, or are merged away, come first.
    for key, (old, new) in sorted(changes.items(), key=lambda item: _takes_name(item[1][0])):
        now = states[int(key)]
        if old is None:
            continue  # whom the action made is deleted at the end, when nothing belongs to them any more
        if now is None:
            if new is None:
                Person.objects.create(pk=int(key), **_as_person(_with_free_name(int(key), old, {})))
        elif new is not None:
            values = {name: value for name, value in old.items() if now[name] == new[name]}
            Person.objects.filter(pk=int(key)).update(**_as_person(_with_free_name(int(key), values, now)))


def _with_free_name(person_id: int, values: State, now: State) -> State:
    """The values, with a name that nobody else has: theirs, or else that of `now`, or else none."""
    after = {**now, **values}
    if after["merged_into_id"] is not None or not _name_taken(after["owner_id"], after["name"], person_id):
        return values
    kept = now.get("name", "")
    return {**values, "name": "" if _name_taken(after["owner_id"], kept, person_id) else kept}


def _takes_name(old: State | None) -> bool:
    return old is not None and (bool(old.get("name")) or ("merged_into_id" in old and old["merged_into_id"] is None))


def _name_taken(owner_id: int, name: str, but: int) -> bool:
    return Person.objects.filter(owner_id=owner_id).called(name).exclude(pk=but).exists()


def _as_person(values: State) -> State:
    folded = {"folded_name": name_key(values["name"])} if "name" in values else {}
    birthday = values.get("birthday")
    return {**values, **folded, **({"birthday": date.fromisoformat(birthday)} if birthday else {})}


def restore_faces(changes: dict[str, list[State | None]], record: Record) -> None:
    """Restore the people of faces, unless somebody decided otherwise since. Drawn faces are deleted."""
    ids = [int(key) for key in changes]
    record.touch_faces(ids)
    states = face_states(ids)
    people = set(Person.objects.filter(merged_into=None).values_list("pk", flat=True)) if ids else set()
    for key, (old, new) in changes.items():
        now = states[int(key)]
        if now is None:
            if old is not None and new is None:
                Face.objects.create(pk=int(key), **old)
        elif old is None:
            if not (_is_decided(now) and changed_since(now, new)):
                Face.objects.filter(pk=int(key)).delete()
        elif new is not None:
            _restore_face(int(key), old, new, now, people)


def changed_since(now: State, new: State | None) -> set[str]:
    """The fields that differ. A box that was turned and turned back is where it was, but for the last digits."""
    return {
        name
        for name, value in (new or {}).items()
        if now[name] != value and not (name in BOX and math.isclose(now[name], value, abs_tol=1e-6))
    }


def _restore_face(face_id: int, old: State, new: State, now: State, people: set[int]) -> None:
    changed = changed_since(now, new)
    decided = _is_decided(now)
    placed = {"person_id", "assignment", "similarity", "not_a_face"}
    values = {name: value for name, value in old.items() if name not in changed}
    if changed & placed:  # moved since: by grouping, which does not count, or by somebody, which does
        stays = decided or "person_id" not in old  # the action does not say whose it was before
        values = {name: value for name, value in old.items() if name not in placed or not stays}
    if values.get("person_id", now["person_id"]) not in {None, *people}:
        values |= {"person_id": None, "assignment": Face.Assignment.NONE, "similarity": None}
    Face.objects.filter(pk=face_id).update(**values)


def _is_decided(face: State) -> bool:
    return face["assignment"] == Face.Assignment.CONFIRMED or face["not_a_face"]


def remove_made(changes: dict[str, list[State | None]]) -> None:
    """Delete the people that the action made, unless somebody has used them since."""
    for key, (old, new) in changes.items():
        if old is None and new is not None:
            alone = Person.objects.filter(pk=int(key), faces=None, merged_from=None)
            if alone.exists() and person_states([int(key)])[int(key)] == new:
                alone.delete()
