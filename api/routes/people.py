"""People and faces."""

from typing import Any

from django.db import transaction
from django.db.models import F
from ninja import Query, Router

from api.auth import ApiRequest, allowed
from api.schemas.base import Count, Key, answers
from api.schemas.people import FaceList, FacesIn, Merge, PersonEdit, PersonList, PersonOut
from people import actions
from people.access import faces_by_ids, faces_of, listed_people, people_by_keys, person_or_404
from people.models import Face, Person
from photos.access import photo_or_404
from photos.pipeline.shared_files import looked_at

router = Router(tags=["People"])
faces_router = Router(tags=["Faces"])
MOST = 10_000


def described(person: Person) -> dict[str, Any]:
    """A person as the API returns it."""
    seen = Face.objects.filter(person=person, not_a_face=False, photo__trashed_at=None)
    count = getattr(person, "photo_count", None)
    plain = {name: getattr(person, name) for name in ("key", "name", "birthday", "hidden")}
    return {**plain, "photos": seen.values("photo").distinct().count() if count is None else count}


@router.get("", response=answers(PersonList), auth=allowed("read"), summary="List people")
def people(request: ApiRequest, hidden: bool = Query(False, description="Hidden people instead.")) -> dict[str, Any]:
    """Everybody in the photos, with or without a name."""
    listed = listed_people(request.user, hidden=hidden).select_related(None)  # their covers are not told
    rows = listed.values("key", "name", "birthday", "hidden", photos=F("photo_count"))
    return {"people": list(rows[:MOST])}


@router.get("/{key}", response=answers(PersonOut), auth=allowed("read"), summary="Get a person")
def person(request: ApiRequest, key: Key) -> dict[str, Any]:
    """For somebody who was merged: the person they were merged into."""
    return described(person_or_404(request.user, key))


@router.patch("/{key}", response=answers(PersonOut), auth=allowed("edit"), summary="Change a person")
def edit_person(request: ApiRequest, key: Key, body: PersonEdit) -> dict[str, Any]:
    """Name, birthday, and whether they are hidden."""
    found = person_or_404(request.user, key)
    given = body.model_dump(exclude_unset=True)
    with transaction.atomic():
        if given.get("name") is not None:
            actions.name_person(found, given["name"], request.user)
        if "birthday" in given:
            actions.set_birthday(found, given["birthday"], request.user)
        if given.get("hidden") is not None:
            actions.hide([found], request.user, hidden=given["hidden"])
    return described(person_or_404(request.user, key))


@router.post("/{key}/merge", response=answers(PersonOut), auth=allowed("edit"), summary="Merge people")
def merge_people(request: ApiRequest, key: Key, body: Merge) -> dict[str, Any]:
    """The others are merged into this person."""
    target = person_or_404(request.user, key)
    actions.merge(target, people_by_keys(request.user, body.people), request.user)
    return described(person_or_404(request.user, key))


@faces_router.get(
    "/photos/{photo}/faces", response=answers(FaceList), auth=allowed("read"), summary="List the faces in a photo"
)
def faces(request: ApiRequest, photo: Key) -> dict[str, Any]:
    """With boxes and people."""
    shown = photo_or_404(request.user, photo)
    rows = (
        faces_of(request.user).filter(photo=looked_at(shown), not_a_face=False).select_related("person").order_by("pk")
    )
    told = [
        {
            "id": face.pk,
            "person": face.person.key if face.person else None,
            "name": face.person.name if face.person else "",
            "box": [face.x, face.y, face.width, face.height],
            **{name: getattr(face, name) for name in ("assignment", "score", "quality")},
        }
        for face in rows
    ]
    return {"faces": told}


@faces_router.post("/faces", response=answers(Count), auth=allowed("edit"), summary="Assign faces")
def name_faces(request: ApiRequest, body: FacesIn) -> dict[str, int]:
    """To a person, or by name; without either, to nobody. Recognition does not override it."""
    chosen = faces_by_ids(request.user, body.faces)
    if body.name.strip():
        actions.name_faces(chosen, body.name, request.user)
    elif chosen:
        who = person_or_404(request.user, body.person) if body.person else None
        actions.move_faces(chosen, who, request.user)
    return {"count": len(chosen)}


@faces_router.post("/faces/none", response=answers(Count), auth=allowed("edit"), summary="Mark as not faces")
def not_faces(request: ApiRequest, body: FacesIn) -> dict[str, int]:
    """They are not shown or found again."""
    chosen = faces_by_ids(request.user, body.faces)
    if chosen:
        actions.mark_not_a_face(chosen, request.user)
    return {"count": len(chosen)}
