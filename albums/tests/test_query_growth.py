"""The lists of albums, shares, links, tags and comments need the same number of queries for any number of rows."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from albums import suggestions
from albums.models import AlbumItem
from albums.public import links
from albums.public.links import Terms
from photos.editing import bulk
from photos.gallery import comments
from photos.models import Photo
from tags.keywords import change_keywords

FEW, MANY = 2, 7


class Library:
    """A library that grows."""

    def __init__(self, owner, make_photo, make_album, share):
        self.owner, self.make_photo, self.make_album, self.share = owner, make_photo, make_album, share
        self.album = make_album("Lisbon", [make_photo(place="Lisbon")])
        self.folder = make_album("Folder", kind="folder")
        self.photo = self.album.items.get().photo
        self.open = links.make(owner, Terms(show_place=True), album=self.album)
        self.shy = links.make(owner, Terms(show_metadata=False), album=self.album)
        self.searched = links.make(owner, Terms(), query="place:Lisbon")
        self.chosen = links.make(owner, Terms(), keys=[self.photo.key])
        self.size = 0

    def grow(self, size):
        for number in range(self.size, size):
            friend = User.objects.create(username=f"friend{number}")
            self.share(friend, self.album)
            self.share(friend)
            album = self.make_album(f"Album {number}", [self.make_photo()], parent=self.folder if number % 2 else None)
            self.make_album(f"Smart {number}", kind="smart", query="lisbon")
            self.share(friend, album)
            links.make(self.owner, Terms(name=f"Link {number}"), album=album)
            links.make(self.owner, Terms(), query=f"lisbon {number}")
            photo = self.make_photo(place="Lisbon")
            AlbumItem.objects.create(album=self.album, photo=photo, position=10 + number, heading=f"Day {number}")
            comments.add(self.photo, friend, f"Lovely {number}")
            words = change_keywords([f"travel/{number}", "all"])
            bulk.make(self.owner, Photo.objects.filter(owner=self.owner), words, self.owner)
            self.trip(number)
        self.size = size

    def trip(self, number):
        """Days at home, and eight photos from a day far away."""
        away = timezone.now() - timedelta(days=400 * (number + 1))
        for hour in range(8):
            far = {"latitude": 60.4 + number / 10, "longitude": 5.3, "place": f"Bergen {number}"}
            self.make_photo(taken=away + timedelta(minutes=hour), **far)
        for day in range(4):
            home = {"latitude": 38.7, "longitude": -9.1, "place": "Lisbon"}
            self.make_photo(taken=away + timedelta(days=30 + day * 9), **home)


@pytest.fixture
def library_that_grows(owner, make_photo, make_album, share):
    return Library(owner, make_photo, make_album, share)


def guest(link, rest=""):
    return f"/s/{links.token_of(link)}/{rest}"


LISTS = {
    "albums": lambda one: "/albums/",
    "folder": lambda one: one.folder.get_absolute_url(),
    "album": lambda one: one.album.get_absolute_url(),
    "head of an album": lambda one: f"{one.album.get_absolute_url()}head/",
    "sharing": lambda one: "/albums/sharing/",
    "sharing of an album": lambda one: f"{one.album.get_absolute_url()}sharing/",
    "suggestions": lambda one: "/albums/suggestions/",
    "tags": lambda one: "/tags/",
    "a tag": lambda one: f"/tags/{one.owner.tags.get(path='all').pk}/",
    "a photo with comments": lambda one: f"/photo/{one.photo.key}/",
    "comments": lambda one: f"/photo/{one.photo.key}/comments/",
    "history": lambda one: "/accounts/history/",
    "guest: album": lambda one: guest(one.open),
    "guest: album without metadata": lambda one: guest(one.shy),
    "guest: search": lambda one: guest(one.searched),
    "guest: selection": lambda one: guest(one.chosen),
    "guest: photo": lambda one: guest(one.open, f"photo/{one.photo.key}/"),
}
DIALOGS = {
    "albums of a selection": "/albums/choose/",
    "tags of a selection": "/tags/choose/",
    "a link": "/albums/links/",
}


def ask(name, library, client):
    if name in DIALOGS:
        keys = ",".join(Photo.objects.filter(owner=library.owner).values_list("key", flat=True))
        return client.post(DIALOGS[name], {"keys": keys}, headers={"HX-Request": "true"})
    browser = Client() if name.startswith("guest") else client
    address = LISTS[name](library)
    if browser is not client:
        browser.get(address)  # counts the visit
    return browser.get(address)


def queries(name, library, client):
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        response = ask(name, library, client)
    assert response.status_code == 200, response
    return len(captured)


def test_queries_do_not_grow(client, owner, library_that_grows):
    client.force_login(owner)

    def counted():
        return {name: queries(name, library_that_grows, client) for name in (*LISTS, *DIALOGS)}

    library_that_grows.grow(FEW)
    few = counted()
    library_that_grows.grow(MANY)
    assert counted() == few  # one library for all: making it takes longer than to ask them
    assert len(suggestions.trips_of(owner)) >= MANY - 1
