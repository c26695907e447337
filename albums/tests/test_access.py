"""Who sees which albums and photos."""

from itertools import pairwise

import pytest
from django.http import Http404
from django.utils import timezone

from albums.access import Role, album_or_404, partners_of, role_in, visible_albums
from albums.models import Album, Share
from photos.access import photos_of, visible_by_keys, visible_photo_or_404, visible_photos


def test_without_sharing_everybody_sees_their_own(owner, stranger, make_photo):
    mine, theirs = make_photo(), make_photo(owner=stranger)
    assert list(visible_photos(owner)) == [mine]
    assert list(visible_photos(stranger)) == [theirs]


def test_an_album_shows_what_is_in_it_and_nothing_else(owner, viewer, stranger, make_photo, make_album, share):
    shown, kept = make_photo(), make_photo()
    album = make_album(photos=[shown])
    share(viewer, album)
    assert list(visible_photos(viewer)) == [shown]
    assert visible_photo_or_404(viewer, shown.key) == shown
    for user, photo in ((viewer, kept), (stranger, shown)):
        with pytest.raises(Http404):
            visible_photo_or_404(user, photo.key)
    assert [photo for batch in visible_by_keys(viewer, [shown.key, kept.key]) for photo in batch] == [shown]
    assert not photos_of(viewer).exists()


def test_others_do_not_see_trashed_photos(owner, viewer, make_photo, make_album, share):
    photo = make_photo(trashed_at=timezone.now())
    share(viewer, make_album(photos=[photo]))
    share(viewer)
    assert not visible_photos(viewer).exists()
    assert visible_photos(owner).exists()


def test_partners_do_not_see_archived_photos(viewer, make_photo, make_album, share):
    photo, archived = make_photo(), make_photo(archived=True)
    share(viewer)
    assert list(visible_photos(viewer)) == [photo]
    assert [sharer.username for sharer in type(viewer).objects.filter(pk__in=partners_of(viewer))] == ["anna"]
    share(viewer, make_album(photos=[archived]))
    assert set(visible_photos(viewer)) == {photo, archived}


WORLD = "box=-180,-90,180,90"


def test_the_map_shows_what_is_shared_and_nothing_else(client, viewer, make_photo, make_album, share):
    shown, kept = make_photo(latitude=38.7, longitude=-9.1), make_photo(latitude=35.0, longitude=135.8, place="Kyoto")
    trashed = make_photo(latitude=60.4, longitude=5.3, trashed_at=timezone.now())
    album = make_album(photos=[shown, trashed])
    given = share(viewer, album)
    client.force_login(viewer)
    for within in ("", f"&in=album.{album.key}"):
        found = client.get(f"/map/clusters/?{WORLD}&zoom=3{within}").json()
        assert [cluster["key"] for cluster in found["clusters"]] == [shown.key]
        text = client.get(f"/map/photos/?{WORLD}{within}").content.decode()
        assert [photo.key in text for photo in (shown, kept, trashed)] == [True, False, False]
        assert "Kyoto" not in text
    assert 'data-bounds="-9.100000,38.700000,-9.100000,38.700000"' in client.get("/map/").content.decode()
    given.delete()
    assert client.get(f"/map/clusters/?{WORLD}&zoom=3").json() == {"clusters": [], "total": 0}
    assert client.get(f"/map/clusters/?{WORLD}&zoom=3&in=album.{album.key}").status_code == 404


def test_a_partners_places_are_on_the_map(client, viewer, make_photo, share):
    shown, _ = make_photo(latitude=38.7, longitude=-9.1), make_photo(latitude=1, longitude=1, archived=True)
    share(viewer, on_timeline=False)
    client.force_login(viewer)
    assert [one["key"] for one in client.get(f"/map/clusters/?{WORLD}&zoom=3").json()["clusters"]] == [shown.key]


def test_a_partner_may_be_kept_off_the_timeline(viewer, share):
    share(viewer, on_timeline=False)
    assert partners_of(viewer)
    assert not partners_of(viewer, on_timeline=True)


def test_the_owner_sees_what_contributors_add(owner, viewer, make_photo, make_album, share):
    added, kept = make_photo(owner=viewer), make_photo(owner=viewer)
    share(viewer, make_album(photos=[added]), Role.CONTRIBUTOR)
    assert list(visible_photos(owner)) == [added]
    assert set(visible_photos(viewer)) == {added, kept}


def test_a_folder_is_shared_with_what_is_in_it(owner, viewer, make_photo, make_album, share):
    photo = make_photo()
    folder = make_album("Travel", kind=Album.Kind.FOLDER)
    inner = make_album("Portugal", kind=Album.Kind.FOLDER, parent=folder)
    album = make_album(photos=[photo], parent=inner)
    share(viewer, folder, Role.CONTRIBUTOR)
    assert list(visible_photos(viewer)) == [photo]
    assert set(visible_albums(viewer)) == {folder, inner, album}
    assert role_in(viewer, album) == Role.CONTRIBUTOR
    share(viewer, album, Role.VIEWER)
    assert role_in(viewer, album) == Role.CONTRIBUTOR  # the higher of both


def test_each_role_may_do_more_than_the_one_before(owner, viewer, stranger, make_album, share):
    album = make_album()
    given = share(viewer, album)
    for role, higher in pairwise(Role):
        Share.objects.filter(pk=given.pk).update(role=role)
        assert album_or_404(viewer, album.key, role) == album
        with pytest.raises(Http404):
            album_or_404(viewer, album.key, higher)
    assert album_or_404(owner, album.key, Role.OWNER) == album
    with pytest.raises(Http404):
        album_or_404(stranger, album.key)


def test_a_partners_photos_are_on_the_timeline_if_wanted(client, owner, viewer, make_photo, share):
    own, theirs = make_photo(owner=viewer, name="own.jpg"), make_photo(name="theirs.jpg")
    hidden = [make_photo(archived=True), make_photo(trashed_at=timezone.now())]
    given = share(viewer)
    client.force_login(viewer)
    text = client.get("/").content.decode()
    assert [photo.key in text for photo in (own, theirs, *hidden)] == [True, True, False, False]
    assert client.get("/map/").status_code == client.get("/months/").status_code == 200
    client.post("/albums/sharing/timeline/", {"user": owner.username, "shown": ""})
    given.refresh_from_db()
    text = client.get("/").content.decode()
    assert (given.on_timeline, own.key in text, theirs.key in text) == (False, True, False)
    client.force_login(owner)
    assert own.key not in client.get("/").content.decode()
