"""The order of an album: exact, and written with few rows."""

import random
from datetime import datetime

import pytest

from albums import items
from albums.models import AlbumItem
from mirage.refusals import NotPossible


def order(album):
    return list(items.items_of(album).values_list("photo__original_name", flat=True))


@pytest.fixture
def album(make_photo, make_album):
    """Five photos, a to e, taken a minute apart and added in disorder."""
    photos = {
        name: make_photo(name=name, taken=datetime(2024, 5, 1, 12, minute)) for minute, name in enumerate("abcde")
    }
    album = make_album()
    for some in ("db", "ae", "c"):
        items.add(album, [photos[name].pk for name in some], album.owner)
    album.photos = photos
    return album


def keys(album, names):
    return [album.photos[name].key for name in names]


def test_added_photos_are_placed_by_time(album):
    assert order(album) == list("abcde")
    assert items.add(album, [album.photos["c"].pk], album.owner) == []


@pytest.mark.parametrize(
    ("moved", "before", "after"),
    [("e", "a", "eabcd"), ("a", None, "bcdea"), ("ca", "e", "bdcae"), ("b", "c", "abcde"), ("edcba", None, "edcba")],
)
def test_photos_are_moved_in_the_order_given(album, moved, before, after):
    old = items.move(album, keys(album, moved), album.photos[before].key if before else None)
    assert order(album) == list(after)
    items.set_positions(old)
    assert order(album) == list("abcde")


def test_moving_before_a_photo_outside_the_album_is_refused(album, make_photo):
    with pytest.raises(NotPossible):
        items.move(album, keys(album, "a"), make_photo().key)
    with pytest.raises(NotPossible):
        items.move(album, [make_photo().key], None)


def test_photos_at_the_same_position_make_room(make_photo, make_album):
    photos = [make_photo(name=str(number), taken=datetime(2024, 5, 1)) for number in range(40)]
    album = make_album()
    items.add(album, [photo.pk for photo in photos], album.owner)
    wanted = order(album)
    by_name = {photo.original_name: photo for photo in photos}
    chance = random.Random(7)
    for _ in range(60):
        moved = chance.sample(wanted, 3)
        rest = [name for name in wanted if name not in moved]
        place = chance.randrange(len(rest) + 1)
        before = by_name[rest[place]].key if place < len(rest) else None
        items.move(album, [by_name[name].key for name in moved], before)
        wanted = rest[:place] + moved + rest[place:]
        assert order(album) == wanted


def test_a_move_writes_only_the_moved_row(album):
    before = dict(items.items_of(album).values_list("pk", "position"))
    assert len(items.move(album, keys(album, "e"), album.photos["a"].key)) == 1
    after = dict(items.items_of(album).values_list("pk", "position"))
    assert sum(before[pk] != after[pk] for pk in before) == 1


def test_removed_photos_return_to_their_position(album):
    AlbumItem.objects.filter(album=album, photo=album.photos["c"]).update(heading="Noon")
    ids = dict(items.items_of(album).values_list("photo__original_name", "pk"))
    rows = items.remove(album, [album.photos[name].pk for name in "bc"])
    assert order(album) == list("ade")
    album.photos["b"].delete()
    items.put_back(album, rows)
    assert order(album) == list("acde")
    assert AlbumItem.objects.get(photo=album.photos["c"]).pk == ids["c"]  # earlier actions know it by that
    assert AlbumItem.objects.get(photo=album.photos["c"]).heading == "Noon"


def test_sorting_orders_by_time(album):
    items.move(album, keys(album, "ec"), album.photos["a"].key)
    old = items.sort_by_time(album)
    assert order(album) == list("abcde")
    items.set_positions(old)
    assert order(album) == list("ecabd")
