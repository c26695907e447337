"""What an owner does with people and faces. Every action is one transaction and one Activity, and can be undone.

A later decision overrides an earlier one. Callers make sure that `by` may change these people and faces
(people/access.py), and that all of them belong to one owner. Undo: people/records.py.
"""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Activity, User
from media.boxes import Box
from media.text import clean_line, name_key
from mirage.refusals import NotPossible
from people.grouping.constraints import batches, leave
from people.models import LONGEST_NAME, Face, FaceRejection, Person, PersonSeparation
from people.records import Record, recording
from photos import pipeline
from photos.models import Photo


class NameTaken(NotPossible):
    """Another person of the owner, `person`, has this name already. Merging the two is another action."""

    def __init__(self, person: Person) -> None:
        super().__init__(_("%(name)s already exists.") % {"name": person.name})
        self.person = person


# --- people -----------------------------------------------------------------------------------------------------------


def name_person(person: Person, name: str, by: User, faces: Sequence[Face] = ()) -> Activity:
    """Name a person or a group; "" removes the name. A named person is not hidden. Raises NameTaken.

    `faces` are the faces that the name was given to; they are confirmed. Files may still use the former name.
    """
    name = clean_name(name)
    check_name(person.owner, name, person)
    with recording("people.name", person.owner, by, person, name=name, was=person.name) as record:
        record.touch_people([person])
        person.rename(name)
        person.hidden = person.hidden and not name
        person.save(update_fields=["name", "former_names", "hidden"])
        place(faces, person, record)
    return record.activity


def check_name(owner: User, name: str, but: Person | None = None) -> None:
    """Raise NameTaken if another person of this owner has the name."""
    if other := called(owner, name, but):
        raise NameTaken(other)


def called(owner: User, name: str, but: Person | None = None) -> Person | None:
    """The owner's person with this name."""
    people = Person.objects.filter(owner=owner).called(name)
    return (people.exclude(pk=but.pk) if but else people).first()


def clean_name(name: str) -> str:
    """The name without stray spaces, or "" for none. Raises NotPossible if it has no visible characters."""
    name = clean_line(name)[:LONGEST_NAME].strip()
    if name and not name_key(name):
        raise NotPossible(_("This name has no visible characters."))
    return name


def merge(target: Person, others: Sequence[Person], by: User, faces: Sequence[Face] = ()) -> Activity:
    """Merge the others into `target`, who takes a name and a birthday from them if it has none.

    If they are in a photo together, the person is in it twice. `faces` are the faces that the merge was about; they are
    confirmed.
    """
    others = [other for other in others if other.pk != target.pk]
    if not others or any(person.merged_into_id for person in (target, *others)):
        raise NotPossible(_("One of them was merged already.") if others else _("There is nobody to merge with."))
    names = [person.name for person in (target, *others)]
    with recording("people.merge", target.owner, by, target, names=names) as record:
        record.touch_people([target, *others])
        carry_constraints(target, others, record)
        for other in others:
            ids = list(Face.objects.filter(person=other).values_list("pk", flat=True))
            record.touch_faces(ids)
            Face.objects.filter(person=other).update(person=target)
            other.merged_into = target
            other.save(update_fields=["merged_into"])
        inherit(target, others)
        place(faces, target, record)
    return record.activity


def carry_constraints(target: Person, others: Sequence[Person], record: Record) -> None:
    """The target is nobody that one of the others was known not to be. What kept the merged people apart is dropped."""
    ids = [other.pk for other in others]
    joined = {target.pk, *ids}
    own = Face.objects.filter(person__in=joined, assignment=Face.Assignment.CONFIRMED)
    confirmed = set(own.values_list("pk", flat=True))
    rejections = list(FaceRejection.objects.filter(person__in=joined).values_list("face_id", "person_id"))
    record.rejections.touch(pair for face, person in rejections for pair in ((face, person), (face, target.pk)))
    FaceRejection.objects.filter(person=target, face__in=[face for face, _ in rejections if face in confirmed]).delete()
    FaceRejection.objects.bulk_create(
        [FaceRejection(face_id=face, person=target) for face, _ in rejections if face not in confirmed],
        ignore_conflicts=True,
    )
    separations = PersonSeparation.objects.filter(Q(first__in=ids) | Q(second__in=ids))
    pairs = list(separations.values_list("first_id", "second_id"))
    strangers = {person for pair in pairs for person in pair if person not in joined}
    record.separations.touch([*pairs, *(ordered(target.pk, stranger) for stranger in strangers)])
    separations.filter(first__in=joined, second__in=joined).delete()
    for first, second in (ordered(target.pk, stranger) for stranger in strangers):
        PersonSeparation.objects.get_or_create(first_id=first, second_id=second)


