"""The page of all albums: page by page, in both orders."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from albums.models import Album

HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(client, owner, monkeypatch):
    monkeypatch.setattr("albums.views.albums.AT_ONCE", 2)
    client.force_login(owner)
    return client


def names_in(answer):
    return re.findall(r"Album \d", answer.content.decode())


@pytest.mark.parametrize(("order", "first"), [("newest", 5), ("name", 1)])
def test_albums_come_page_by_page(page, make_album, order, first):
    for number in range(1, 6):
        make_album(f"Album {number}")
    expected = [f"Album {abs(first - number)}" if first == 5 else f"Album {first + number}" for number in range(5)]
    address = f"/albums/?order={order}"
    seen: list[str] = []
    headers: dict[str, str] = {}
    while address:
        answer = page.get(address, headers=headers)
        seen += dict.fromkeys(names_in(answer))
        more = re.search(r'hx-get="(\?order=[^"]*)"', answer.content.decode())
        address, headers = f"/albums/{more[1].replace('&amp;', '&')}" if more else "", HTMX
    assert seen == expected
    assert "<html" not in answer.content.decode()


def test_a_later_page_without_scripts_is_a_whole_page(page, make_album):
    albums = [make_album(f"Album {number}") for number in range(1, 4)]
    answer = page.get(f"/albums/?below={albums[1].key}")
    assert list(dict.fromkeys(names_in(answer))) == ["Album 1"]
    assert "<html" in answer.content.decode()


def test_a_changed_list_reloads_as_a_whole_one(page, make_album):
    """Also where the page is a later one: its address alone would bring bare cards."""
    albums = [make_album(f"Album {number}") for number in range(1, 4)]
    answer = page.get(f"/albums/?order=name&below={albums[0].key}")
    [reload] = re.findall(r'id="albums"\s+hx-get="([^"]*)"', answer.content.decode())
    again = page.get(reload.replace("&amp;", "&"), headers=HTMX).content.decode()
    assert 'id="albums"' in again
    assert list(dict.fromkeys(re.findall(r"Album \d", again))) == ["Album 1", "Album 2"]


@pytest.mark.parametrize("order", ["newest", "name"])
def test_the_list_goes_on_where_an_album_has_gone(page, make_album, order):
    for number in range(1, 6):
        make_album(f"Album {number}")
    expected = ["Album 3", "Album 2"] if order == "newest" else ["Album 3", "Album 4"]
    place = Album.objects.get(name="Album 4" if order == "newest" else "Album 2")
    address = f"/albums/?order={order}&below={place.key}"
    Album.objects.filter(pk=place.pk).update(deleted_at=timezone.now())
    assert list(dict.fromkeys(names_in(page.get(address, headers=HTMX)))) == expected
    folder = make_album("A folder", kind="folder")
    Album.objects.filter(pk=folder.pk).update(created_at=place.created_at - timedelta(days=1))
    Album.everything.filter(pk=place.pk).update(deleted_at=None, parent=folder)
    assert list(dict.fromkeys(names_in(page.get(address, headers=HTMX)))) == expected


def test_a_place_that_is_none_is_not_found(page, stranger, make_album):
    make_album("Album 1")
    theirs = make_album("Theirs", owner=stranger)
    for place in ("x", theirs.key):
        assert page.get(f"/albums/?below={place}").status_code == 404
