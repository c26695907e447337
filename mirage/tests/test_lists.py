"""What the pages of all lists share, in every app."""

import re
from collections.abc import Callable, Sequence

import pytest
from django.test import Client

from accounts.models import User
from albums.models import Album, AlbumItem, Share
from albums.public import links
from people.models import Face, Person
from photos.models import Photo
from tags.models import PhotoTag, Tag

HTMX = {"HX-Request": "true"}


def timeline(owner: User, photos: Sequence[Photo]) -> str:
    return "/"


def album(owner: User, photos: Sequence[Photo]) -> str:
    made = Album.objects.create(owner=owner, name="Holiday")
    for place, photo in enumerate(photos):
        AlbumItem.objects.create(album=made, photo=photo, position=place)
    return made.get_absolute_url()


def smart_album(owner: User, photos: Sequence[Photo]) -> str:
    return Album.objects.create(owner=owner, name="All", kind=Album.Kind.SMART, query="type:photo").get_absolute_url()


def link(owner: User, photos: Sequence[Photo]) -> str:
    made = links.make(owner, links.Terms(), keys=[photo.key for photo in photos])
    return f"/s/{links.token_of(made)}/"


def person(owner: User, photos: Sequence[Photo]) -> str:
    made = Person.objects.create(owner=owner, name="Berta")
    for photo in photos:
        Face.objects.create(photo=photo, x=0, y=0, width=0.5, height=0.5, score=1, quality=1, person=made)
    return f"/people/person/{made.key}/"


def shared_person(owner: User, photos: Sequence[Photo]) -> str:
    other = User.objects.create_user("berta")
    Photo.objects.filter(pk__in=[photo.pk for photo in photos]).update(owner=other)
    Share.objects.create(owner=other, user=owner)
    return person(other, photos).replace("/person/", "/shared/")


def tag(owner: User, photos: Sequence[Photo]) -> str:
    made = Tag.objects.create(owner=owner, name="Sea", path="Sea")
    for photo in photos:
        PhotoTag.objects.create(photo=photo, tag=made)
    return f"/tags/{made.pk}/"


def search(owner: User, photos: Sequence[Photo]) -> str:
    return "/search/?q=type:photo"


LISTS = [timeline, album, smart_album, link, person, shared_person, tag, search]


@pytest.fixture(params=LISTS, ids=lambda make: make.__name__)
def address(request: pytest.FixtureRequest, client: Client, owner: User, make_photo: Callable[..., Photo]) -> str:
    """A list of three photos, with the owner signed in."""
    client.force_login(owner)
    return request.param(owner, [make_photo() for _ in range(3)])


def at(address: str, place: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{place}"


def tiles_in(text: str) -> list[str]:
    return re.findall(r'id="p-([^"]+)"', text)


def test_a_list_is_a_page_a_grid_or_tiles(client: Client, address: str) -> None:
    whole, grid = client.get(address).content.decode(), client.get(address, headers=HTMX).content.decode()
    shown = tiles_in(whole)
    assert len(shown) == 3
    assert "<html" in whole
    assert "<html" not in grid
    assert 'id="grid"' in grid
    assert tiles_in(grid) == shown
    start = f"before={shown[0]}" if address.startswith("/s/") else "before=4102444800000000.0"  # the year 2100
    tiles = client.get(at(address, start), headers=HTMX).content.decode()
    assert 'id="grid"' not in tiles
    assert set(tiles_in(tiles)) <= set(shown)


@pytest.mark.parametrize("place", ["before=nonsense", "after=nonsense", "at=nonsense", "photo=nonsense"])
def test_an_invalid_place_is_not_found(client: Client, address: str, place: str) -> None:
    expected = 200 if address.startswith("/s/") and place.startswith("at=") else 404  # guests cannot jump to a day
    assert client.get(at(address, place)).status_code == expected


def test_each_button_finds_the_dialog_or_the_menu_that_it_opens(client: Client, address: str) -> None:
    text = client.get(address).content.decode()
    opened = set(re.findall(r'(?:data-dialog|popovertarget)="([^"]+)"', text))
    assert opened <= set(re.findall(r'\sid="([^"]+)"', text))
