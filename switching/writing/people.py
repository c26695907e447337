"""People and their faces: which deed follows from each face of the other program, and doing it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from accounts.models import User
from media.boxes import Box
from media.metadata.orientations import moved
from media.sentences import english
from media.text import name_key
from people import actions, records, regions
from people.grouping.constraints import batches
from people.models import Face, FaceRejection, Person, PersonSeparation, Question
from people.review import questions
from photos import pipeline
from photos.models import Photo
from switching.ledger import PERSON, Ledger
from switching.writing.meeting import meet
from switching.writing.wishes import FaceWish, PhotoWish, clean_name, token

GONE = 0  # instead of a person's id: the owner has deleted whom the program brought
CONFIRM, DRAW, SAME, CONFLICT, REFUSED, ASK, LEFT = "confirm", "draw", "same", "conflict", "refused", "ask", "left"


class Deed(NamedTuple):
    """What follows from one face of the other program."""

    what: str
    wish: FaceWish
    photo: int
    person: int
    face: int | None = None


# --- who is who -------------------------------------------------------------------------------------------------------


def resolve(ledger: Ledger, people: Mapping[str, str]) -> dict[str, int]:
    """Our people for theirs (key -> name). Whoever is new has a negative number, the same for the same name."""
    targets = ledger.targets(PERSON)
    brought = Person.objects.in_bulk([pk for key, pk in targets.items() if pk and key in people])
    found: dict[str, int] = {}
    new: dict[str, int] = {}
    for key, name in people.items():
        target = targets.get(key[:255])
        if target is not None:
            person = brought.get(target)
            found[key] = person.survivor().pk if person else GONE
        elif not name_key(clean_name(name)):
            found[key] = GONE
        elif known := regions.known_person(ledger.owner.pk, clean_name(name)):
            found[key] = known.pk
        else:
            found[key] = new.setdefault(name_key(clean_name(name)), -len(new) - 1)
    return found


def brought_people(ledger: Ledger, keys: Iterable[str]) -> dict[str, int]:
    """Our people for theirs, as far as the step before made or found them."""
    targets = ledger.targets(PERSON)
    wanted = {key: targets.get(key[:255]) or GONE for key in keys}
    people = Person.objects.in_bulk({pk for pk in wanted.values() if pk})
    return {key: people[pk].survivor().pk if pk in people else GONE for key, pk in wanted.items()}


def bring_people(ledger: Ledger, wishes: Sequence[dict[str, Any]], record: records.Record) -> list[str]:
    """Find or make these people. Returns the keys that are new in the ledger."""
    here = resolve(ledger, {wish["key"]: wish["name"] for wish in wishes})
    made: dict[int, Person] = {}
    noted = []
    known = ledger.targets(PERSON)
    for wish in wishes:
        number = here[wish["key"]]
        if number == GONE or wish["key"][:255] in known:
            continue
        if number < 0 and number not in made:
            made[number] = Person.objects.create(
                owner=ledger.owner, name=clean_name(wish["name"]), hidden=bool(wish["hidden"])
            )
            record.made(made[number])
        person = made[number] if number < 0 else Person.objects.get(pk=number)
        if wish["birthday"] and not person.birthday:
            record.touch_people([person])
            person.birthday = date.fromisoformat(wish["birthday"])
            person.save(update_fields=["birthday"])
        ledger.note(PERSON, wish["key"], person.pk)
        noted.append(wish["key"])
    return noted


# --- what to do -------------------------------------------------------------------------------------------------------


def plan(
    owner: User, wishes: Sequence[PhotoWish], people: Mapping[str, int], came: Mapping[int, set[str]]
) -> list[Deed]:
    """What follows from all faces of these photos."""
    ids = [wish["photo"] for wish in wishes if wish["faces"]]
    ours: dict[int, list[Face]] = defaultdict(list)
    for face in Face.objects.filter(photo__in=ids).order_by("pk").defer("vector", "landmarks"):
        ours[face.photo_id].append(face)
    rejected = set(FaceRejection.objects.filter(face__photo__in=ids).values_list("face_id", "person_id"))
    videos = set(Photo.objects.filter(pk__in=ids, kind=Photo.Kind.VIDEO).values_list("pk", flat=True))
    turns = dict(Photo.objects.filter(pk__in=ids).exclude(turn=1).values_list("pk", "turn"))
    deeds = []
    for wish in wishes:
        photo = wish["photo"]
        new = [face for face in wish["faces"] if token(face) not in came.get(photo, ())]
        if photo in turns:
            new = [turned(face, turns[photo]) for face in new]
        deeds += plan_photo(photo, new, ours[photo], people, rejected, video=photo in videos)
    return deeds


def turned(wish: FaceWish, turn: int) -> FaceWish:
    """The face where it lies in a picture that the owner has turned here. Programs tell boxes of the upright one."""
    x, y, width, height = wish["box"]
    (left, top), (right, bottom) = moved(turn, x, y), moved(turn, x + width, y + height)
    box = [min(left, right), min(top, bottom), abs(right - left), abs(bottom - top)]
    return {**wish, "box": box}


def plan_photo(
    photo: int,
    wishes: Sequence[FaceWish],
    ours: Sequence[Face],
    people: Mapping[str, int],
    rejected: set[tuple[int, int]],
    *,
    video: bool = False,
) -> list[Deed]:
    """What follows from the faces of one photo."""
    wishes = [wish for wish in wishes if people.get(wish["person"], GONE) != GONE]
    pairs = meet([box_of(wish) for wish in wishes], [face.box for face in ours])
    there = {face.person_id for face in ours if face.assignment == Face.Assignment.CONFIRMED}
    deeds = []
    for number, wish in enumerate(wishes):
        person = people[wish["person"]]
        face = ours[pairs[number]] if number in pairs else None
        if face is None:
            what = SAME if person in there else DRAW if wish["sure"] and not video else LEFT
            deeds.append(Deed(what, wish, photo, person))
        else:
            deeds.append(Deed(deed_for(face, person, wish, rejected), wish, photo, person, face.pk))
    return deeds


def deed_for(face: Face, person: int, wish: FaceWish, rejected: set[tuple[int, int]]) -> str:
    """What follows from a face that met one of ours. What the owner decided stays."""
    if face.not_a_face or (face.pk, person) in rejected:
        return REFUSED
    if face.assignment == Face.Assignment.CONFIRMED:
        return SAME if face.person_id == person else CONFLICT
    return CONFIRM if wish["sure"] else ASK


def box_of(wish: FaceWish) -> Box:
    x, y, width, height = wish["box"]
    return x, y, width, height


# --- doing it ---------------------------------------------------------------------------------------------------------


def do(owner: User, deeds: Sequence[Deed], record: records.Record) -> list[int]:
    """Do these deeds. Returns the questions that are new."""
    people = Person.objects.in_bulk({deed.person for deed in deeds})
    drawn = draw([deed for deed in deeds if deed.what == DRAW], record)
    placed: dict[int, list[Face]] = defaultdict(list)
    faces = Face.objects.in_bulk([deed.face for deed in deeds if deed.what == CONFIRM])
    for deed in deeds:
        if deed.what == CONFIRM and deed.face in faces:
            placed[deed.person].append(faces[deed.face])
    for person, its in placed.items():
        actions.place(its, people[person], record)
    covers = {deed.person: drawn.get(deed.wish["key"]) or deed.face for deed in deeds if deed.wish["cover"]}
    for person, face in covers.items():
        if face and people[person].cover_id is None and Face.objects.filter(pk=face, person=person).exists():
            record.touch_people([person])
            Person.objects.filter(pk=person).update(cover=face)
    touched = sorted({deed.photo for deed in deeds if deed.what in (CONFIRM, DRAW)})
    pipeline.demand("clusters", touched)
    pipeline.demand("faces", sorted({deed.photo for deed in deeds if deed.what == DRAW}))
    return ask(owner, deeds)


def draw(deeds: Sequence[Deed], record: records.Record) -> dict[str, int]:
    """Draw faces that nobody found here, as their people. Returns their ids by the program's keys."""
    rows = []
    for deed in deeds:
        x, y, width, height = box_of(deed.wish)
        rows.append(
            Face(
                photo_id=deed.photo, person_id=deed.person, assignment=Face.Assignment.CONFIRMED,
                source=Face.Source.DRAWN, score=1, x=x, y=y, width=width, height=height,
            )
        )  # fmt: skip
    for row in Face.objects.bulk_create(rows, batch_size=500):
        record.made(row)
    return {deed.wish["key"]: row.pk for deed, row in zip(deeds, rows, strict=True)}


