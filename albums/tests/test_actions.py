"""Actions on albums: refused with a reason or recorded, and undone unless something changed since."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Activity, User
from accounts.undoing import can_undo, undo
from albums import actions, items
from albums.models import Album, AlbumItem
from mirage.refusals import NotPossible
from photos.models import Photo

Maker = Callable[..., Photo]
MakeAlbum = Callable[..., Album]


def names(album: Album) -> list[str]:
    return list(items.items_of(album).values_list("photo__original_name", flat=True))


def fresh(album: Album) -> Album:
    return Album.everything.get(pk=album.pk)


# --- making -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "name"), [("  Two \n words ", "Two words"), ("nul\0l", "null"), ("x" * 255, "x" * 255)]
)
def test_names_are_one_line(owner: User, typed: str, name: str) -> None:
    assert actions.create(owner, typed).name == name


@pytest.mark.parametrize("typed", ["", "  \n", "\0", "x" * 256])
def test_empty_and_long_names_are_refused(owner: User, typed: str) -> None:
    with pytest.raises(NotPossible, match="name"):
        actions.create(owner, typed)
    assert not Album.everything.exists()
    assert not Activity.objects.exists()


def test_making_an_album_is_recorded(owner: User, make_album: MakeAlbum) -> None:
    folder = make_album("Trips", kind="folder")
    album = actions.create(owner, "Beaches", kind="smart", parent=folder, query="beach")
    assert (fresh(album).kind, fresh(album).parent, fresh(album).query) == ("smart", folder, "beach")
    activity = Activity.objects.get()
    assert (activity.owner, activity.actor, activity.verb) == (owner, owner, "albums.created")
    assert (activity.target_type, activity.target_id) == ("album", album.pk)
    assert not can_undo(activity)


def test_a_search_is_kept_without_nulls(owner: User) -> None:
    """PostgreSQL refuses them."""
    album = actions.create(owner, "Beaches", kind="smart", query="\x00beach\x00sun ")
    assert fresh(album).query == "beach sun"
    actions.edit(album, owner, query="sea\x00")
    assert fresh(album).query == "sea"


@pytest.mark.parametrize("kind", ["manual", "smart"])
def test_only_folders_hold_albums(owner: User, make_album: MakeAlbum, kind: str) -> None:
    with pytest.raises(NotPossible, match="folders of the same owner"):
        actions.create(owner, "Lisbon", parent=make_album(kind=kind))


def test_albums_stay_with_folders_of_the_same_owner(owner: User, stranger: User, make_album: MakeAlbum) -> None:
    with pytest.raises(NotPossible, match="folders of the same owner"):
        actions.create(owner, "Lisbon", parent=make_album(owner=stranger, kind="folder"))


def test_a_folder_cannot_be_put_into_itself_or_its_contents(owner: User, make_album: MakeAlbum) -> None:
    outer = make_album("Outer", kind="folder")
    inner = make_album("Inner", kind="folder", parent=outer)
    deepest = make_album("Deepest", kind="folder", parent=inner)
    for place in (outer, inner, deepest):
        with pytest.raises(NotPossible, match="into itself"):
            actions.edit(outer, owner, parent=place)
    assert fresh(outer).parent is None
    actions.edit(deepest, owner, parent=outer)
    assert fresh(deepest).parent == outer


# --- editing ----------------------------------------------------------------------------------------------------------


def test_an_edit_changes_only_the_given_fields_and_is_undone(
    owner: User, make_photo: Maker, make_album: MakeAlbum
) -> None:
    cover, folder = make_photo(), make_album("Trips", kind="folder")
    album = make_album("Lisbon", [cover], description="Spring")
    activity = actions.edit(album, owner, name=" Lisboa ", cover=cover, parent=folder)
    assert (album.name, album.cover, album.parent, album.description) == ("Lisboa", cover, folder, "Spring")
    assert activity.detail["before"] == {"name": "Lisbon", "cover": None, "parent": None}
    assert activity.detail["after"] == {"name": "Lisboa", "cover": cover.pk, "parent": folder.pk}
    undo(activity, owner)
    album.refresh_from_db()
    assert (album.name, album.cover, album.parent, album.description) == ("Lisbon", None, None, "Spring")


def test_undo_keeps_later_changes(owner: User, make_album: MakeAlbum) -> None:
    album = make_album("Lisbon", description="Spring")
    activity = actions.edit(album, owner, name="Lisboa", description="Summer")
    actions.edit(album, owner, name="Our Lisbon")
    undo(activity, owner)
    assert (fresh(album).name, fresh(album).description) == ("Our Lisbon", "Spring")


def test_undo_does_not_restore_a_deleted_cover_or_folder(owner: User, make_photo: Maker, make_album: MakeAlbum) -> None:
    cover, folder = make_photo(), make_album("Trips", kind="folder")
    album = make_album("Lisbon", cover=cover, parent=folder)
    activity = actions.edit(album, owner, cover=None, parent=None)
    cover.delete()
    actions.delete(folder, owner)
    undo(activity, owner)
    assert (fresh(album).cover, fresh(album).parent) == (None, None)


def test_an_edit_by_a_co_owner_is_in_the_owners_history(owner: User, viewer: User, make_album: MakeAlbum) -> None:
    activity = actions.edit(make_album(), viewer, name="Ours")
    assert (activity.owner, activity.actor) == (owner, viewer)


def test_a_refused_edit_changes_nothing(owner: User, make_album: MakeAlbum) -> None:
    album = make_album("Lisbon")
    with pytest.raises(NotPossible):
        actions.edit(album, owner, description="Spring", name=" ")
    assert (fresh(album).name, fresh(album).description) == ("Lisbon", "")
    assert not Activity.objects.exists()


# --- deleting ---------------------------------------------------------------------------------------------------------


def test_contents_of_a_deleted_folder_move_up_and_return(owner: User, make_album: MakeAlbum) -> None:
    outer = make_album("Outer", kind="folder")
    inner = make_album("Inner", kind="folder", parent=outer)
    album, moved_since = make_album("Lisbon", parent=inner), make_album("Porto", parent=inner)
    activity = actions.delete(inner, owner)
    assert [fresh(each).parent for each in (album, moved_since)] == [outer, outer]
    actions.edit(moved_since, owner, parent=None)
    undo(activity, owner)
    assert fresh(inner).deleted_at is None
    assert [fresh(each).parent for each in (album, moved_since)] == [inner, None]


def test_an_album_returns_to_the_top_if_its_folder_is_gone(owner: User, make_album: MakeAlbum) -> None:
    folder = make_album("Trips", kind="folder")
    album = make_album("Lisbon", parent=folder)
    activity = actions.delete(album, owner)
    actions.delete(folder, owner)
    undo(activity, owner)
    assert (fresh(album).parent, fresh(album).deleted_at) == (None, None)


def test_deleting_an_album_changes_no_photo(owner: User, make_photo: Maker, make_album: MakeAlbum) -> None:
    album = make_album("Lisbon", [make_photo(name="a"), make_photo(name="b")])
    activity = actions.delete(album, owner)
    assert Photo.objects.filter(trashed_at=None).count() == 2
    undo(activity, owner)
    assert names(album) == ["a", "b"]


def test_other_actions_wait_until_a_deleted_album_is_back(owner: User, make_album: MakeAlbum) -> None:
    album = make_album("Lisbon")
    edited = actions.edit(album, owner, name="Lisboa")
    deleted = actions.delete(album, owner)
    with pytest.raises(NotPossible, match="no longer exists"):
        undo(edited, owner)
    undo(deleted, owner)
    undo(edited, owner)
    assert fresh(album).name == "Lisbon"


def test_a_deleted_album_is_forgotten_after_a_while(owner: User, make_photo: Maker, make_album: MakeAlbum) -> None:
    old, fresh_one, kept = make_album("Old", [make_photo()]), make_album("Fresh"), make_album("Kept")
    activity = actions.delete(old, owner)
    actions.delete(fresh_one, owner)
    Album.everything.filter(pk=old.pk).update(deleted_at=timezone.now() - actions.KEPT - timedelta(minutes=1))
    assert actions.purge_deleted() == 2  # the album and its item
    assert set(Album.everything.all()) == {fresh_one, kept}
    assert Photo.objects.count() == 1
    with pytest.raises(NotPossible, match="no longer exists"):
        undo(activity, owner)


# --- arranging --------------------------------------------------------------------------------------------------------


@pytest.fixture
def album(make_photo: Maker, make_album: MakeAlbum) -> Album:
    """Photos a to d, put in against the order in which they were taken."""
    taken = [make_photo(name=name) for name in "abcd"]
    return make_album("Lisbon", taken[::-1])


def keys(album: Album, wanted: str) -> list[str]:
    found = dict(album.items.values_list("photo__original_name", "photo__key"))
    return [found[name] for name in wanted]


Do = Callable[[Album, User], Activity]
ARRANGED: list[tuple[Do, str]] = [
    (lambda album, by: actions.move(album, by, keys(album, "ab"), keys(album, "d")[0]), "abdc"),
    (lambda album, by: actions.move(album, by, keys(album, "d"), None), "cbad"),
    (lambda album, by: actions.sort_by_time(album, by), "abcd"),
    (lambda album, by: actions.take_out(album, by, [album.items.get(photo__original_name="c").photo_id]), "dba"),
]


@pytest.mark.parametrize(("do", "after"), ARRANGED)
def test_arranging_is_undone(owner: User, album: Album, do: Do, after: str) -> None:
    activity = do(album, owner)
    assert names(album) == list(after)
    undo(activity, owner)
    assert names(album) == list("dcba")


def test_actions_count_their_photos(owner: User, album: Album, make_photo: Maker) -> None:
    assert actions.move(album, owner, keys(album, "ab"), None).detail["count"] == 2
    there = album.items.get(photo__original_name="c").photo_id
    assert actions.take_out(album, owner, [there, make_photo().pk]).detail["count"] == 1


def test_a_heading_is_one_line_and_is_undone(owner: User, album: Album) -> None:
    (key,) = keys(album, "c")
    actions.set_heading(album, owner, key, "Morning")
    activity = actions.set_heading(album, owner, key, "  By the\n\0river  ")
    assert AlbumItem.objects.get(photo__key=key).heading == "By the river"
    long = actions.set_heading(album, owner, key, "x" * 300)
    assert AlbumItem.objects.get(photo__key=key).heading == "x" * 255
    undo(long, owner)
    undo(activity, owner)
    assert AlbumItem.objects.get(photo__key=key).heading == "Morning"
    actions.set_heading(album, owner, key, " ")
    assert AlbumItem.objects.get(photo__key=key).heading == ""


def test_a_heading_needs_a_photo_of_the_album(owner: User, album: Album, make_photo: Maker) -> None:
    with pytest.raises(NotPossible, match="not in the album"):
        actions.set_heading(album, owner, make_photo().key, "Noon")


@pytest.mark.parametrize("verb", sorted(actions.REVERTS))
def test_nothing_is_undone_in_a_deleted_album(owner: User, make_album: MakeAlbum, verb: str) -> None:
    activity = Activity.objects.create(owner=owner, verb=verb, target_type="album", target_id=0, detail=detail(verb))
    with pytest.raises(NotPossible, match="no longer exists"):
        actions.revert(activity, owner)


def detail(verb: str) -> dict[str, Any]:
    return {"positions": [], "rows": [], "before": {}, "after": {}, "children": [], "item": 0, "verb": verb}
