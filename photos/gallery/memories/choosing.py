"""Which photos of a memory are shown: some, spread over its time, favourites rather than others.

Nobody looks back at receipts: screenshots, documents, receipts, memes and blurred pictures are left out, unless they
are favourites.
"""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from itertools import pairwise
from operator import or_

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from photos.access import timeline_photos
from photos.gallery import kinds
from photos.gallery.lists import LISTINGS, own_timeline
from photos.gallery.memories import calendar
from photos.gallery.memories.kinds import Memory, memory_or_404
from photos.gallery.memories.left_out import remembered_photos
from photos.gallery.timeline import TILE_FIELDS, Listing, Timeline
from photos.models import Photo, PhotoQuerySet

SHOWN = 40
MOST_WEIGHED = 4_000  # photos of one memory that are looked through
LOOKED_AT = 60  # for a cover

Row = tuple[int, bool, int | None]  # id, favourite, rating


def chosen(photos: PhotoQuerySet, limit: int = SHOWN) -> list[int]:
    """The ids of at most that many photos, in the order in which they were taken."""
    rows = photos.as_tiles().order_by("taken_local", "pk").values_list("pk", "favourite", "rating")[:MOST_WEIGHED]
    return [row[0] for row in spread(list(rows), limit)]


def spread(rows: Sequence[Row], limit: int) -> list[Row]:
    """At most that many rows, evenly spread; of the rows that lie together the best liked one."""
    if len(rows) <= limit:
        return list(rows)
    bounds = [place * len(rows) // limit for place in range(limit + 1)]
    return [max(rows[start:end], key=liked) for start, end in pairwise(bounds)]


def liked(row: Row) -> tuple[bool, int]:
    _, favourite, rating = row
    return favourite, rating or 0


def plain(user: User) -> Q:
    """The photos that nobody would look back at, as far as that is known: the strip must not wait for looks."""
    return reduce(or_, kinds.of_kinds(user, few=True).values()) & Q(favourite=False)


def cover_of(memory: Memory, unwanted: Q) -> Photo | None:
    """The photo that stands for a memory: a favourite, otherwise one from the middle of its latest.

    None if it has no photo but `unwanted` ones.
    """
    photos = memory.photos.exclude(unwanted)
    if memory.cover is not None and (memory.cover.favourite or photos.filter(pk=memory.cover.pk).exists()):
        return memory.cover
    latest = list(photos.as_tiles().order_by("-taken_local", "-pk").only(*TILE_FIELDS)[:LOOKED_AT])
    favourites = [photo for photo in latest if photo.favourite]
    return next(iter(favourites or latest[len(latest) // 2 :]), None)


def shown_of(user: User, memory: Memory) -> list[int]:
    """The ids of the photos that are shown of a memory, in the order in which they were taken."""
    return chosen(memory.photos.exclude(plain(user))) or chosen(memory.photos)


def remembered(user: User) -> Timeline:
    """The timeline without what the user does not want to be reminded of."""
    return Timeline(LISTINGS["timeline"], remembered_photos(user))


def memories_of(user: User, day: date, *, but: int) -> list[calendar.Memory]:
    """The photos of this day of the year, in all years but one, without what the user does not want to see.

    The years are those of the whole timeline, whose counts are kept. One without such photos does no harm.
    """
    years = [year for year in calendar.years_of(own_timeline(user, LISTINGS["timeline"])) if year != but]
    return calendar.on_this_day(remembered(user).photos(), years, day.month, day.day)


def timeline(user: User, key: str) -> Timeline:
    """The list `memory.KEY` with the photos that are shown of it. Raises Http404."""
    return timeline_for(user, memory_or_404(user, key))


def timeline_for(user: User, memory: Memory) -> Timeline:
    """The photos that are shown of a memory."""
    ids = shown_of(user, memory)
    return Timeline(
        Listing(
            memory.listing,
            memory.title,
            "sparkles",
            lambda photos: photos.on_timeline().filter(pk__in=ids),
            address=reverse("photos:memory", args=[memory.key]),
        ),
        timeline_photos(user),
    )
