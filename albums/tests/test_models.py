"""Albums, items and shares: what the database refuses, and what remains after deletions."""

from collections.abc import Callable
from itertools import combinations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from albums.models import Album, AlbumItem, Role, Share, ShareLink
from photos.models import Photo

Maker = Callable[..., Photo]
MakeAlbum = Callable[..., Album]


def test_roles_compare_by_what_they_allow() -> None:
    for lower, higher in combinations(Role, 2):
        assert (lower < higher, lower <= higher, lower > higher, lower >= higher) == (True, True, False, False)
        assert (lower < lower, lower <= lower, lower > lower, lower >= lower) == (False, True, False, True)
        assert max(lower, higher) == higher
        assert lower < higher.value  # as a query gives it
    assert Role.granted() == [Role.VIEWER, Role.CONTRIBUTOR, Role.CO_OWNER]


def test_an_album_is_of_one_kind(make_album: MakeAlbum) -> None:
    kinds = [make_album(kind=kind) for kind in Album.Kind]
    assert [(album.is_manual, album.is_smart, album.is_folder) for album in kinds] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]


def test_only_a_smart_album_has_a_query(make_album: MakeAlbum) -> None:
    assert make_album(kind="smart", query="beach").query == "beach"
    for kind in ("manual", "folder"):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_album(kind=kind, query="beach")


def test_an_album_is_named_and_found_by_its_key(make_album: MakeAlbum) -> None:
    album, other = make_album("Lisbon"), make_album("Lisbon")
    assert str(album) == "Lisbon"
    assert album.get_absolute_url() == f"/albums/album/{album.key}/"
    assert album.key != other.key


def test_a_deleted_album_is_kept_out_of_lists_and_keeps_its_rows(make_photo: Maker, make_album: MakeAlbum) -> None:
    album = make_album("Lisbon", [make_photo()])
    album.deleted_at = timezone.now()
    album.save()
    assert not Album.objects.exists()
    assert list(Album.everything.all()) == [album]
    assert AlbumItem.objects.get().album == album


def test_an_album_stays_when_its_folder_or_its_cover_goes(make_photo: Maker, make_album: MakeAlbum) -> None:
    folder, cover = make_album("Trips", kind="folder"), make_photo()
    album = make_album("Lisbon", [cover], parent=folder, cover=cover)
    folder.delete()
    cover.delete()
    album.refresh_from_db()
    assert (album.parent, album.cover, album.items.count()) == (None, None, 0)


def test_a_photo_is_in_an_album_once(make_photo: Maker, make_album: MakeAlbum) -> None:
    photo = make_photo()
    album, other = make_album("Lisbon", [photo]), make_album("Porto")
    AlbumItem.objects.create(album=other, photo=photo, position=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        AlbumItem.objects.create(album=album, photo=photo, position=9)


def test_photos_stay_when_the_account_that_added_them_is_deleted(
    viewer: User, make_photo: Maker, make_album: MakeAlbum
) -> None:
    item = AlbumItem.objects.create(album=make_album(), photo=make_photo(), position=0, added_by=viewer)
    viewer.delete()
    item.refresh_from_db()
    assert item.added_by is None


# --- shares -----------------------------------------------------------------------------------------------------------


def test_an_album_is_shared_with_a_user_once(viewer: User, make_album: MakeAlbum, share: Callable[..., Share]) -> None:
    album = make_album()
    share(viewer, album)
    share(viewer, make_album())
    with pytest.raises(IntegrityError), transaction.atomic():
        share(viewer, album, Role.CO_OWNER)


def test_a_library_is_shared_with_a_user_once(viewer: User, stranger: User, share: Callable[..., Share]) -> None:
    share(viewer)
    share(stranger)
    with pytest.raises(IntegrityError), transaction.atomic():
        share(viewer)


def test_nobody_shares_with_themselves(owner: User, make_album: MakeAlbum, share: Callable[..., Share]) -> None:
    for album in (make_album(), None):
        with pytest.raises(IntegrityError), transaction.atomic():
            share(owner, album)


@pytest.mark.parametrize("gone", ["album", "owner", "user"])
def test_a_share_is_deleted_with_its_album(
    owner: User, viewer: User, make_album: MakeAlbum, share: Callable[..., Share], gone: str
) -> None:
    album = make_album()
    share(viewer, album)
    {"album": album, "owner": owner, "user": viewer}[gone].delete()
    assert not Share.objects.exists()


def test_names_of_rows(owner: User, viewer: User, make_album: MakeAlbum, share: Callable[..., Share]) -> None:
    album = make_album()
    assert str(share(viewer, album)) == f"{album.pk} with {viewer.pk}"
    assert str(share(viewer)) == f"library with {viewer.pk}"
    link = ShareLink.objects.create(owner=owner, token_hash="0")
    assert str(link) == f"link {link.pk}"
    assert str(ShareLink(name="For Vera")) == "For Vera"