def inherit(target: Person, others: Sequence[Person]) -> None:
    """Fill in what the target does not have from the first of the others that has it."""
    target.name = target.name or next((other.name for other in others if other.name), "")
    target.birthday = target.birthday or next((other.birthday for other in others if other.birthday), None)
    target.cover = target.cover or next((other.cover for other in others if other.cover), None)
    target.hidden = target.hidden and all(other.hidden for other in others)
    target.save(update_fields=["name", "birthday", "cover", "hidden"])


def separate(person: Person, other: Person, by: User) -> Activity:
    """Record that these are two different people."""
    if person.pk == other.pk:
        raise NotPossible(_("This is one person. To separate some faces, split them off."))
    pair = ordered(person.pk, other.pk)
    with recording("people.separate", person.owner, by, person, names=[person.name, other.name]) as record:
        record.separations.touch([pair])
        PersonSeparation.objects.get_or_create(first_id=pair[0], second_id=pair[1])
    return record.activity


def photos_together(people: Sequence[Person]) -> int:
    """In how many photos there is more than one of these people."""
    faces = Face.objects.filter(person__in=people, not_a_face=False, photo__trashed_at=None).order_by()
    counted = faces.values("photo").annotate(people=Count("person", distinct=True))
    return counted.filter(people__gt=1).count()


def split(person: Person, faces: Sequence[Face], by: User, name: str = "", rest: Sequence[Face] = ()) -> Activity:
    """Give these faces of the person to somebody else: to the person with this name, or to a new one.

    `rest` go with them to the new one, as far as nobody confirmed them; they are not confirmed.
    """
    name = clean_name(name)
    if known := called(person.owner, name):
        return move_faces(faces, known, by)
    automatic = Face.objects.filter(person=person, assignment=Face.Assignment.AUTOMATIC)
    ids = [face.pk for face in rest]
    rest = [face for some in batches(ids) for face in automatic.filter(pk__in=some)]
    count = len(faces) + len(rest)
    with recording("people.split", person.owner, by, person, count=count, name=name) as record:
        new = Person.objects.create(owner=person.owner, name=name)
        record.made(new)
        place(faces, new, record)
        record.touch_faces(rest)
        for some in batches(face.pk for face in rest):
            automatic.filter(pk__in=some).update(person=new)
        pair = ordered(person.pk, new.pk)
        record.separations.touch([pair])
        PersonSeparation.objects.create(first_id=pair[0], second_id=pair[1])
    return record.activity


def hide(people: Sequence[Person], by: User, *, hidden: bool = True) -> Activity:
    """Hide people from the list of people, or show them again. All have one owner."""
    if not people:
        raise NotPossible(_("Choose somebody."))
    with recording("people.hide" if hidden else "people.show", people[0].owner, by, count=len(people)) as record:
        record.touch_people(people)
        for some in batches(person.pk for person in people):
            Person.objects.filter(pk__in=some).update(hidden=hidden)
    return record.activity


def set_birthday(person: Person, birthday: date | None, by: User) -> Activity:
    """Set the birthday: earlier photos lose the person, unless confirmed. Raises NotPossible for a date to come."""
    if birthday and birthday > timezone.localdate():
        raise NotPossible(_("A birthday cannot be in the future."))
    with recording("people.birthday", person.owner, by, person) as record:
        record.touch_people([person])
        person.birthday = birthday
        person.save(update_fields=["birthday"])
    return record.activity


def set_cover(person: Person, face: Face, by: User) -> Activity:
    """Choose the face that stands for the person."""
    if face.person_id != person.pk:
        raise NotPossible(_("This face belongs to somebody else."))
    with recording("people.cover", person.owner, by, person) as record:
        record.touch_people([person])
        person.cover = face
        person.save(update_fields=["cover"])
    return record.activity


# --- faces ------------------------------------------------------------------------------------------------------------


def confirm(faces: Sequence[Face], person: Person, by: User) -> Activity:
    """Confirm that these faces are this person."""
    require(faces)
    with recording("people.confirm", person.owner, by, person, count=len(faces), name=person.name) as record:
        place(faces, person, record)
    return record.activity


def name_faces(faces: Sequence[Face], name: str, by: User) -> Activity:
    """Give these faces to the person with this name, who is made if there is none."""
    name = clean_name(name)
    require(faces)
    if not name:
        raise NotPossible(_("Enter a name."))
    owner = faces[0].photo.owner
    if known := called(owner, name):
        return move_faces(faces, known, by)
    with recording("people.confirm", owner, by, faces[0], count=len(faces), name=name) as record:
        person = Person.objects.create(owner=owner, name=name)
        record.made(person)
        place(faces, person, record)
    return record.activity


