"""Whose photos a user may see and change. Every other module gets a user's photos from here.

Users see their own photos and those that SIGHTS adds: albums adds what others share. Only the owner may change a photo.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from itertools import islice
from operator import or_

from django.db.models import F, Q
from django.http import QueryDict
from django.shortcuts import get_object_or_404

from accounts.models import User
from mirage.refusals import NotPossible
from mirage.registry import Registry
from mirage.web.parameters import listed
from photos.models import Photo, PhotoQuerySet

KEYS_AT_ONCE = 5_000  # below SQLite's 32,766 variables of a query
MOST_CHOSEN = 30_000  # as well, where the photos are one query

# A sight returns the photos of others that a user sees, or None. Nobody sees photos in the trash of others.
SIGHTS: Registry[Callable[[User], Q | None]] = Registry("sight")
# The ids of other owners whose photos a user has on the timeline. A sight must let the user see these photos.
TIMELINE_OWNERS: Registry[Callable[[User], list[int]]] = Registry("source of owners")


def photos_of(user: User) -> PhotoQuerySet:
    """All photos of the user's own library, the trashed ones too."""
    return Photo.objects.filter(owner=user)


def photo_or_404(user: User, key: str) -> Photo:
    """The user's photo of that key; a stranger's is as if it did not exist."""
    return get_object_or_404(photos_of(user), key=key)


def visible_photos(user: User) -> PhotoQuerySet:
    """All photos that the user may see: the own library, the trashed ones too, and what others share with the user."""
    seen = _seen_of_others(user)
    if seen is None:
        return photos_of(user)  # the common case keeps its indexes
    return Photo.objects.filter(Q(owner=user) | Q(seen, trashed_at=None))


def shared_photos(user: User) -> PhotoQuerySet:
    """The photos of others that the user may see; asks nothing of the database where there are none."""
    seen = _seen_of_others(user)
    if seen is None:
        return Photo.objects.none()
    return Photo.objects.filter(seen, trashed_at=None).exclude(owner=user)


def _seen_of_others(user: User) -> Q | None:
    shared = [others for sight in SIGHTS.values() if (others := sight(user)) is not None]
    return reduce(or_, shared) if shared else None


def timeline_photos(user: User) -> PhotoQuerySet:
    """The photos of the user's timeline: the own library, and those of partners whom the user wants there."""
    owners = {owner for owners_for in TIMELINE_OWNERS.values() for owner in owners_for(user)}
    if not owners:
        return photos_of(user)
    # As a sum, so that the index by time alone is read; that of each owner would have to be sorted together.
    mixed = Photo.objects.alias(of=F("owner_id") + 0).filter(of__in=[user.pk, *owners])
    return mixed.filter(Q(owner=user) | Q(trashed_at=None, archived=False))


def visible_photo_or_404(user: User, key: str) -> Photo:
    """The photo of that key if the user may see it; any other is as if it did not exist."""
    own = photos_of(user).filter(key=key).first()  # most are: thumbnails ask for nothing else
    return own or get_object_or_404(visible_photos(user), key=key)


def visible_by_keys(user: User, keys: Iterable[str]) -> Iterator[PhotoQuerySet]:
    """As `photos_by_keys`, of all that the user may see."""
    yield from _in_batches(visible_photos(user), keys)


def chosen_keys(form: QueryDict) -> list[str]:
    """The keys of a form's `keys` fields, each once, in order.

    A field may hold many, separated by commas: Django refuses forms of more than a thousand fields. A form of tiles
    says `whole`: a tile stands for its stack, and the keys of the stack's other photos follow.
    """
    keys = listed(form, "keys")
    return list(dict.fromkeys([*keys, *_stacked_with(keys)])) if "whole" in form else keys


def own_chosen(user: User, form: QueryDict, *, to_be: str) -> PhotoQuerySet:
    """The user's own photos among those chosen in a form. `to_be` says what for: "edited". Raises NotPossible."""
    keys = chosen_keys(form)
    if len(keys) > MOST_CHOSEN:
        raise NotPossible(f"At most {MOST_CHOSEN:,} photos can be {to_be} at once.")
    photos = photos_of(user).filter(key__in=keys)
    if not photos.exists():
        raise NotPossible(f"Only your own photos can be {to_be}, and none is selected.")
    return photos


def _stacked_with(keys: list[str]) -> Iterator[str]:
    for batch in _in_batches(Photo.objects.exclude(stack=None), keys):
        yield from Photo.objects.filter(stack__in=batch.values("stack")).order_by("pk").values_list("key", flat=True)


def photos_by_keys(user: User, keys: Iterable[str]) -> Iterator[PhotoQuerySet]:
    """The user's photos of those keys, in batches that a database takes in one query; unknown keys are left out."""
    yield from _in_batches(photos_of(user), keys)


def own_keys(user: User, keys: Sequence[str]) -> list[str]:
    """The keys that belong to photos of the user, in the same order."""
    own = {key for batch in photos_by_keys(user, keys) for key in batch.values_list("key", flat=True)}
    return [key for key in keys if key in own]


def _in_batches(photos: PhotoQuerySet, keys: Iterable[str]) -> Iterator[PhotoQuerySet]:
    remaining = iter(keys)
    while batch := list(islice(remaining, KEYS_AT_ONCE)):
        yield photos.filter(key__in=batch)
