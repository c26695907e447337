"""An album as a list of the gallery: pages, neighbours in the viewer, selection of photos that are not loaded.

An album by hand has its own order and is divided by headings. A smart album is ordered by time, like the timeline.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import F, Q
from django.http import Http404

from accounts.models import User
from albums.access import album_or_404
from albums.items import EPOCH, Position, below, items_of, microseconds, position_of, shown_items
from albums.models import Album, AlbumItem
from albums.rules.smart import photos_matching
from photos.access import photos_of
from photos.gallery.timeline import PAGE_SIZE, TILE_FIELDS, Cursor, Day, Listing, Month, Page, Timeline
from photos.models import Photo, PhotoQuerySet
from search.limits import SearchedTimeline


def timeline(user: User, key: str) -> Timeline:
    """The list `album.KEY`. Raises Http404 if the user may not see that album or it is a folder."""
    album = album_or_404(user, key)
    if album.is_folder:
        raise Http404("a folder has albums, not photos")
    return of_album(album)


def of_album(album: Album, *, arranged: bool = False) -> Timeline:
    """The photos of an album, for anybody who may see it. `arranged`: in its own order, even if it is shown by day."""
    if album.is_smart:
        shown = photos_matching(album.owner, album.query)
        listing = listing_of(album, lambda photos: photos.filter(pk__in=shown.values("pk")), "taken_local")
        return SearchedTimeline(listing, photos_of(album.owner))

    def select(photos: PhotoQuerySet) -> PhotoQuerySet:
        return photos.present().displayable().filter(album_items__album=album)

    if album.is_arranged or arranged:
        return AlbumOrder(listing_of(album, select, "position"), Photo.objects.all(), album=album)
    return Timeline(listing_of(album, select, "taken_local"), Photo.objects.all())


def listing_of(album: Album, select: Callable[[PhotoQuerySet], PhotoQuerySet], order: str) -> Listing:
    address = album.get_absolute_url()
    return Listing(f"album.{album.key}", album.name, "images", select, order=order, address=address)


def cursor_at(position: float, item_id: int) -> Cursor:
    """An item's place as a cursor: its position as a time, and its id."""
    return Cursor(EPOCH + timedelta(microseconds=microseconds(position)), item_id)


@dataclass(frozen=True)
class AlbumOrder(Timeline):
    """The photos of an album by hand, in its order: `newer` photos come before, `older` ones after.

    Sections replace days. Each begins with a photo that has a heading, and has that item's id as its name.
    """

    album: Album = field(kw_only=True)

    def photos(self) -> PhotoQuerySet:
        shown = self.listing.select(self.owned).as_tiles()
        return shown.annotate(
            position=F("album_items__position"), item=F("album_items__pk"), heading=F("album_items__heading")
        ).order_by("position", "item")

    def place_of(self, text: str) -> Cursor:
        """The place above the section with that id."""
        first = items_of(self.album).filter(pk=int(text)).first() if int(text) else None
        return cursor_at(first.position, first.pk - 1) if first else Cursor(EPOCH - timedelta(days=365_000), 0)

    def cursor(self, photo: Photo) -> Cursor | None:
        item = AlbumItem.objects.filter(album=self.album, photo=photo).first()
        return cursor_at(item.position, item.pk) if item else None

    def below(self, cursor: Cursor) -> PhotoQuerySet:
        place = position_of(cursor.time)
        return self.photos().filter(Q(position__gte=place), Q(position__gt=place) | Q(item__gt=cursor.id))

    def above(self, cursor: Cursor) -> PhotoQuerySet:
        place = position_of(cursor.time)
        return self.photos().filter(Q(position__lte=place), Q(position__lt=place) | Q(item__lt=cursor.id)).reverse()

    def around(self, photo: Photo) -> Page:
        place = self.cursor(photo)
        if place is None:
            return self.older()
        before = list(self.above(place).only(*TILE_FIELDS)[: PAGE_SIZE // 2])
        return self.older(self._place(before[-1])) if len(before) == PAGE_SIZE // 2 else self.older()

    def keys_of_day(self, text: str, limit: int) -> list[str]:
        """The keys of a section."""
        start = self.place_of(text)
        within, top = self.below(start), position_of(start.time)
        headings = items_of(self.album).exclude(heading="").exclude(pk=int(text))
        if end := headings.filter(Q(position__gt=top) | Q(position=top, pk__gt=start.id)).first():
            within = within.filter(Q(position__lt=end.position) | Q(position=end.position, item__lt=end.pk))
        return list(within.values_list("key", flat=True)[:limit])

    def keys_between(self, one: Photo, other: Photo, limit: int) -> list[str]:
        ends = self._ends(one, other)
        if ends is None:
            return []
        return list(self.between(*ends).values_list("key", flat=True)[:limit])

    def between(self, start: Cursor, end: Cursor) -> PhotoQuerySet:
        last = position_of(end.time)
        return self.below(Cursor(start.time, start.id - 1)).filter(
            Q(position__lt=last) | Q(position=last, item__lte=end.id)
        )

    def months(self) -> list[Month]:
        return []

    def _whole_days(self, rows: list[Photo]) -> list[Photo]:
        return rows[:PAGE_SIZE]

    def _days(self, photos: list[Photo]) -> list[Day]:
        sections: list[list[Photo]] = []
        carried = self._carried(photos)
        for photo in photos:
            if not sections or photo.heading or photo.pk in carried:  # type: ignore[attr-defined]
                sections.append([])
            sections[-1].append(photo)
        days = []
        for group in sections:
            start = self._place(group[0])
            heading = carried.get(group[0].pk) or self._heading(group[0])
            days.append(Day(start.time.date(), group, start, self._place(group[-1]), *heading))
        return days

    def _carried(self, photos: list[Photo]) -> dict[int, tuple[str, int]]:
        """Headings of photos in the trash, with their items: they stand above the next photo."""
        hidden = items_of(self.album).exclude(heading="").exclude(pk__in=shown_items(self.album).values("pk"))
        rows = list(hidden.values_list("heading", "position", "pk")) if photos else []
        carried = {}
        for heading, position, pk in rows:
            after = (one for one in photos if (one.position, one.item) > (position, pk))  # type: ignore[attr-defined]
            following = next(after, None)
            if following is None or following.heading:  # type: ignore[attr-defined]
                continue
            if following is photos[0]:  # there may be others between, on the page before
                first = below(shown_items(self.album), Position(position, pk)).first()
                if first is None or first.photo_id != following.pk:
                    continue
            carried[following.pk] = heading, pk
        return carried

    def _heading(self, photo: Photo) -> tuple[str, int]:
        """The heading above the photo and its section's id; an empty heading and 0 before the first heading."""
        if photo.heading:  # type: ignore[attr-defined]
            return photo.heading, photo.item  # type: ignore[attr-defined]
        place = photo.position  # type: ignore[attr-defined]
        before = Q(position__lt=place) | Q(position=place, pk__lt=photo.item)  # type: ignore[attr-defined]
        headed = items_of(self.album).exclude(heading="").filter(before).last()
        return (headed.heading, headed.pk) if headed else ("", 0)

    def _place(self, photo: Photo) -> Cursor:
        return cursor_at(photo.position, photo.item)  # type: ignore[attr-defined]
