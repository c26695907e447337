"""Actions on chosen photos: favourite, archive, trash, and their opposites."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from photos.access import photos_by_keys
from photos.models import PhotoQuerySet


@dataclass(frozen=True)
class Action:
    """An action: the photos it applies to, the change, the words for the report, and the action that undoes it."""

    concerns: Q
    apply: Callable[[PhotoQuerySet], int]
    told: str
    undo: str


ACTIONS = {
    "favourite": Action(Q(favourite=False), lambda p: p.update(favourite=True), "added to favourites", "unfavourite"),
    "unfavourite": Action(
        Q(favourite=True), lambda p: p.update(favourite=False), "removed from favourites", "favourite"
    ),
    "archive": Action(Q(archived=False), lambda p: p.update(archived=True), "archived", "unarchive"),
    "unarchive": Action(Q(archived=True), lambda p: p.update(archived=False), "back on the timeline", "archive"),
    "trash": Action(Q(trashed_at=None), lambda p: p.trash(), "moved to the trash", "restore"),
    "restore": Action(Q(trashed_at__isnull=False), lambda p: p.restore(), "restored", "trash"),
}


@transaction.atomic
def perform(user: User, keys: Iterable[str], action: Action) -> list[str]:
    """Apply the action to the user's photos with these keys, all or none. Returns the keys of those that changed."""
    changed: list[str] = []
    for batch in photos_by_keys(user, keys):
        concerned = list(batch.filter(action.concerns).values_list("key", flat=True))
        for photos in photos_by_keys(user, concerned):
            action.apply(photos)
        changed += concerned
    return changed