def ask(owner: User, deeds: Sequence[Deed]) -> list[int]:
    """Ask about conflicts whether the two are one person, and about guesses whether the face is theirs."""
    confirmed = dict(
        Face.objects.filter(pk__in=[deed.face for deed in deeds if deed.what == CONFLICT]).values_list(
            "pk", "person_id"
        )
    )
    asked = []
    for deed in deeds:
        ours = confirmed.get(deed.face or 0)
        if deed.what == ASK and deed.face:
            asked.append(question(owner, deed.person, face_id=deed.face))
        elif deed.what == CONFLICT and ours and not is_settled(ours, deed.person):
            asked.append(question(owner, ours, other_id=deed.person))
    return [pk for pk in asked if pk]


def is_settled(one: int, other: int) -> bool:
    """Whether the owner said that these are two, or is asked already; or nobody could tell, as one has no face."""
    first, second = actions.ordered(one, other)
    return (
        PersonSeparation.objects.filter(first=first, second=second).exists()
        or Question.objects.filter(person=other, other=one).exists()
        or not Face.objects.filter(person=other).exists()
    )


def question(owner: User, person: int, **about: int) -> int | None:
    """Ask once. Returns the question if it is new."""
    fields = {"owner": owner, "similarity": 0, "chance": regions.EVEN, "from_file": True}
    value = questions.worth(regions.EVEN, 1)
    row, made = Question.objects.get_or_create(person_id=person, **about, defaults={**fields, "value": value})
    return row.pk if made else None


def names_of_faces(ids: Iterable[int]) -> dict[int, str]:
    """The names of the people of faces."""
    found: dict[int, str] = {}
    for some in batches(ids):
        rows = Face.objects.filter(pk__in=some, person__isnull=False).values_list("pk", "person__name")
        found.update((pk, name or english("somebody without a name")) for pk, name in rows)
    return found
