"""What lists of albums show: covers, numbers of photos, dates, and the contents of folders."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from albums.access import Role
from albums.cards import MOSAIC, Card, cards, cover_ids, cover_of, summary
from albums.models import Album, Share
from photos.models import Photo

Maker = Callable[..., Photo]
MakeAlbum = Callable[..., Album]


def card(album: Album, **given: Any) -> Card:
    (made,) = cards([album], given.pop("user", album.owner), **given)
    return made


def days(make_photo: Maker, *numbers: int, **fields: Any) -> list[Photo]:
    return [make_photo(taken=datetime(2024, 5, number), **fields) for number in numbers]


def test_count_and_dates(make_photo: Maker, make_album: MakeAlbum) -> None:
    made = card(make_album("Norway", days(make_photo, 3, 1, 2)))
    assert made.count == 3
    assert (made.first, made.last) == (datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 5, 3, tzinfo=UTC))


def test_only_displayable_photos_count(make_photo: Maker, make_album: MakeAlbum) -> None:
    shown, trashed, unseen = make_photo(), make_photo(trashed_at=timezone.now()), make_photo(displayable=False)
    made = card(make_album("Norway", [trashed, unseen, shown], cover=trashed))
    assert (made.count, made.cover) == (1, shown)


def test_an_empty_album(make_album: MakeAlbum) -> None:
    made = card(make_album())
    assert (made.count, made.cover, made.first, made.last, made.mosaic) == (0, None, None, None, [])


def test_the_cover_is_the_chosen_photo_or_the_first(make_photo: Maker, make_album: MakeAlbum) -> None:
    photos = days(make_photo, 3, 1)
    album = make_album("Norway", photos)
    assert card(album).cover == photos[0]
    album.cover = photos[1]
    album.save()
    assert card(album).cover == photos[1]


def test_a_chosen_cover_that_was_removed_is_not_the_cover(make_photo: Maker, make_album: MakeAlbum) -> None:
    inside, outside = make_photo(), make_photo()
    album = make_album("Norway", [inside], cover=outside)
    assert cover_ids([album.pk]) == {album.pk: inside.pk}
    assert cover_of(album) == inside
    assert cover_of(make_album("Empty")) is None


# --- folders ---------------------------------------------------------------------------------------------------------


def test_a_folder_shows_its_contents(make_photo: Maker, make_album: MakeAlbum) -> None:
    folder = make_album("Trips", kind=Album.Kind.FOLDER)
    photo = make_photo()
    inside = [make_album("Norway", [photo], parent=folder), make_album("Empty", parent=folder)]
    make_album("Elsewhere", [make_photo()])
    made = card(folder)
    assert {each.album for each in made.inside} == set(inside)
    assert made.mosaic == [photo]
    assert made.count == 0


def test_a_mosaic_has_a_few_covers_including_those_of_inner_folders(make_photo: Maker, make_album: MakeAlbum) -> None:
    folder = make_album("Trips", kind=Album.Kind.FOLDER)
    photos = [make_photo() for _ in range(MOSAIC + 2)]
    for number, photo in enumerate(photos):
        make_album(f"Trip {number}", [photo], parent=folder)
    mosaic = card(folder).mosaic
    assert len(mosaic) == MOSAIC
    assert set(mosaic) < set(photos)
    inner = Card(folder, inside=[Card(folder, cover=photos[0])])
    assert Card(folder, inside=[inner]).mosaic == [photos[0]]


# --- sharing ---------------------------------------------------------------------------------------------------------


def test_own_and_shared_albums(owner: User, viewer: User, make_album: MakeAlbum, share: Callable[..., Share]) -> None:
    album = make_album()
    assert (card(album).role, card(album).shared) == (Role.OWNER, False)
    share(viewer, album, Role.CONTRIBUTOR)
    assert (card(album).role, card(album).shared) == (Role.OWNER, True)
    assert card(album, user=viewer, roles={album.pk: Role.CONTRIBUTOR}).role == Role.CONTRIBUTOR
    assert card(album, user=viewer).role == Role.VIEWER


def test_queries_do_not_grow(
    owner: User, make_photo: Maker, make_album: MakeAlbum, django_assert_num_queries: Any
) -> None:
    folder = make_album("Trips", kind=Album.Kind.FOLDER)
    for number in range(6):
        make_album(f"Album {number}", [make_photo()])
        make_album(f"Trip {number}", [make_photo()], parent=folder)
    top = Album.objects.filter(parent=None)

    def count(albums: list[Album]) -> int:
        with django_assert_num_queries(8, exact=False) as queries:
            cards(albums, owner)
        return len(queries)

    assert count(list(top)) == count([folder, top.exclude(pk=folder.pk)[0]])


# --- one album -------------------------------------------------------------------------------------------------------


def test_the_summary_of_an_album(make_photo: Maker, make_album: MakeAlbum) -> None:
    photos = [
        photo
        for place, count in (("Bergen", 1), ("Oslo", 3), ("", 2), ("Alta", 1), ("Bodø", 1))
        for photo in days(make_photo, *range(1, count + 1), place=place)
    ]
    found = summary(make_album("Norway", [*photos, make_photo(trashed_at=timezone.now(), place="Gone")]))
    assert found["count"] == 8
    assert (found["first"].day, found["last"].day) == (1, 3)
    assert found["places"] == ["Oslo", "Alta", "Bergen"]


@pytest.mark.parametrize("kind", [Album.Kind.SMART])
def test_a_smart_album_shows_what_its_search_finds(make_photo: Maker, make_album: MakeAlbum, kind: str) -> None:
    older, newer = days(make_photo, 1, 2, rating=5)
    make_photo()
    album = make_album("Best", kind=kind, query="rating:5")
    assert cover_of(album) == newer
    found = summary(album)
    assert (found["count"], found["first"]) == (2, older.taken_local)
    made = card(album)
    assert (made.cover, made.count) == (None, 0)  # asked for by its own page alone
