"""The pages of albums and their actions, for the owner, other users with a role, and strangers."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Activity
from albums.models import Album, AlbumItem, Role
from mirage.testing.html import folded
from photos.gallery.timeline import PAGE_SIZE

HTMX = {"HX-Request": "true"}


@pytest.fixture
def sign_in(client):
    def as_user(user):
        client.force_login(user)
        return client

    return as_user


def url(album, page=""):
    return f"/albums/album/{album.key}/{page}"


def names(album):
    return list(
        AlbumItem.objects.filter(album=album).order_by("position").values_list("photo__original_name", flat=True)
    )


def test_the_list_shows_own_and_shared_albums(sign_in, owner, viewer, stranger, make_photo, make_album, share):
    album = make_album("Sintra", [make_photo()])
    share(viewer, album)
    for user, seen in ((owner, True), (viewer, True), (stranger, False)):
        assert ("Sintra" in sign_in(user).get("/albums/").content.decode()) is seen
    assert b"No albums yet" in sign_in(stranger).get("/albums/").content


def test_the_anonymous_are_sent_to_sign_in(client, make_album):
    for address in ("/albums/", url(make_album())):
        assert client.get(address).url.startswith("/accounts/login/")


def test_an_album_has_its_own_order_and_headings(sign_in, owner, make_photo, make_album):
    photos = [make_photo(name=name) for name in "cab"]
    album = make_album("Lisbon", photos)
    AlbumItem.objects.filter(photo=photos[1]).update(heading="By the river")
    text = sign_in(owner).get(url(album)).content.decode()
    assert [text.index(f"p-{photo.key}") for photo in photos] == sorted(
        text.index(f"p-{photo.key}") for photo in photos
    )
    assert text.index(photos[0].key) < text.index("By the river") < text.index(f"p-{photos[1].key}")
    assert "<html" in text
    assert "<html" not in sign_in(owner).get(url(album), headers=HTMX).content.decode()


def test_a_stranger_gets_404_everywhere(sign_in, stranger, make_photo, make_album):
    album = make_album("Lisbon", [make_photo()])
    client = sign_in(stranger)
    assert {client.get(url(album, page)).status_code for page in ("", "head/", "cover/")} == {404}
    for page in ("edit/", "delete/", "remove/", "move/", "sort/", "heading/"):
        assert client.post(url(album, page), {"name": "Mine"}).status_code == 404


def test_pages_follow_one_another(sign_in, owner, make_photo, make_album):
    photos = [make_photo(name=f"{number:03}.jpg") for number in range(PAGE_SIZE + 30)]
    album = make_album("Long", photos)
    client = sign_in(owner)
    first = folded(client.get(url(album)))
    assert photos[PAGE_SIZE - 1].key in first
    assert photos[PAGE_SIZE].key not in first
    cursor = first.split('data-more="older" href="?before=')[1].split('"')[0]
    second = client.get(url(album), {"before": cursor}, headers=HTMX).content.decode()
    assert photos[PAGE_SIZE].key in second
    assert photos[PAGE_SIZE - 1].key not in second
    around = folded(client.get(url(album), {"photo": photos[-1].key}))
    assert photos[-1].key in around
    assert 'data-more="newer"' in around
    above = around.split('data-more="newer" href="?after=')[1].split('"')[0]
    assert photos[0].key in client.get(url(album), {"after": above}, headers=HTMX).content.decode()
    for nonsense in ("?before=x", "?at=yesterday", "?after=9"):
        assert client.get(url(album) + nonsense).status_code == 404


def test_the_viewer_follows_the_albums_order(sign_in, owner, make_photo, make_album):
    first, second, third = (make_photo(name=name) for name in "bca")
    album = make_album(photos=[first, second, third])
    text = folded(sign_in(owner).get(f"/photo/{second.key}/?in=album.{album.key}"))
    assert f'rel="prev" href="/photo/{first.key}/' in text
    assert f'rel="next" href="/photo/{third.key}/' in text


def test_keys_of_a_range_and_of_a_section(sign_in, owner, make_photo, make_album):
    photos = [make_photo(name=str(number)) for number in range(6)]
    album = make_album(photos=photos)
    items = list(AlbumItem.objects.filter(album=album).order_by("position"))
    for place in (2, 4):
        items[place].heading = "Day"
        items[place].save()
    keys = [photo.key for photo in photos]

    def get(query):
        return sign_in(owner).get(f"/keys/?in=album.{album.key}&{query}").json()["keys"]

    assert get(f"from={keys[4]}&to={keys[1]}") == keys[1:5]
    assert get(f"day={items[2].pk}") == keys[2:4]
    assert get("day=0") == keys[:2]
    assert get(f"day={items[4].pk}") == keys[4:]


def test_making_naming_and_deleting_with_undo(sign_in, owner, make_photo):
    client = sign_in(owner)
    made = client.post("/albums/new/", {"name": "  Lisbon  2024 "})
    album = Album.objects.get()
    assert (album.name, made.url) == ("Lisbon 2024", url(album))
    assert client.post("/albums/new/", {"name": " "}, headers=HTMX).status_code == 422
    client.post(url(album, "edit/"), {"name": "Porto", "description": "In May"})
    album.refresh_from_db()
    assert (album.name, album.description) == ("Porto", "In May")
    client.post(f"/albums/undo/{Activity.objects.get(verb='albums.edited').pk}/")
    album.refresh_from_db()
    assert (album.name, album.description) == ("Lisbon 2024", "")
    AlbumItem.objects.create(album=album, photo=make_photo(), position=1)
    client.post(url(album, "delete/"))
    assert client.get(url(album)).status_code == 404
    undone = client.post(f"/albums/undo/{Activity.objects.get(verb='albums.deleted').pk}/", headers=HTMX)
    assert undone.status_code == 200
    assert client.get(url(album)).status_code == 200
    assert len(names(album)) == 1
    again = client.post(f"/albums/undo/{Activity.objects.get(verb='albums.deleted').pk}/", headers=HTMX)
    assert again.status_code == 422


def test_a_deleted_album_shows_its_photos_to_nobody_else(sign_in, owner, viewer, make_photo, make_album, share):
    photo = make_photo()
    album = make_album(photos=[photo])
    share(viewer, album)
    assert sign_in(viewer).get(f"/photo/{photo.key}/").status_code == 200
    sign_in(owner).post(url(album, "delete/"))
    assert sign_in(viewer).get(f"/photo/{photo.key}/").status_code == 404


def test_folders_hold_albums_but_not_themselves(sign_in, owner, make_album):
    outer, inner = (make_album(name, kind="folder") for name in ("Travel", "Portugal"))
    album = make_album("Lisbon")
    client = sign_in(owner)
    assert client.post(url(inner, "edit/"), {"parent": outer.key}, headers=HTMX).status_code == 200
    assert client.post(url(outer, "edit/"), {"parent": inner.key}, headers=HTMX).status_code == 422
    assert client.post(url(outer, "edit/"), {"parent": outer.key}, headers=HTMX).status_code == 422
    client.post(url(album, "edit/"), {"parent": inner.key})
    assert "Lisbon" in client.get(url(inner)).content.decode()
    client.post(url(inner, "delete/"))
    album.refresh_from_db()
    assert album.parent == outer
    client.post(f"/albums/undo/{Activity.objects.get(verb='albums.deleted').pk}/")
    album.refresh_from_db()
    assert album.parent == inner


def test_arranging_is_for_owner_and_co_owner(sign_in, owner, viewer, make_photo, make_album, share):
    photos = [make_photo(name=name) for name in "abc"]
    album = make_album(photos=photos)
    given = share(viewer, album, Role.CONTRIBUTOR)
    client = sign_in(viewer)
    move = {"keys": photos[2].key, "before": photos[0].key}
    assert client.post(url(album, "move/"), move).status_code == 404
    given.role = Role.CO_OWNER
    given.save()
    assert client.post(url(album, "move/"), move, headers=HTMX).status_code == 200
    assert names(album) == list("cab")
    client.post(url(album, "heading/"), {"keys": photos[0].key, "heading": "Noon"})
    assert AlbumItem.objects.get(photo=photos[0]).heading == "Noon"
    client.post(f"/albums/undo/{Activity.objects.get(verb='albums.moved').pk}/")
    assert names(album) == list("abc")
    assert client.post(url(album, "delete/")).status_code == 404
    assert client.post(url(album, "edit/"), {"cover": photos[1].key}, headers=HTMX).status_code == 200
    album.refresh_from_db()
    assert album.cover == photos[1]
    assert client.post(url(album, "edit/"), {"cover": make_photo().key}, headers=HTMX).status_code == 422


def test_a_contributor_adds_and_removes_only_own_photos(sign_in, owner, viewer, make_photo, make_album, share):
    photo, added = make_photo(name="a"), make_photo(name="b", owner=viewer)
    album = make_album(photos=[photo])
    given = share(viewer, album)
    client = sign_in(viewer)
    put = {"keys": f"{added.key},{photo.key}", "add": album.key}
    assert client.post("/albums/put/", put, headers=HTMX).status_code == 422  # a viewer adds nothing
    given.role = Role.CONTRIBUTOR
    given.save()
    assert client.post("/albums/put/", put, headers=HTMX).status_code == 200
    assert sorted(names(album)) == ["a", "b"]
    client.post(url(album, "remove/"), {"keys": f"{added.key},{photo.key}"})
    assert names(album) == ["a"]
    assert sign_in(owner).post("/albums/put/", {"keys": added.key, "new": "Mine"}, headers=HTMX).status_code == 422
    assert not Album.objects.filter(name="Mine").exists()


def test_the_dialog_shows_which_albums_hold_all_some_or_none(sign_in, owner, stranger, make_photo, make_album):
    one, other = make_photo(), make_photo()
    make_album("Both", [one, other])
    make_album("One", [one])
    make_album("None")
    make_album("Foreign", owner=stranger)
    text = sign_in(owner).post("/albums/choose/", {"keys": f"{one.key},{other.key}"}, headers=HTMX).content.decode()
    states = [line.split('data-state="')[1].split('"')[0] for line in text.splitlines() if "data-state" in line]
    assert states == ["none", "some", "all"]
    assert "Foreign" not in text


def test_several_albums_at_once_and_undo(sign_in, owner, make_photo, make_album):
    photos = [make_photo(taken=datetime(2024, 5, 1, 12, minute)) for minute in range(3)]
    full, one, other = make_album("Full", photos), make_album("One"), make_album("Other")
    keys = ",".join(photo.key for photo in photos)
    form = {"keys": keys, "add": [one.key, other.key], "remove": [full.key], "new": "Fresh"}
    response = sign_in(owner).post("/albums/put/", form, headers=HTMX)
    assert response.status_code == 200
    fresh = Album.objects.get(name="Fresh")
    assert [len(names(album)) for album in (full, one, other, fresh)] == [0, 3, 3, 3]
    sign_in(owner).post(f"/changes/{Activity.objects.get(target_type='photos').pk}/undo/")
    assert [len(names(album)) for album in (full, one, other, fresh)] == [3, 0, 0, 0]


def test_queries_of_the_list_do_not_grow(sign_in, owner, make_photo, make_album):
    client = sign_in(owner)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get("/albums/")
        return len(captured)

    folder = make_album("Folder", kind="folder")
    make_album("A", [make_photo()], parent=folder)
    make_album("A", [make_photo()])
    few = queries()
    for number in range(10):
        make_album(str(number), [make_photo()], parent=folder if number % 2 else None)
        make_album(f"Smart {number}", kind="smart", query="lisbon")
    assert queries() == few


def test_queries_of_an_album_do_not_grow(sign_in, owner, make_photo, make_album):
    client = sign_in(owner)
    album = make_album(photos=[make_photo() for _ in range(3)])

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(url(album))
        return len(captured)

    few = queries()
    for number in range(40):
        AlbumItem.objects.create(
            album=album, photo=make_photo(), position=10 + number, heading="Day" if number % 5 else ""
        )
    assert queries() == few


def test_newest_first_stays_so_when_photos_are_added(sign_in, owner, make_photo, make_album):
    days = {name: make_photo(name=name, taken=datetime(2024, 5, day)) for name, day in (("a", 1), ("c", 3), ("b", 2))}
    album = make_album("Lisbon", [days["a"], days["c"]])
    browser = sign_in(owner)
    browser.post(url(album, "sort/"), {"order": "newest"}, headers=HTMX)
    assert names(album) == ["c", "a"]
    browser.post("/albums/put/", {"keys": days["b"].key, "add": album.key}, headers=HTMX)
    assert names(album) == ["c", "b", "a"]
    browser.post(url(album, "sort/"), headers=HTMX)
    assert names(album) == ["a", "b", "c"]
    browser.post(f"/albums/undo/{Activity.objects.filter(verb='albums.sorted').latest('pk').pk}/", headers=HTMX)
    album.refresh_from_db()
    assert (names(album), album.newest_first) == (["c", "b", "a"], True)


def test_by_day_the_album_looks_like_the_timeline_and_its_order_stays(sign_in, owner, make_photo, make_album):
    photos = [make_photo(name="a", taken=datetime(2024, 5, 1)), make_photo(name="b", taken=datetime(2024, 5, 3))]
    album = make_album("Lisbon", photos)
    browser = sign_in(owner)
    assert "album-section" in browser.get(url(album)).content.decode()
    browser.post(url(album, "edit/"), {"view": "days"}, headers=HTMX)
    page = browser.get(url(album)).content.decode()
    assert "May 2024" in page
    assert "album-section" not in page
    assert "data-move-url" not in page
    assert page.index(f"p-{photos[1].key}") < page.index(f"p-{photos[0].key}")
    assert names(album) == ["a", "b"]
    browser.post(url(album, "edit/"), {"view": "sideways"}, headers=HTMX)
    album.refresh_from_db()
    assert album.view == "days"
    activity = Activity.objects.filter(verb="albums.edited").order_by("pk").first()
    browser.post(f"/albums/undo/{activity.pk}/", headers=HTMX)
    album.refresh_from_db()
    assert album.view == "arranged"


def test_the_rail_has_the_albums_that_can_be_filled(sign_in, owner, viewer, make_album, share, client):
    assert client.get("/albums/rail/").status_code == 302
    album = make_album("Sintra")
    make_album("Found", kind="smart", query="2024")
    share(viewer, album)
    shown = sign_in(owner).get("/albums/rail/", headers=HTMX).content.decode()
    assert f'data-album="{album.key}"' in shown
    assert "Found" not in shown
    assert "<html" not in shown
    assert "<html" in sign_in(owner).get("/albums/rail/").content.decode()
    assert "Sintra" not in sign_in(viewer).get("/albums/rail/", headers=HTMX).content.decode()
