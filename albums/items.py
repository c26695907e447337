"""The photos in an album by hand, and their order.

A position is a whole number of microseconds since 1970, stored in seconds. An added photo gets the time when it was
taken as its position, so that an album is in chronological order, whenever photos are added; if the newest photos come
first, its negative. A moved photo gets a position between its new neighbours. A move writes the rows of the moved
photos and, if there is no room, of as few neighbours as possible.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from albums.models import Album, AlbumItem
from mirage.refusals import NotPossible
from photos.models import Photo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000  # microseconds
BATCH = 1_000


@dataclass(frozen=True)
class Position:
    """Where an item is or was."""

    position: float
    pk: int


def position_of(taken_local: datetime, newest_first: bool = False) -> float:
    """The position for a local time."""
    since = (taken_local - EPOCH) // timedelta(microseconds=1)
    return seconds(-since if newest_first else since)


def seconds(microseconds: int) -> float:
    return microseconds / SECOND


def microseconds(position: float) -> int:
    return round(position * SECOND)


def items_of(album: Album) -> QuerySet[AlbumItem]:
    """All items in order, including those of trashed photos."""
    return AlbumItem.objects.filter(album=album).order_by("position", "pk")


def shown_items(album: Album) -> QuerySet[AlbumItem]:
    """The items whose photos can be shown."""
    return items_of(album).filter(photo__trashed_at=None, photo__displayable=True)


def add(album: Album, photo_ids: Sequence[int], by: User | None) -> list[tuple[int, int]]:
    """Add photos to the album by time. Returns pairs of photo and item for those that were not in it."""
    there = set(AlbumItem.objects.filter(album=album, photo__in=photo_ids).values_list("photo", flat=True))
    taken = Photo.objects.filter(pk__in=photo_ids).order_by("taken_local", "pk").values_list("pk", "taken_local")
    rows = [
        AlbumItem(album=album, photo_id=photo_id, position=position_of(local, album.newest_first), added_by=by)
        for photo_id, local in taken
        if photo_id not in there
    ]
    AlbumItem.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    added = AlbumItem.objects.filter(album=album, photo__in=[row.photo_id for row in rows])
    return list(added.values_list("photo", "pk"))


def remove(album: Album, photo_ids: Iterable[int]) -> list[list[Any]]:
    """Remove photos. Returns what `put_back` needs."""
    ids, rows = list(photo_ids), []
    with transaction.atomic():
        for first in range(0, len(ids), BATCH):
            gone = AlbumItem.objects.filter(album=album, photo__in=ids[first : first + BATCH])
            rows += [list(row) for row in gone.values_list("pk", "photo", "position", "heading", "added_by")]
            gone.delete()
    return rows


def bearer(item: AlbumItem) -> AlbumItem:
    """The item whose heading stands above this one: itself, or one before whose photo is in the trash."""
    shown = above(shown_items(item.album), item).last()
    hidden = above(items_of(item.album), item).exclude(heading="")
    if shown:
        hidden = below(hidden, shown)
    return item if item.heading else hidden.last() or item


def heir_of(gone: Position, rest: QuerySet[AlbumItem]) -> AlbumItem | None:
    """The item of the same section that gets the heading of one that goes away."""
    following = below(rest, gone).first()
    return following if following and not following.heading else None


def hand_on(album: Album, rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Put the headings of removed items above what follows. Pairs of item and heading for `take_headings_back`."""
    handed = []
    for pk, _photo, position, heading, _by in rows:
        if heading and (heir := heir_of(Position(position, pk), items_of(album))):
            AlbumItem.objects.filter(pk=heir.pk).update(heading=heading)
            handed.append([heir.pk, heading])
    return handed


def take_headings_back(handed: Iterable[Sequence[Any]]) -> None:
    """Undo `hand_on`, except for headings that were changed since."""
    for pk, heading in handed:
        AlbumItem.objects.filter(pk=pk, heading=heading).update(heading="")


def hand_on_when_deleted(instance: AlbumItem, origin: Any, **_: Any) -> None:
    """Signal: a photo is deleted for good, alone or with others, and its heading is not."""
    photos = isinstance(origin, Photo) or getattr(origin, "model", None) is Photo
    if not instance.heading or not photos:
        return
    deleted = [origin.pk] if isinstance(origin, Photo) else list(origin.values_list("pk", flat=True))
    rest = AlbumItem.objects.filter(album=instance.album_id).exclude(photo__in=deleted)
    if heir := heir_of(Position(instance.position, instance.pk), rest.order_by("position", "pk")):
        AlbumItem.objects.filter(pk=heir.pk).update(heading=instance.heading)


def put_back(album: Album, rows: Iterable[Sequence[Any]]) -> None:
    """Restore removed items whose photos still exist, with their ids, which earlier actions refer to."""
    known = list(rows)
    there: set[int] = set()
    for first in range(0, len(known), BATCH):
        some = [row[1] for row in known[first : first + BATCH]]
        there.update(Photo.objects.filter(pk__in=some).values_list("pk", flat=True))
    people = User.objects.in_bulk({row[4] for row in known if row[4]})
    items = [
        AlbumItem(pk=pk, album=album, photo_id=photo, position=position, heading=heading, added_by=people.get(by))
        for pk, photo, position, heading, by in known
        if photo in there
    ]
    AlbumItem.objects.bulk_create(items, ignore_conflicts=True, batch_size=BATCH)


