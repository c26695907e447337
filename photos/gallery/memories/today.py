"""The memories that suit a day: the strip over the timeline, and a shelf of the page Explore."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from photos.access import timeline_photos
from photos.gallery.memories.choosing import cover_of
from photos.gallery.memories.kinds import KINDS, Memory
from photos.gallery.memories.left_out import MEMORY, left_out_of
from photos.models import Photo

MOST = 10


@dataclass(frozen=True)
class Card:
    """A memory with the photo that stands for it."""

    memory: Memory
    cover: Photo

    @property
    def url(self) -> str:
        return reverse("photos:memory", args=[self.memory.key])


def wants(user: User) -> bool:
    """Whether the user is shown memories: guests have no library, and others may turn them off."""
    return user.memories and not user.is_guest


def may_have(user: User, today: date) -> bool:
    """Whether anything is old enough to look back at, so that the timeline keeps room for the strip."""
    if not wants(user):
        return False
    return timeline_photos(user).on_timeline().filter(taken_local__lt=datetime(today.year, 1, 1, tzinfo=UTC)).exists()


def today_of(user: User) -> date:
    """The date where the user lives."""
    return timezone.localdate(timezone=user.zone)


def suiting(user: User, today: date) -> list[Card]:
    """The memories for a day with their covers, the best first. None for guests and whoever turned them off."""
    if not wants(user):
        return []
    unwanted = set(left_out_of(user).filter(subject=MEMORY).values_list("value", flat=True))
    cards: list[Card] = []
    for kind in sorted(KINDS.values(), key=lambda kind: (kind.spare, kind.place)):
        if kind.spare and cards:
            break
        found = [memory for memory in kind.suiting(user, today) if memory.key not in unwanted]
        cards += [Card(memory, cover) for memory in found if (cover := cover_of(memory))]
    return cards[:MOST]
