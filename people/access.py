"""Which people and faces a user may see and change. Every view gets them from here."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Activity, User
from people.grouping.constraints import batches
from people.kept import counts
from people.models import Face, Person
from photos.access import visible_photos


def people_of(user: User) -> QuerySet[Person]:
    """The people and groups in the user's library, without those that were merged into others."""
    return Person.objects.filter(owner=user, merged_into=None)


def listed_people(user: User, *, hidden: bool = False) -> QuerySet[Any]:
    """Those who are in photos, with `photo_count`: named people first, then by number of photos."""
    counts.look_up()
    people = people_of(user).filter(hidden=hidden)
    people = people.annotate(photo_count=F("photos_kept"), unnamed=ExpressionWrapper(Q(name=""), BooleanField()))
    return people.filter(photo_count__gt=0).order_by("unnamed", "-photo_count", "pk").select_related("cover__photo")


def person_or_404(user: User, key: str) -> Person:
    """The user's person with this key, or the person they were merged into. 404 if it belongs to somebody else."""
    return get_object_or_404(Person, owner=user, key=key).survivor()


def shared_people(user: User) -> QuerySet[Any]:
    """The named people of other users in photos that are shared with the user, with `photo_count` of those photos.

    People whom their owner hides, and groups without a name, are not shown to others.
    """
    theirs = visible_photos(user).exclude(owner=user).order_by().values("pk")
    named = Person.objects.exclude(owner=user).exclude(name="").filter(merged_into=None, hidden=False)
    shown = Q(faces__photo__in=theirs, faces__not_a_face=False)
    people = named.annotate(photo_count=Count("faces__photo", filter=shown, distinct=True)).filter(photo_count__gt=0)
    return people.order_by("-photo_count", "pk").select_related("owner")


def shared_faces(user: User) -> QuerySet[Face]:
    """The faces of those people in these photos."""
    theirs = visible_photos(user).exclude(owner=user).order_by().values("pk")
    named = Face.objects.filter(not_a_face=False, person__hidden=False, person__merged_into=None, photo__in=theirs)
    return named.exclude(person=None).exclude(person__name="")


def shared_person_or_404(user: User, key: str) -> Person:
    """A person of somebody else in photos that are shared with the user."""
    return get_object_or_404(shared_people(user), key=key)


def visible_face_or_404(user: User, face_id: int) -> Face:
    """A face in the user's photos, or a face of a shared person."""
    own = faces_of(user).select_related("photo", "person").filter(pk=face_id).first()
    return own or get_object_or_404(shared_faces(user).select_related("photo", "person"), pk=face_id)


def faces_of(user: User) -> QuerySet[Face]:
    """The faces in the user's photos."""
    return Face.objects.filter(photo__owner=user)


def faces_by_ids(user: User, ids: Iterable[int]) -> list[Face]:
    """The user's faces with these ids; others are left out."""
    return [face for some in batches(ids) for face in faces_of(user).filter(pk__in=some).select_related("photo")]


def people_by_keys(user: User, keys: Iterable[str]) -> list[Person]:
    """The user's people with these keys, in this order; others are left out."""
    found = {person.key: person for person in people_of(user).filter(key__in=list(keys))}
    return [found[key] for key in keys if key in found]


def actions_of(user: User) -> QuerySet[Activity]:
    """What was done with the user's people, newest first, with what was undone."""
    return Activity.objects.filter(owner=user, verb__startswith="people.").newest_first()


def action_or_404(user: User, activity_id: int) -> Activity:
    """One of these actions."""
    return get_object_or_404(actions_of(user), pk=activity_id)