def move(album: Album, keys: Sequence[str], before: str | None) -> list[list[Any]]:
    """Put the photos with these keys, in this order, before the photo with the key `before`, or at the end.

    Returns pairs of item and old position for `set_positions`. Raises NotPossible.
    """
    with transaction.atomic():
        Album.objects.select_for_update().get(pk=album.pk)
        found = {item.photo.key: item for item in items_of(album).filter(photo__key__in=keys).select_related("photo")}
        moved = [found[key] for key in keys if key in found]
        if not moved:
            raise NotPossible(_("None of these photos is in the album."))
        rest = items_of(album).exclude(pk__in=[item.pk for item in moved])
        following = rest.filter(photo__key=before).first() if before else None
        if before and following is None:
            raise NotPossible(_("The photo that you moved them to is not in the album."))
        old = {item.pk: item.position for item in moved}
        new = places_between(rest, following, len(moved))
        old |= {pk: place for pk, place, _ in new.pushed}
        set_positions((pk, place) for pk, _, place in new.pushed)
        set_positions((item.pk, place) for item, place in zip(moved, new.places, strict=True))
    return [[pk, place] for pk, place in old.items()]


@dataclass(frozen=True)
class Room:
    """Positions for the moved items, and the neighbours that had to make room."""

    places: list[float]
    pushed: list[tuple[int, float, float]] = field(default_factory=list)  # item id, old and new position


def places_between(rest: QuerySet[AlbumItem], following: AlbumItem | None, count: int) -> Room:
    """Room for `count` items before `following`, or at the end."""
    if following is None:
        last = rest.last()
        start = microseconds(last.position) if last else 0
        return Room([seconds(start + (number + 1) * SECOND) for number in range(count)])
    previous = above(rest, following).last()
    high = microseconds(following.position)
    low = microseconds(previous.position) if previous else high - (count + 1) * SECOND
    if high - low > count:
        return Room(spread(low, high, count))
    return pushed_apart(rest, following, low, count)


def above(rest: QuerySet[AlbumItem], item: "AlbumItem | Position") -> QuerySet[AlbumItem]:
    """The items before this one."""
    return rest.filter(position__lte=item.position).exclude(position=item.position, pk__gte=item.pk)


def below(rest: QuerySet[AlbumItem], item: "AlbumItem | Position") -> QuerySet[AlbumItem]:
    """The items after this one."""
    return rest.filter(position__gte=item.position).exclude(position=item.position, pk__lte=item.pk)


def pushed_apart(rest: QuerySet[AlbumItem], following: AlbumItem, low: int, count: int) -> Room:
    """Move `following` and as few items after it as needed, doubling their number until there is room."""
    after = rest.filter(position__gte=following.position).exclude(position=following.position, pk__lt=following.pk)
    size = 16
    while True:
        window = list(after.values_list("pk", "position")[: size + 1])
        pushed = window[:size]
        needed = count + len(pushed)
        high = microseconds(window[size][1]) if len(window) > size else low + (needed + 1) * SECOND
        if high - low > needed:
            places = spread(low, high, needed)
            return Room(places[:count], [(*row, place) for row, place in zip(pushed, places[count:], strict=True)])
        size *= 2


def spread(low: int, high: int, count: int) -> list[float]:
    """`count` positions evenly spread between the two."""
    return [seconds(low + (high - low) * (number + 1) // (count + 1)) for number in range(count)]


def set_positions(pairs: Iterable[Sequence[Any]]) -> None:
    """Write pairs of item id and position with one prepared statement, ten times faster than bulk_update."""
    rows = [(place, pk) for pk, place in pairs]
    if rows:
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(AlbumItem._meta.db_table)
            cursor.executemany(f"UPDATE {table} SET position = %s WHERE id = %s", rows)


def sort_by_time(album: Album) -> list[list[Any]]:
    """Sort all items by time. Returns pairs of item id and old position for those that moved."""
    with transaction.atomic():
        rows = items_of(album).values_list("pk", "position", "photo__taken_local")
        sorted_rows = [(pk, old, position_of(local, album.newest_first)) for pk, old, local in rows]
        moved = [(pk, old, new) for pk, old, new in sorted_rows if old != new]
        set_positions((pk, place) for pk, _, place in moved)
    return [[pk, old] for pk, old, _ in moved]


def names_for(photo_ids: Sequence[int]) -> dict[int, str]:
    """The name of the first album by hand that each photo is in, of its owner's albums."""
    rows = AlbumItem.objects.filter(photo__in=photo_ids, album__deleted_at=None, album__owner=F("photo__owner"))
    rows = rows.order_by("-album__created_at", "-album")  # the first one is written last
    return dict(rows.values_list("photo", "album__name"))
