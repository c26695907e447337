"""The memories that suit a day: the strip over the timeline, and a shelf of the page Explore."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User
from photos.access import timeline_photos
from photos.gallery.memories.choosing import cover_of, plain
from photos.gallery.memories.kinds import KINDS
from photos.gallery.memories.left_out import MEMORY, left_out_of, remembered_photos
from photos.gallery.timeline import TILE_FIELDS
from photos.models import Photo, PhotoQuerySet

MOST = 10
REMEMBERED_SECONDS = 3600  # how long the memories of a day are kept as they were found
NOTHING_SECONDS = 300  # the same if there are none and no photo is added


@dataclass(frozen=True)
class Card:
    """A memory as it is offered, with the photo that stands for it."""

    key: str
    title: str
    text: str
    cover: Photo

    @property
    def url(self) -> str:
        return reverse("photos:memory", args=[self.key])

    @property
    def listing(self) -> str:
        """The list that the player plays."""
        return f"memory.{self.key}"


def wants(user: User) -> bool:
    """Whether the user is shown memories: guests have no library, and others may turn them off."""
    return user.memories and not user.is_guest


def may_have(user: User, today: date, photos: PhotoQuerySet) -> bool:
    """Whether any photo of the timeline is of an earlier year, so that room is kept for the strip."""
    earlier = photos.on_timeline().filter(taken_local__lt=datetime(today.year, 1, 1, tzinfo=UTC))
    return wants(user) and earlier.exists()


def today_of(user: User) -> date:
    """The date where the user lives."""
    return timezone.localdate(timezone=user.zone)


def suiting(user: User, today: date) -> list[Card]:
    """The memories for a day, the best first. None for guests and whoever turned them off."""
    if not wants(user):
        return []
    place = place_of(user, today, get_language() or "")
    unwanted = set(left_out_of(user).filter(subject=MEMORY).values_list("value", flat=True))
    kept = cache.get(place, [])
    if isinstance(kept, int):  # there were none up to this photo
        if kept == newest(user):
            return []
        kept = []
    cards = found_before(user, kept, unwanted)
    if cards:
        return cards
    if cards := found(user, today, unwanted):
        rows = [(card.key, card.title, card.text, card.cover.pk) for card in cards]
        cache.set(place, rows, REMEMBERED_SECONDS)
    else:
        cache.set(place, newest(user), NOTHING_SECONDS)
    return cards


def newest(user: User) -> int:
    """The id of the photo that was added last; 0 without any."""
    return timeline_photos(user).order_by("-pk").values_list("pk", flat=True).first() or 0


def forget(user: User) -> None:
    """Look again for the memories of today."""
    cache.delete_many([place_of(user, today_of(user), language) for language, _ in settings.LANGUAGES])


def place_of(user: User, today: date, language: str) -> str:
    """Where the memories of a day are kept, whose titles are in a language."""
    return f"memories:{user.pk}:{today}:{language}"


def found_before(user: User, kept: Sequence[tuple[str, str, str, int]], unwanted: Container[str]) -> list[Card]:
    """The memories that were found before; none if anything of them may not be shown any more."""
    if any(key in unwanted for key, *_ in kept):
        return []
    ids = {pk for *_, pk in kept}
    covers = remembered_photos(user).filter(pk__in=ids).only(*TILE_FIELDS).in_bulk() if ids else {}
    return [Card(key, title, text, covers[pk]) for key, title, text, pk in kept] if covers.keys() == ids else []


def found(user: User, today: date, unwanted: Container[str]) -> list[Card]:
    """The memories for a day, of all kinds."""
    cards: list[Card] = []
    plain_photos = plain(user)
    for kind in sorted(KINDS.values(), key=lambda kind: (kind.spare, kind.place)):
        if kind.spare and cards:
            break
        memories = [memory for memory in kind.suiting(user, today) if memory.key not in unwanted]
        cards += [
            Card(one.key, one.title, one.text, cover) for one in memories if (cover := cover_of(one, plain_photos))
        ]
    return cards[:MOST]
