"""What lists of albums show: cover, number of photos, first and last date. The number of queries is constant."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Subquery

from accounts.models import User
from albums.access import Role
from albums.items import shown_items
from albums.models import Album, AlbumItem
from albums.timeline import of_album
from mirage.web.time_limit import TakesTooLong
from photos.models import Photo
from search.limits import in_time

MOSAIC = 4  # covers of a folder
PLACES = 3


@dataclass
class Card:
    """An album in a list."""

    album: Album
    cover: Photo | None = None
    count: int = 0
    first: datetime | None = None
    last: datetime | None = None
    inside: list["Card"] = field(default_factory=list)
    role: Role = Role.OWNER
    shared: bool = False

    @property
    def mosaic(self) -> list[Photo]:
        """The covers of a folder's contents."""
        covers = (cover for card in self.inside for cover in ([card.cover] if card.cover else card.mosaic))
        return [cover for cover, _ in zip(covers, range(MOSAIC), strict=False)]


def cards(albums: Iterable[Album], user: User, roles: dict[int, Role] | None = None) -> list[Card]:
    """The albums as cards, folders with their contents."""
    made = {album.pk: Card(album) for album in albums}
    inside = list(Album.objects.filter(parent__in=[pk for pk, card in made.items() if card.album.is_folder]))
    below = {album.pk: Card(album) for album in inside}
    everything = made | below
    fill(list(everything.values()))
    for album in inside:
        made[album.parent_id].inside.append(everything[album.pk])  # type: ignore[index]
    for card in made.values():
        if card.album.owner_id != user.pk:
            card.role = (roles or {}).get(card.album.pk, Role.VIEWER)
    return list(made.values())


def fill(made: Sequence[Card]) -> None:
    """Set counts, dates, covers and whether each is shared."""
    by_hand = {card.album.pk: card for card in made if card.album.is_manual}
    shown = AlbumItem.objects.filter(album__in=by_hand, photo__trashed_at=None, photo__displayable=True)
    taken = (
        shown.order_by()
        .values_list("album")
        .annotate(Count("pk"), Min("photo__taken_local"), Max("photo__taken_local"))
    )
    for pk, *found in taken:
        by_hand[pk].count, by_hand[pk].first, by_hand[pk].last = found
    covers = cover_ids(list(by_hand))
    photos = Photo.objects.in_bulk(set(covers.values()))
    for pk, card in by_hand.items():
        card.cover = photos.get(covers.get(pk, 0))
    with_shares = Album.objects.filter(pk__in=[card.album.pk for card in made], shares__isnull=False)
    shared = set(with_shares.values_list("pk", flat=True))
    for card in made:
        card.shared = card.album.pk in shared


def cover_ids(album_ids: Sequence[int]) -> dict[int, int]:
    """The ids of the covers by album id: the chosen photo if it is still in the album, otherwise the first."""
    shown = AlbumItem.objects.filter(album=OuterRef("pk"), photo__trashed_at=None, photo__displayable=True)
    rows = Album.objects.filter(pk__in=album_ids).annotate(
        chosen=Subquery(shown.filter(photo=OuterRef("cover")).values("photo")[:1]),
        first=Subquery(shown.order_by("position", "pk").values("photo")[:1]),
    )
    return {pk: chosen or first for pk, chosen, first in rows.values_list("pk", "chosen", "first") if chosen or first}


def cover_of(album: Album) -> Photo | None:
    """The cover of the album."""
    if album.is_smart:
        with suppress(TakesTooLong), in_time():
            return of_album(album).photos().first()
        return None
    found = cover_ids([album.pk]).get(album.pk)
    return Photo.objects.filter(pk=found).first() if found else None


def summary(album: Album) -> dict[str, Any]:
    """The album's number of photos, first and last date, and most frequent places."""
    photos = (
        Photo.objects.filter(pk__in=shown_items(album).order_by().values("photo"))
        if album.is_manual
        else of_album(album).photos().order_by()
    )
    found = photos.aggregate(count=Count("pk"), first=Min("taken_local"), last=Max("taken_local"))
    places = photos.exclude(place="").values("place").annotate(count=Count("pk")).order_by("-count", "place")
    return found | {"places": [row["place"] for row in places[:PLACES]]}
