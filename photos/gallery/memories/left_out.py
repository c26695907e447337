"""What a user does not want to be reminded of: a memory, a day, a person. Apps add subjects in `AppConfig.ready`.

SUBJECTS.add("person", Subject(people_in, name_of, photos_of_people))
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from mirage.registry import Registry
from photos.access import timeline_photos
from photos.gallery.dates import written
from photos.gallery.memories.calendar import between
from photos.gallery.memories.kinds import memory_or_404, named_date
from photos.models import LeftOut, Photo, PhotoQuerySet

MEMORY = "memory"  # the subject that is a single memory
LONGEST_NAME = 200


@dataclass(frozen=True)
class Subject:
    """Something whose photos can be kept out of memories."""

    of_photo: Callable[[User, Photo], list[tuple[str, str]]]  # which of them a photo shows: value and name
    name: Callable[[User, str], str]  # of a value; raises Http404
    photos: Callable[[User, Sequence[str]], Q | None]  # those that these values keep out, and what else never appears


SUBJECTS: Registry[Subject] = Registry("subject of memories")


def left_out_of(user: User) -> QuerySet[LeftOut]:
    """What the user left out, the latest first."""
    return LeftOut.objects.filter(user=user).order_by("-at", "-pk")


def left_out_or_404(user: User, pk: int) -> LeftOut:
    """Something that the user left out. Raises Http404."""
    return get_object_or_404(left_out_of(user), pk=pk)


def name_of(user: User, subject: str, value: str) -> str:
    """What the user calls it. Raises Http404 if there is no such thing."""
    if subject == MEMORY:
        return memory_or_404(user, value).name
    return SUBJECTS[subject].name(user, value)


def leave_out(user: User, subject: str, value: str) -> LeftOut:
    """Keep it out of the user's memories from now on. Raises Http404 if there is no such thing."""
    name = name_of(user, subject, value)[:LONGEST_NAME]
    row, _ = LeftOut.objects.get_or_create(user=user, subject=subject, value=value, defaults={"name": name})
    return row


def remembered_photos(user: User) -> PhotoQuerySet:
    """The photos of the user's timeline that memories may show."""
    photos = timeline_photos(user).on_timeline().exclude(rating=-1)
    values: dict[str, list[str]] = {}
    for subject, value in LeftOut.objects.filter(user=user).exclude(subject=MEMORY).values_list("subject", "value"):
        values.setdefault(subject, []).append(value)
    for name, kept_out in SUBJECTS.items():
        if (unwanted := kept_out.photos(user, values.get(name, []))) is not None:
            photos = photos.exclude(unwanted)
    return photos


def day_of(user: User, photo: Photo) -> list[tuple[str, str]]:
    """The day of a photo, if it is known."""
    if photo.taken_precision not in (Photo.Precision.DAY, Photo.Precision.TIME):
        return []
    return [(f"{photo.taken_local:%Y-%m-%d}", written(photo.taken_local.date(), _("j F Y")))]


def photos_of_days(user: User, days: Sequence[str]) -> Q | None:
    """The photos of these days."""
    unwanted = Q()
    for text in days:
        day = date.fromisoformat(text)
        unwanted |= between(day, day)
    return unwanted or None


DAY = Subject(day_of, lambda user, value: written(named_date(value), _("j F Y")), photos_of_days)
