"""The map filtered by a search."""

import re

import pytest

WORLD = "-180,-90,180,90"


@pytest.fixture
def slug(client, owner, make_photo):
    """The name of the listing of a search in the link from its page to the map."""
    client.force_login(owner)
    make_photo(title="Beach", latitude=38.7, longitude=-9.1, place="Lisbon")
    make_photo(title="Beach without a place")
    make_photo(title="Forest", latitude=41.1, longitude=-8.6)
    page = client.get("/search/", {"q": "beach"}).content.decode()
    found = re.search(r'href="/map/\?in=(search\.[\w-]+)"', page)
    assert found
    return found[1]


def test_the_map_shows_what_the_search_finds(client, slug):
    page = client.get(f"/map/?in={slug}").content.decode()
    assert 'data-bounds="-9.100000,38.700000,-9.100000,38.700000"' in page
    assert 'href="/search/?q=beach&amp;"' in page
    answer = client.get(f"/map/clusters/?box={WORLD}&zoom=2&in={slug}").json()
    assert (answer["total"], answer["clusters"][0]["label"]) == (1, "Lisbon")
    listed = client.get(f"/map/photos/?box={WORLD}&in={slug}", headers={"HX-Request": "true"}).content.decode()
    assert listed.count("map-tile opens-viewer") == 1
    assert f"?in={slug}" in listed


def test_a_strangers_map_of_the_same_search_is_empty(client, stranger, slug):
    client.force_login(stranger)
    assert client.get(f"/map/clusters/?box={WORLD}&zoom=2&in={slug}").json() == {"clusters": [], "total": 0}
    assert client.get(f"/map/clusters/?box={WORLD}&zoom=2&in=search.aXM6ZmF2b3VyaXQ").status_code == 404


def test_a_search_from_the_map_stays_on_it(client, slug):
    assert 'name="on" value="map"' in client.get(f"/map/?in={slug}").content.decode()
    assert 'name="on"' not in client.get("/").content.decode()
    assert client.get("/search/", {"q": "beach", "on": "map"}).headers["Location"] == f"/map/?in={slug}"
    assert client.get("/search/", {"q": "", "on": "map"}).headers["Location"] == "/map/"
    mistaken = client.get("/search/", {"q": "is:favourit", "on": "map"})
    assert mistaken.status_code == 200
    assert b"favourite" in mistaken.content
