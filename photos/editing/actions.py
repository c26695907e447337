"""Actions on chosen photos: favourite, archive, trash, and their opposites."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import ngettext

from accounts.models import User
from mirage.wording import number_in_words
from photos.access import photos_by_keys
from photos.models import PhotoQuerySet


@dataclass(frozen=True)
class Action:
    """An action: the photos it applies to, the change, its sentence for a number, and the action that undoes it."""

    concerns: Q
    apply: Callable[[PhotoQuerySet], int]
    told: Callable[[int], str]
    undo: str


ACTIONS = {
    "favourite": Action(
        Q(favourite=False),
        lambda p: p.update(favourite=True),
        lambda number: ngettext("Photo added to favourites", "%(number)s photos added to favourites", number),
        "unfavourite",
    ),
    "unfavourite": Action(
        Q(favourite=True),
        lambda p: p.update(favourite=False),
        lambda number: ngettext("Photo removed from favourites", "%(number)s photos removed from favourites", number),
        "favourite",
    ),
    "archive": Action(
        Q(archived=False),
        lambda p: p.update(archived=True),
        lambda number: ngettext("Photo archived", "%(number)s photos archived", number),
        "unarchive",
    ),
    "unarchive": Action(
        Q(archived=True),
        lambda p: p.update(archived=False),
        lambda number: ngettext("Photo back on the timeline", "%(number)s photos back on the timeline", number),
        "archive",
    ),
    "trash": Action(
        Q(trashed_at=None),
        lambda p: p.trash(),
        lambda number: ngettext("Photo moved to the trash", "%(number)s photos moved to the trash", number),
        "restore",
    ),
    "restore": Action(
        Q(trashed_at__isnull=False),
        lambda p: p.restore(),
        lambda number: ngettext("Photo restored", "%(number)s photos restored", number),
        "trash",
    ),
}


def report_of(action: Action, number: int) -> str:
    """What the action did to so many photos, as a sentence."""
    return action.told(number) % {"number": number_in_words(number)}


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
