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

KEYS_AT_ONCE = 5_000  # a query of SQLite takes at most 32,766 variables
MOST_CHOSEN = 30_000  # for the same reason, where one query takes all keys

# A sight returns the photos of others that a user may see, or None. Photos in the trash of others are never visible.
SIGHTS: Registry[Callable[[User], Q | None]] = Registry("sight")
# The ids of other owners whose photos a user has on the timeline. A sight must let the user see these photos.
TIMELINE_OWNERS: Registry[Callable[[User], list[int]]] = Registry("source of owners")


def photos_of(user: User) -> PhotoQuerySet:
    """All photos of the user's own library, including the trash."""
    return Photo.objects.filter(owner=user)


def photo_or_404(user: User, key: str) -> Photo:
    """The user's own photo with that key. Raises Http404, for a stranger's photo too."""
    return get_object_or_404(photos_of(user), key=key)


def visible_photos(user: User) -> PhotoQuerySet:
    """All photos that the user may see: the user's own library, including the trash, and what others share."""
    seen = _seen_of_others(user)
    if seen is None:
        return photos_of(user)  # the common case, which indexes serve
    return Photo.objects.filter(Q(owner=user) | Q(seen, trashed_at=None))


def shared_photos(user: User) -> PhotoQuerySet:
    """The photos of others that the user may see. Runs no query if there are none."""
    seen = _seen_of_others(user)
    if seen is None:
        return Photo.objects.none()
    return Photo.objects.filter(seen, trashed_at=None).exclude(owner=user)


def _seen_of_others(user: User) -> Q | None:
    shared = [others for sight in SIGHTS.values() if (others := sight(user)) is not None]
    return reduce(or_, shared) if shared else None


def timeline_photos(user: User) -> PhotoQuerySet:
    """The photos of the user's timeline: the user's own library, and partners' photos if the user wants them there."""
    owners = {owner for owners_for in TIMELINE_OWNERS.values() for owner in owners_for(user)}
    if not owners:
        return photos_of(user)
    # `+ 0` hides the index by owner, whose results would have to be sorted: the index by time alone is read instead.
    mixed = Photo.objects.alias(of=F("owner_id") + 0).filter(of__in=[user.pk, *owners])
    return mixed.filter(Q(owner=user) | Q(trashed_at=None, archived=False))


def visible_photo_or_404(user: User, key: str) -> Photo:
    """The photo with that key if the user may see it. Raises Http404."""
    own = photos_of(user).filter(key=key).first()  # most are the user's own: this saves the joins
    return own or get_object_or_404(visible_photos(user), key=key)


def visible_by_keys(user: User, keys: Iterable[str]) -> Iterator[PhotoQuerySet]:
    """Like `photos_by_keys`, for all photos that the user may see."""
    return _in_batches(visible_photos(user), keys)


def chosen_keys(form: QueryDict) -> list[str]:
    """The keys in a form's `keys` fields, each once, in order.

    A field may hold many keys, separated by commas: Django refuses forms of more than a thousand fields. In a form with
    `whole` each photo stands for its stack, so the keys of the stack's other photos follow.
    """
    keys = listed(form, "keys")
    return list(dict.fromkeys([*keys, *_stacked_with(keys)])) if "whole" in form else keys


def own_chosen(user: User, form: QueryDict, *, to_be: str) -> PhotoQuerySet:
    """The user's own photos among those chosen in a form. `to_be` is a participle: "edited". Raises NotPossible."""
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
    """The user's own photos with those keys, in batches that fit into one query. Unknown keys are left out."""
    return _in_batches(photos_of(user), keys)


def own_keys(user: User, keys: Sequence[str]) -> list[str]:
    """Those keys that belong to photos of the user, in the same order."""
    own = {key for batch in photos_by_keys(user, keys) for key in batch.values_list("key", flat=True)}
    return [key for key in keys if key in own]


def _in_batches(photos: PhotoQuerySet, keys: Iterable[str]) -> Iterator[PhotoQuerySet]:
    remaining = iter(keys)
    while batch := list(islice(remaining, KEYS_AT_ONCE)):
        yield photos.filter(key__in=batch)
