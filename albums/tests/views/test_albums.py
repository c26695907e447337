"""The page of all albums: page by page, in both orders."""

import re

import pytest

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


def test_a_place_that_is_none_is_not_found(page, stranger, make_album):
    make_album("Album 1")
    theirs = make_album("Theirs", owner=stranger)
    for place in ("x", theirs.key):
        assert page.get(f"/albums/?below={place}").status_code == 404
