"""The face that stands for a person: the chosen cover, or else the best face; and the address of its picture."""

import zlib
from collections.abc import Iterable, Sequence

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from people.grouping.constraints import batches
from people.models import Face, Person


def shown_faces(**of: object) -> QuerySet[Face]:
    """Faces that may be shown, the best first; `of` selects among them."""
    faces = Face.objects.filter(photo__trashed_at=None, not_a_face=False, **of)
    return faces.order_by("-quality", "pk").select_related("photo")


def may_be_shown(face: Face) -> bool:
    """Whether this is a face, in a photo that is not in the trash."""
    return not face.not_a_face and face.photo.trashed_at is None


def covers(people: Iterable[Person]) -> dict[int, Face]:
    """The faces that stand for these people, by the people's ids. People without a face are left out.

    Two queries, if `cover__photo` was fetched with the people.
    """
    found: dict[int, Face] = {}
    missing = []
    for person in people:
        cover = person.cover
        if cover is not None and cover.person_id == person.pk and may_be_shown(cover):
            found[person.pk] = cover
        else:
            missing.append(person.pk)
    best = shown_faces(person=OuterRef("pk")).values("pk")[:1]
    for some in batches(missing):
        wanted = Person.objects.filter(pk__in=some).annotate(best=Subquery(best)).values_list("best", flat=True)
        faces = Face.objects.filter(pk__in=[face for face in wanted if face]).select_related("photo")
        found.update({face.person_id: face for face in faces if face.person_id is not None})
    return found


def with_covers(people: Iterable[Person]) -> list[tuple[Person, Face | None]]:
    """Each of these people with the face that stands for them."""
    rows = list(people)
    found = covers(rows)
    return [(person, found.get(person.pk)) for person in rows]


def samples(person: Person, count: int, but: Sequence[int] = ()) -> list[Face]:
    """Some of the person's best faces, the cover first."""
    cover = covers([person]).get(person.pk)
    others = shown_faces(person=person).exclude(pk__in=[*but, *([cover.pk] if cover else [])])[:count]
    return [*([cover] if cover and cover.pk not in but else []), *others][:count]


def crop_address(face: Face, size: str = "small") -> str:
    """The address of the face's picture. It changes when the box moves, because browsers keep pictures for ever."""
    mark = zlib.crc32(repr(face.box).encode())
    return f"{reverse('people:crop', args=[face.pk, size])}?v={mark:08x}"