def reject(faces: Sequence[Face], person: Person, by: User) -> Activity:
    """Record that these faces are not this person."""
    require(faces)
    with recording("people.reject", person.owner, by, person, count=len(faces), name=person.name) as record:
        record.touch_faces(faces)
        refuse([(face.pk, person.pk) for face in faces], record)
        leave(Face.objects.filter(person=person), (face.pk for face in faces))
    return record.activity


def move_faces(faces: Sequence[Face], person: Person | None, by: User) -> Activity:
    """Move these faces from the people they have to this person; None: only remove them."""
    require(faces)
    name = person.name if person else ""
    owner = person.owner if person else faces[0].photo.owner
    with recording("people.move", owner, by, person, count=len(faces), name=name) as record:
        left = Face.objects.filter(person__isnull=False).exclude(person=person)
        ids = [face.pk for face in faces]
        pairs = [pair for some in batches(ids) for pair in left.filter(pk__in=some).values_list("pk", "person_id")]
        refuse(pairs, record)
        if person is not None:
            place(faces, person, record)
        else:
            record.touch_faces(faces)
            leave(Face.objects.all(), ids)
    return record.activity


def mark_not_a_face(faces: Sequence[Face], by: User) -> Activity:
    """Record that these are no faces: nobody's, and not asked about again, whatever a later scan finds there."""
    require(faces)
    with recording("people.not_a_face", faces[0].photo.owner, by, faces[0], count=len(faces)) as record:
        record.touch_faces(faces)
        leave(Face.objects.all(), (face.pk for face in faces), not_a_face=True)
    return record.activity


def draw(photo: Photo, box: Box, by: User, person: Person | None = None) -> Activity:
    """Add a face by its box, in fractions of the upright picture. A worker computes its vector later."""
    box = inside(box)
    with recording("people.draw", photo.owner, by, name=person.name if person else "") as record:
        face = Face.objects.create(
            photo=photo, source=Face.Source.DRAWN, score=1, x=box[0], y=box[1], width=box[2], height=box[3]
        )
        record.made(face)
        if person is not None:
            place([face], person, record)
        describe_again(photo)
    activity = record.activity
    activity.target_type, activity.target_id = "face", face.pk
    activity.save(update_fields=["target_type", "target_id"])
    return activity


def move_box(face: Face, box: Box, by: User) -> Activity:
    """Move the box of a face, which stays with its person."""
    box = inside(box)
    with recording("people.move_box", face.photo.owner, by, face) as record:
        record.touch_faces([face])
        face.x, face.y, face.width, face.height = box
        face.source, face.model, face.vector, face.landmarks = Face.Source.DRAWN, "", b"", []
        face.save(update_fields=["x", "y", "width", "height", "source", "model", "vector", "landmarks"])
        describe_again(face.photo)
    return record.activity


# --- shared -----------------------------------------------------------------------------------------------------------


def require(faces: Sequence[Face]) -> None:
    """Raises NotPossible if no face is chosen."""
    if not faces:
        raise NotPossible(_("Choose a face."))


def place(faces: Sequence[Face], person: Person, record: Record) -> None:
    """Confirm these faces as the person, whatever was decided before."""
    ids = [face.pk for face in faces]
    record.touch_faces(ids)
    record.rejections.touch((face, person.pk) for face in ids)
    for some in batches(ids):
        FaceRejection.objects.filter(face__in=some, person=person).delete()
        Face.objects.filter(pk__in=some).update(
            person=person, assignment=Face.Assignment.CONFIRMED, similarity=None, not_a_face=False
        )


def refuse(pairs: Sequence[tuple[int, int]], record: Record) -> None:
    """Record that these faces are not these people."""
    record.rejections.touch(pairs)
    rows = [FaceRejection(face_id=face, person_id=person) for face, person in pairs]
    FaceRejection.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def describe_again(photo: Photo) -> None:
    """Queue the stage `faces`, which computes the vectors that are missing."""
    pipeline.demand("faces", [photo.pk])


def inside(box: Box) -> Box:
    """The part of the box that is inside the picture. Raises NotPossible if there is none."""
    x, y, width, height = box
    left, top, right, bottom = max(x, 0.0), max(y, 0.0), min(x + width, 1.0), min(y + height, 1.0)
    if not (right - left > 0 and bottom - top > 0):
        raise NotPossible(_("The box is outside the picture."))
    return left, top, right - left, bottom - top


def ordered(person: int, other: int) -> tuple[int, int]:
    return (person, other) if person < other else (other, person)
