"""What must always be true of faces and people, because their owner decided it or because anything else is impossible.

- A confirmed face stays with its person; a rejected face is never with that person.
- Grouping never gives two faces in one photo to one person. Owners may: there are mirrors, collages and posters.
- Nobody is in a photo from before their birthday, unless confirmed there.
- A box that is not a face has no person; a person who was merged into another has no faces.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from people.models import Face, FaceRejection, Person, PersonSeparation

IDS_AT_ONCE = 5_000  # below SQLite's 32,766 variables of a query
NOBODY = {"person": None, "assignment": Face.Assignment.NONE, "similarity": None}


def lock(owner_id: int) -> None:
    """Block other actions on this owner's people until the transaction ends."""
    User.objects.select_for_update(no_key=True).get(pk=owner_id)


def batches(ids: Iterable[int]) -> Iterator[list[int]]:
    """The ids in batches that fit into one query."""
    remaining = iter(ids)
    while batch := list(islice(remaining, IDS_AT_ONCE)):
        yield batch


def leave(faces: QuerySet[Face], ids: Iterable[int], **columns: Any) -> None:
    """Remove those of the faces with these ids from their people. `columns` are set as well."""
    for some in batches(ids):
        faces.filter(pk__in=some).update(**NOBODY, **columns)


def decided_people() -> Q:
    """People about whom the owner decided something: grouping never dissolves them and never joins two of them."""
    separated = PersonSeparation.objects.filter(Q(first=OuterRef("pk")) | Q(second=OuterRef("pk")))
    return (
        ~Q(name="")
        | Q(hidden=True)
        | Q(birthday__isnull=False)
        | Q(cover__isnull=False)
        | Exists(Person.objects.filter(merged_into=OuterRef("pk")))
        | Exists(Face.objects.filter(person=OuterRef("pk"), assignment=Face.Assignment.CONFIRMED))
        | Exists(FaceRejection.objects.filter(person=OuterRef("pk")))
        | Exists(separated)
    )


# --- violations -------------------------------------------------------------------------------------------------------


def impossible(people: list[int]) -> list[int]:
    """Faces that cannot stay with these people. A person that the owner decided about may be in a photo twice."""
    theirs = Face.objects.filter(person__in=people)
    undecided = Person.objects.filter(pk__in=people).exclude(decided_people())
    guessed = Face.objects.filter(person__in=undecided)
    unsure = theirs.exclude(assignment=Face.Assignment.CONFIRMED)
    broken = set(unsure.filter(rejected() | unborn()).values_list("pk", flat=True))
    broken.update(theirs.filter(Q(not_a_face=True) | Q(person__merged_into__isnull=False)).values_list("pk", flat=True))
    return sorted(broken | set(crowded(guessed.exclude(pk__in=list(broken)[:IDS_AT_ONCE]))))


def rejected() -> Q:
    """The owner said that the face is not its person."""
    return Q(Exists(FaceRejection.objects.filter(face=OuterRef("pk"), person=OuterRef("person"))))


def unborn() -> Q:
    """The photo of the face is from before the person's birthday."""
    return Q(photo__taken_local__date__lt=F("person__birthday"))


def intruding(faces: list[int]) -> list[int]:
    """Those of these automatic faces whose person has another face in the same photo."""
    others = Face.objects.filter(photo=OuterRef("photo"), person=OuterRef("person")).exclude(pk=OuterRef("pk"))
    placed = Face.objects.filter(pk__in=faces, assignment=Face.Assignment.AUTOMATIC)
    return list(placed.filter(Exists(others)).values_list("pk", flat=True))


def crowded(faces: QuerySet[Face]) -> list[int]:
    """Automatic faces that share photo and person, all but the best one."""
    shared = faces.order_by().values("person", "photo").annotate(count=Count("pk")).filter(count__gt=1)
    leave = []
    for entry in shared:
        together = list(faces.filter(person=entry["person"], photo=entry["photo"]))
        together.sort(key=lambda face: (-(face.similarity or 0), -face.quality, face.pk))
        leave += [face.pk for face in together[1:]]
    return leave
