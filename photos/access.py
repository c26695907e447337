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
from django.utils.translation import gettext as _

from accounts.models import User
from mirage.refusals import NotPossible
from mirage.registry import Registry
from mirage.web.parameters import listed
from mirage.wording import number_in_words
from photos.models import Photo, PhotoQuerySet

KEYS_AT_ONCE = 5_000  # a query of SQLite takes at most 32,766 variables
MOST_CHOSEN = 30_000  # for the same reason, where one query takes all keys

# A sight returns the photos of others that a user may see, or None. Photos in the trash of others are never visible.
SIGHTS: Registry[Callable[[User], Q | None]] = Registry("sight")
# The ids of other owners whose photos a user has on the timeline. A sight must let the user see these photos.
TIMELINE_OWNERS: Registry[Callable[[User], list[int]]] = Registry("source of owners")


def photos_of(user: User) -> PhotoQuerySet:
    """All photos of the user's own library, including the trash."""
    photos = Photo.objects.filter(owner=user)
    photos.whole_of = (user.pk,)
    return photos


def photo_or_404(user: User, key: str) -> Photo:
    """The user's own photo with that key. Raises Http404, for a stranger's photo too."""
    return get_object_or_404(photos_of(user), key=key)


def visible_photos(user: User) -> PhotoQuerySet:
    """All photos that the user may see: the user's own library, including the trash, and what others share."""
    return _visible(user, _seen_of_others(user))


def _visible(user: User, seen: Q | None) -> PhotoQuerySet:
    if seen is None:
        return photos_of(user)  # the common case, which indexes serve
    return Photo.objects.filter(Q(owner=user) | Q(seen, trashed_at=None))


def shared_photos(user: User) -> PhotoQuerySet:
    """The photos of others that the user may see. Runs no query if there are none."""
    return _shared(user, _seen_of_others(user))


def _shared(user: User, seen: Q | None) -> PhotoQuerySet:
    if seen is None:
        return Photo.objects.none()
    return Photo.objects.filter(seen, trashed_at=None).exclude(owner=user)


def visible_and_shared(user: User) -> tuple[PhotoQuerySet, PhotoQuerySet]:
    """All photos that the user may see, and those of others among them."""
    seen = _seen_of_others(user)
    return _visible(user, seen), _shared(user, seen)


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
    mixed = mixed.filter(Q(owner=user) | Q(trashed_at=None, archived=False))
    mixed.whole_of = (user.pk, *sorted(owners))
    return mixed


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
    """The user's own photos among those chosen in a form. Raises NotPossible.

    `to_be` is the key of a sentence: "edited", "rotated", "tagged" or "put into albums".
    """
    keys = chosen_keys(form)
    if len(keys) > MOST_CHOSEN:
        raise NotPossible(too_many(to_be) % {"most": number_in_words(MOST_CHOSEN)})
    photos = with_keys(photos_of(user), keys)
    if not photos.exists():
        raise NotPossible(none_chosen(to_be))
    return photos


def too_many(to_be: str) -> str:
    """That more photos are chosen than one form may be about."""
    return {
        "edited": _("At most %(most)s photos can be edited at once."),
        "rotated": _("At most %(most)s photos can be rotated at once."),
        "tagged": _("At most %(most)s photos can be tagged at once."),
        "put into albums": _("At most %(most)s photos can be put into albums at once."),
    }.get(to_be, _("At most %(most)s photos can be selected at once."))


def none_chosen(to_be: str) -> str:
    """That none of the chosen photos is the user's own."""
    return {
        "edited": _("Only your own photos can be edited, and none is selected."),
        "rotated": _("Only your own photos can be rotated, and none is selected."),
        "tagged": _("Only your own photos can be tagged, and none is selected."),
        "put into albums": _("Only your own photos can be put into albums, and none is selected."),
    }.get(to_be, _("None of your own photos is selected."))


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
        yield with_keys(photos, batch)


def with_keys(photos: PhotoQuerySet, keys: Sequence[str]) -> PhotoQuerySet:
    """Those of the photos that have these keys, at most as many as fit into one query.

    The keys first: SQLite believes that an owner has few photos, and would go through all of them for many keys.
    """
    return photos.filter(pk__in=Photo.objects.filter(key__in=keys).order_by().values("pk"))
