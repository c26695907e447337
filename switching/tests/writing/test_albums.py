"""Albums that are new, known, deleted or of the same name; folders, order, shares; stacks."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from albums import actions, items
from albums.models import Album, Share
from photos.gallery.stacking import stacks
from photos.models import Photo, Stack
from switching import stream
from switching.ledger import Ledger
from switching.writing import albums

pytestmark = pytest.mark.django_db
Make = Callable[..., Photo]


@pytest.fixture
def ledger(owner: User) -> Ledger:
    return Ledger(owner, "immich")


def wish(*photos: Photo, key: str = "1", name: str = "Trip", **details: Any) -> dict[str, Any]:
    known = {str(photo.pk): photo.pk for photo in photos}
    return albums.album_wish(stream.Album(key, name, assets=tuple(known), **details), known)


def order(album: Album) -> list[str]:
    return [item.photo.original_name for item in items.items_of(album).select_related("photo")]


def test_an_album_of_the_same_name_is_filled(owner: User, ledger: Ledger, make_photo: Make) -> None:
    one, two = make_photo(), make_photo()
    mine = actions.create(owner, "trip")
    items.add(mine, [one.pk], owner)
    assert albums.plan_album(ledger, wish(one, two))["photos"] == 1
    before = albums.bring_album(ledger, wish(one, two), owner)
    assert sorted(mine.items.values_list("photo", flat=True)) == [one.pk, two.pk]
    albums.revert_album(ledger, before)
    assert list(mine.items.values_list("photo", flat=True)) == [one.pk]


def test_two_albums_of_one_name_stay_two(owner: User, ledger: Ledger, make_photo: Make) -> None:
    one, two = make_photo(), make_photo()
    albums.bring_album(ledger, wish(one), owner)
    albums.bring_album(ledger, wish(two, key="2"), owner)
    assert [album.items.count() for album in Album.objects.filter(name="Trip")] == [1, 1]


def test_a_deleted_album_stays_deleted(owner: User, ledger: Ledger, make_photo: Make) -> None:
    photo = make_photo()
    albums.bring_album(ledger, wish(photo), owner)
    actions.delete(Album.objects.get(), owner)
    assert albums.plan_album(ledger, wish(photo)) == {"deleted": True}
    assert albums.bring_album(ledger, wish(photo), owner) is None
    assert not Album.objects.exists()


def test_folders_and_an_order_of_its_own(owner: User, ledger: Ledger, make_photo: Make) -> None:
    one, two, three = (make_photo(name=f"{n}.jpg") for n in "abc")
    actions.create(owner, "Travel", kind=Album.Kind.FOLDER)
    before = albums.bring_album(ledger, wish(three, one, two, folders=("Travel", "2024"), arranged=True), owner)
    album = Album.objects.get(kind="manual")
    assert order(album) == ["c.jpg", "a.jpg", "b.jpg"]
    assert (album.parent.name, album.parent.parent.name) == ("2024", "Travel")
    albums.revert_album(ledger, before)
    assert [found.name for found in Album.everything.all()] == ["Travel"]


def test_undo_keeps_an_album_with_photos_of_the_owner(owner: User, ledger: Ledger, make_photo: Make) -> None:
    one, two = make_photo(), make_photo()
    before = albums.bring_album(ledger, wish(one), owner)
    album = Album.objects.get()
    items.add(album, [two.pk], owner)
    albums.revert_album(ledger, before)
    assert list(album.items.values_list("photo", flat=True)) == [two.pk]


def test_new_photos_come_later_and_removed_ones_stay_out(owner: User, ledger: Ledger, make_photo: Make) -> None:
    one, two = make_photo(), make_photo()
    albums.bring_album(ledger, wish(one), owner)
    album = Album.objects.get()
    items.remove(album, [one.pk])
    second = albums.bring_album(ledger, wish(one, two), owner)
    assert list(album.items.values_list("photo", flat=True)) == [two.pk]
    albums.revert_album(ledger, second)
    assert albums.missing_photos(ledger, album, wish(one, two)) == [two.pk]


def test_shares_are_for_those_who_have_an_account(owner: User, ledger: Ledger, ben: User, make_photo: Make) -> None:
    shares = tuple(stream.Sharing(name, True) for name in ("BEN@example.org", "nobody@example.org", "anna"))
    shared = wish(make_photo(), shares=shares)
    plan = albums.plan_album(ledger, shared)
    assert (plan["shared"], plan["unknown"]) == (["Trip: ben"], ["Trip: nobody@example.org", "Trip: anna"])
    before = albums.bring_album(ledger, shared, owner)
    assert [(share.user, share.role) for share in Share.objects.all()] == [(ben, "contributor")]
    Share.objects.all().delete()
    albums.bring_album(ledger, shared, owner)
    assert not Share.objects.exists()  # the owner ended it
    albums.revert_album(ledger, before)
    assert not Album.objects.exists()


def test_names_are_cleaned() -> None:
    assert albums.fitting(" \n\u200b ") == "Untitled"
    assert albums.fitting("x" * 300) == "x" * 255
    assert albums.fitting("'; DROP TABLE albums_album; --") == "'; DROP TABLE albums_album; --"


def test_stacks_are_made_once_and_not_of_what_was_taken_apart(owner: User, ledger: Ledger, make_photo: Make) -> None:
    one, two, three = make_photo(), make_photo(), make_photo()
    both = {"key": "s", "photos": [one.pk, two.pk], "cover": two.pk}
    made = albums.bring_stacks(ledger, [both])
    stack = Stack.objects.get()
    assert stack.cover == two
    assert albums.bring_stacks(ledger, [both, {"key": "t", "photos": [two.pk, three.pk], "cover": None}]) == []
    albums.revert_stacks(ledger, made)
    assert not Stack.objects.exists()
    stacks.unstack(stacks.make([one, two], one), owner)
    assert not albums.may_stack(ledger, both)
    assert not albums.may_stack(ledger, {"key": "u", "photos": [one.pk], "cover": None})


def test_a_stack_takes_what_mirage_stacked_by_itself_along_and_gives_it_back(ledger: Ledger, make_photo: Make) -> None:
    raw, jpeg, edited = make_photo(), make_photo(), make_photo()
    own = stacks.make([raw, jpeg], jpeg, Stack.Kind.RAW)
    assert not albums.may_stack(ledger, {"key": "s", "photos": [raw.pk, jpeg.pk], "cover": raw.pk})  # it is one already
    made = albums.bring_stacks(ledger, [{"key": "s", "photos": [edited.pk, jpeg.pk], "cover": edited.pk}])
    stack = Stack.objects.get(cover=edited)
    assert set(stack.photos.all()) == {raw, jpeg, edited}
    albums.revert_stacks(ledger, made)
    assert set(own.photos.all()) == {raw, jpeg}
    assert Photo.objects.get(pk=edited.pk).stack is None


def test_undo_leaves_what_was_stacked_otherwise_since(ledger: Ledger, make_photo: Make) -> None:
    one, two, three = make_photo(), make_photo(), make_photo()
    made = albums.bring_stacks(ledger, [{"key": "s", "photos": [one.pk, two.pk], "cover": None}])
    mine = stacks.make([two, three], three)
    albums.revert_stacks(ledger, made)
    assert set(mine.photos.all()) == {two, three}
