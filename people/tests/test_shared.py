"""People in photos that others share: seen only in those photos."""

import re

import pytest

from accounts.models import User
from albums.models import Album, AlbumItem, Share
from mirage.testing.html import folded
from people.models import Face, Person
from photos.access import visible_photos
from search.compile import select

BOX = {"x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}


@pytest.fixture
def viewer(db):
    return User.objects.create_user("vera")


@pytest.fixture
def shared(owner, viewer, make_photo):
    """A photo of Grandma in a shared album, another of her that is not, and one of Uncle that is not."""
    photos = [make_photo() for _ in range(3)]
    grandma, uncle = (Person.objects.create(owner=owner, name=name) for name in ("Grandma", "Uncle"))
    for photo, person in zip(photos, (grandma, grandma, uncle), strict=True):
        Face.objects.create(photo=photo, person=person, assignment="confirmed", **BOX)
    album = Album.objects.create(owner=owner, name="Lisbon")
    AlbumItem.objects.create(album=album, photo=photos[0], position=1)
    Share.objects.create(owner=owner, user=viewer, album=album)
    return photos, grandma, uncle


def test_shared_people_are_listed_and_have_a_page(client, viewer, stranger, shared):
    photos, grandma, uncle = shared
    client.force_login(viewer)
    text = folded(client.get("/people/"))
    assert ("Grandma" in text, "Uncle" in text, "1 photo of anna" in text) == (True, False, True)
    page = client.get(f"/people/shared/{grandma.key}/").content.decode()
    assert [photo.key in page for photo in photos] == [True, False, False]
    assert client.get(f"/people/shared/{uncle.key}/").status_code == 404
    assert client.get(f"/people/person/{grandma.key}/").status_code == 404
    client.force_login(stranger)
    assert client.get(f"/people/shared/{grandma.key}/").status_code == 404
    assert "Grandma" not in client.get("/people/").content.decode()


def test_the_page_offers_nothing_that_only_the_owner_may_do(client, owner, viewer, shared):
    _, grandma, _ = shared
    only_owners = re.compile(r"selection/(?:trash|favourite|archive)|stack/|albums/choose|tags/choose|edit-selection")
    client.force_login(owner)
    assert only_owners.search(client.get(f"/people/person/{grandma.key}/").content.decode())
    client.force_login(viewer)
    page = client.get(f"/people/shared/{grandma.key}/").content.decode()
    assert not only_owners.search(page)
    assert set(re.findall(r'data-action="(\w+)"', page)) == {"download"}


def test_hidden_and_unnamed_people_are_for_their_owner_only(client, viewer, shared):
    _, grandma, _ = shared
    client.force_login(viewer)
    for change in ({"hidden": True}, {"hidden": False, "name": ""}):
        Person.objects.filter(pk=grandma.pk).update(**change)
        assert client.get(f"/people/shared/{grandma.key}/").status_code == 404


def test_the_search_finds_them_by_name_in_what_is_shared(viewer, shared):
    photos, *_ = shared
    assert list(select(visible_photos(viewer), viewer, "person:Grandma")) == [photos[0]]
    assert not select(visible_photos(viewer), viewer, "person:Uncle").exists()
