"""Face regions that other programs wrote into files (XMP): their names count as confirmed."""

from typing import Any

from django.db.models import QuerySet

from media.boxes import Box, overlap
from media.text import clean_line, name_key
from people.models import LONGEST_NAME, Face, FaceRejection, Person, Question
from people.review import questions
from photos.models import Photo, RawMetadata

SAME_FACE = 0.25  # intersection over union: programs draw boxes of many shapes around a face
KINDS = {"Face", ""}  # not "Pet": its name is a tag (media/metadata/formats/xmp.py); nor "Focus" and "BarCode"
PEOPLE = "people/"
MOST_ASKED = 12  # questions about one photo
EVEN = 0.5  # the chance of a name whose region belongs to another picture


def named_regions(photo: Photo, *, proposals: bool = False) -> list[dict[str, Any]]:
    """The regions in the photo's files that name somebody: name, x, y, w, h in fractions of the upright picture.

    With `proposals`: those that were measured on another picture, of which only the names are certain.
    """
    fields = RawMetadata.objects.filter(photo=photo).values_list("fields", flat=True).first() or {}
    return [
        {**region, "name": name}
        for region in fields.get("regions") or ()
        if name_key(name := clean_line(region.get("name") or "")[:LONGEST_NAME].strip())
        and region.get("kind") in KINDS
        and region["w"] > 0
        and region["h"] > 0
        and bool(region.get("proposal")) == proposals
    ]


def apply(photo: Photo) -> None:
    """Give the photo's faces the names in its files, unless the owner decided otherwise."""
    faces = list(photo.faces.all())
    taken: set[int] = set()
    for region in named_regions(photo):
        box = box_of(region)
        face = nearest(box, [face for face in faces if face.pk not in taken])
        if face is None:
            face = Face.objects.create(
                photo=photo, source=Face.Source.FILE, score=1, x=box[0], y=box[1], width=box[2], height=box[3]
            )
        taken.add(face.pk)
        if face.assignment != Face.Assignment.CONFIRMED and not face.not_a_face:
            name_face(face, region["name"])
    propose(photo, [face for face in faces if face.pk not in taken])
    propose_names(photo)


def propose(photo: Photo, faces: list[Face]) -> None:
    """Ask whether faces are the people that the files name: the face at that place, or the only one."""
    regions = named_regions(photo, proposals=True)
    open_ones = [face for face in faces if face.assignment != Face.Assignment.CONFIRMED and not face.not_a_face]
    for region in regions:
        face = open_ones[0] if len(open_ones) == len(regions) == 1 else nearest(box_of(region), open_ones)
        if face is None:
            continue
        ask(face, person_named(photo.owner_id, region["name"]), EVEN)


def propose_names(photo: Photo) -> None:
    """Where Google Takeout names people without a place: one name and one face belong together, else ask about each."""
    names = names_without_place(photo)
    faces = list(photo.faces.filter(not_a_face=False).select_related("person").order_by("pk")) if names else []
    open_ones = [face for face in faces if face.assignment != Face.Assignment.CONFIRMED]
    if len(names) == len(faces) == len(open_ones) == 1:
        name_face(open_ones[0], names[0])
        return
    placed = {name_key(face.person.name) for face in faces if face.person and face not in open_ones}
    missing = [name for name in names if name_key(name) not in placed]
    if len(open_ones) * len(missing) > MOST_ASKED:
        return  # a crowd: grouping finds out more than anybody would answer
    for face in open_ones:
        for name in missing:
            ask(face, person_named(photo.owner_id, name), 1 / len(open_ones))


def names_without_place(photo: Photo) -> list[str]:
    """The people whom Google Takeout names in the photo, which come as keywords `people/NAME`."""
    raw = RawMetadata.objects.filter(photo=photo).values_list("fields", "sources").first()
    if raw is None or "takeout" not in (raw[1].get("keywords") or ""):
        return []
    words = [str(word) for word in raw[0].get("keywords") or () if str(word).startswith(PEOPLE)]
    names = (clean_line(word.removeprefix(PEOPLE))[:LONGEST_NAME].strip() for word in words)
    return [name for name in names if name_key(name)]


def ask(face: Face, person: Person, chance: float) -> None:
    """Ask whether the face is this person, unless the owner has said that it is not."""
    if not FaceRejection.objects.filter(face=face, person=person).exists():
        weight = {"value": questions.worth(chance, 1, quality=face.quality), "poor": questions.is_poor(face.quality)}
        asked = {"owner_id": person.owner_id, "similarity": 0, "chance": chance, "from_file": True, **weight}
        Question.objects.get_or_create(person=person, face=face, defaults=asked)


def box_of(region: dict[str, Any]) -> Box:
    return region["x"], region["y"], region["w"], region["h"]


def nearest(box: Box, faces: list[Face]) -> Face | None:
    """The face that this box means, if any."""
    best = max(faces, key=lambda face: overlap(box, face.box), default=None)
    if best is None or overlap(box, best.box) < SAME_FACE:
        return None
    return best


def name_face(face: Face, name: str) -> None:
    """Confirm the face as the person with this name, who is made if there is none; not if the owner rejected that."""
    person = person_named(face.photo.owner_id, name)
    if FaceRejection.objects.filter(face=face, person=person).exists():
        return
    face.person, face.assignment, face.source = person, Face.Assignment.CONFIRMED, Face.Source.FILE
    face.save(update_fields=["person", "assignment", "source"])


def person_named(owner_id: int, name: str) -> Person:
    """The owner's person of this name, or formerly of it, or whom that person was merged into; or a new one."""
    if person := known_person(owner_id, name):
        return person
    new = {"owner_id": owner_id, "folded_name": name_key(name), "merged_into": None}
    return Person.objects.get_or_create(**new, defaults={"name": name})[0]  # another worker may be making the same one


def known_person(owner_id: int, name: str) -> Person | None:
    """The owner's person of this name, or formerly of it, or whom that person was merged into."""
    people = Person.objects.filter(owner_id=owner_id)
    named = people.filter(folded_name=name_key(name)).order_by("-pk")
    person = people.called(name).first() or formerly(people, name) or named.first()
    return person.survivor() if person else None


def formerly(people: QuerySet[Person], name: str) -> Person | None:
    """The last of these people who had this name before."""
    renamed = people.exclude(former_names=[]).order_by("-pk")
    return next((one for one in renamed if name_key(name) in map(name_key, one.former_names)), None)
