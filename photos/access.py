"""Whose photos a user may see and change. Every other module gets a user's photos from here."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.http import QueryDict
from django.shortcuts import get_object_or_404

from accounts.models import User
from photos.models import Photo, PhotoQuerySet

KEYS_AT_ONCE = 5_000  # below SQLite's 32,766 variables of a query


def photos_of(user: User) -> PhotoQuerySet:
    """All photos of the user's own library, the trashed ones too."""
    return Photo.objects.filter(owner=user)


def photo_or_404(user: User, key: str) -> Photo:
    """The user's photo of that key; a stranger's is as if it did not exist."""
    return get_object_or_404(photos_of(user), key=key)


def chosen_keys(form: QueryDict) -> list[str]:
    """The keys of a form's `keys` fields, each once, in order.

    A field may hold many, separated by commas: Django refuses forms of more than a thousand fields.
    """
    keys = (key.strip() for field in form.getlist("keys") for key in field.split(","))
    return list(dict.fromkeys(key for key in keys if key))


def photos_by_keys(user: User, keys: Iterable[str]) -> Iterator[PhotoQuerySet]:
    """The user's photos of those keys, in batches that a database takes in one query; unknown keys are left out."""
    remaining = iter(keys)
    while batch := list(islice(remaining, KEYS_AT_ONCE)):
        yield photos_of(user).filter(key__in=batch)
