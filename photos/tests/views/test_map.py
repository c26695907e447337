"""The page of the map and what it asks for."""

import re

import pytest
from django.test import Client, override_settings

from mirage.web.middleware import content_security_policy

HTMX = {"HX-Request": "true"}
WORLD = "-180,-90,180,90"
ADDRESSES = ("/map/", f"/map/clusters/?box={WORLD}&zoom=2", f"/map/photos/?box={WORLD}")


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return lambda address, **headers: client.get(address, headers=headers)


@pytest.fixture
def lisbon(make_photo):
    return make_photo(latitude=38.7167, longitude=-9.1333, place="Lisbon")


@pytest.mark.parametrize("address", [*ADDRESSES, "/towns/?name=lis", "/countries/"])
def test_the_anonymous_sign_in(client, address):
    assert client.get(address).status_code == 302


def test_strangers_see_nothing_of_it(client, stranger, lisbon):
    client.force_login(stranger)
    assert client.get(ADDRESSES[1]).json() == {"clusters": [], "total": 0}
    for address in ADDRESSES:
        assert lisbon.key not in client.get(address).content.decode()


def test_the_page_lists_the_photos_and_knows_their_bounds(page, lisbon, make_photo):
    nowhere = make_photo()
    text = page("/map/").content.decode()
    assert 'data-bounds="-9.133300,38.716700,-9.133300,38.716700"' in text
    assert f"/photo/{lisbon.key}/" in text
    assert nowhere.key not in text
    assert " style=" not in text


def test_the_land_comes_with_the_page(page, lisbon, make_photo):
    near = page("/map/").content.decode()
    assert re.search(r'<svg\s+viewBox="[\d. -]+"\s+data-width="\d+"\s*>', near)
    make_photo(latitude=35.0, longitude=139.0)
    whole = page("/map/").content.decode()
    assert re.search(r'data-width="2048"\s+data-whole\s*>', whole)
    with override_settings(MIRAGE_MAP_TILES="https://tiles.example/{z}/{x}/{y}.png"):
        assert "map-sketch" not in page("/map/").content.decode()


def test_an_empty_map_says_why(page, make_photo):
    make_photo()
    text = page("/map/").content.decode()
    assert "data-bounds" not in text
    assert "None of these photos has a place" in text


def test_the_photos_of_a_part_are_a_fragment_and_a_page(page, lisbon):
    fragment, whole = page("/map/photos/?box=-10,38,-9,39", **HTMX), page("/map/photos/?box=-10,38,-9,39")
    assert fragment.content.strip().startswith(b'<div class="map-photos"')
    assert lisbon.key.encode() in fragment.content
    assert b"<html" in whole.content
    assert "HX-Request" in whole.headers["Vary"]
    assert "No photos were taken here" in page("/map/photos/?box=0,0,1,1", **HTMX).content.decode()


def test_the_list_goes_on_by_keyset(page, make_photo, monkeypatch):
    monkeypatch.setattr("photos.gallery.timeline.PAGE_SIZE", 3)
    made = [make_photo(latitude=1, longitude=1) for _ in range(5)]
    first = page(ADDRESSES[2], **HTMX)
    second = page(f"/map/photos/?box={WORLD}&before={first.context['page'].older}", **HTMX)
    assert [made[n].key in first.content.decode() for n in range(5)] == [False, False, True, True, True]
    assert [made[n].key in second.content.decode() for n in range(5)] == [True, True, False, False, False]
    assert not second.content.strip().startswith(b'<div class="map-photos"')


def test_clusters_are_data(page, lisbon):
    assert page("/map/clusters/?box=-10,38,-9,39&zoom=5").json() == {
        "clusters": [
            {
                "position": [-9.1333, 38.7167],
                "count": 1,
                "box": "-9.133300,38.716700,-9.133300,38.716700",
                "key": lisbon.key,
                "picture": f"/media/{lisbon.key}/small.webp",
                "label": "Lisbon",
            }
        ],
        "total": 1,
    }


def test_the_map_of_a_list(page, lisbon, make_photo):
    loved = make_photo(latitude=10, longitude=10, favourite=True)
    found = page(f"/map/clusters/?box={WORLD}&zoom=2&in=favourites").json()
    assert [one["key"] for one in found["clusters"]] == [loved.key]
    assert f"/photo/{loved.key}/?in=favourites" in page("/map/?in=favourites").content.decode()


@pytest.mark.parametrize(
    "address",
    ["clusters/?zoom=2", "clusters/?box=1,2,3&zoom=2", f"clusters/?box={WORLD}&zoom=x", f"clusters/?box={WORLD}",
     "photos/?box=x", f"photos/?box={WORLD}&before=x", f"photos/?box={WORLD}&in=nothing", "?in=nothing"],
)  # fmt: skip
def test_bad_input_is_not_found(page, address):
    assert page(f"/map/{address}").status_code == 404


def test_trashed_and_archived_photos_are_not_on_the_map(page, lisbon):
    type(lisbon).objects.update(archived=True)
    assert page(ADDRESSES[1]).json()["total"] == 0


@pytest.mark.parametrize("address", ADDRESSES)
def test_queries_do_not_grow(page, make_photo, address, django_assert_max_num_queries):
    for number in range(30):
        make_photo(latitude=number, longitude=number * 3)
    page(address)
    with django_assert_max_num_queries(12):
        page(address)


def test_towns_by_name_and_by_box(page):
    first = page("/towns/?name=lisb").json()["towns"][0]
    assert (first["name"], first["country"]) == ("Lisbon", "Portugal")
    regions = [town["region"] for town in page("/towns/?name=Springfield, illinois").json()["towns"]]
    assert regions
    assert set(regions) == {"Illinois"}
    assert "Lisbon" in {town["name"] for town in page("/towns/?box=-10,38,-8,40").json()["towns"]}
    assert page("/towns/?name=").json() == {"towns": []}
    assert page("/towns/?box=x").status_code == 404


def test_only_the_host_of_tiles_is_let_in(client, db):
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    assert "connect-src 'self';" in policy
    with override_settings(MIRAGE_MAP_TILES="https://tiles.example.org/{z}/{x}/{y}.png"):
        policy = Client().get("/accounts/login/").headers["Content-Security-Policy"]
    assert "connect-src 'self' https://tiles.example.org;" in policy
    assert "img-src 'self' blob: data: https://tiles.example.org;" in policy
    assert policy == content_security_policy("https://tiles.example.org/{z}/{x}/{y}.png")
    assert "{z}" not in policy


def test_the_page_names_the_tiles(page, settings):
    settings.MIRAGE_MAP_TILES, settings.MIRAGE_MAP_CREDIT = "https://t.example.org/{z}/{x}/{y}.png", "© them"
    text = page("/map/").content.decode()
    assert 'data-tiles="https://t.example.org/{z}/{x}/{y}.png"' in text
    assert 'data-credit="© them"' in text


def test_places_are_called_as_the_user_calls_them(page, make_photo):
    german = {"Accept-Language": "de-AT,de;q=0.9"}
    photo = make_photo(latitude=48.2, longitude=16.37, place="Vienna", country="Austria", country_code="AT")
    found = page("/towns/?name=wie", **german).json()["towns"]
    assert (found[0]["name"], found[0]["country"]) == ("Wien", "Österreich")
    assert page(ADDRESSES[1], **german).json()["clusters"][0]["label"] == "Wien"
    assert page("/countries/", **german).json()["names"]["040"] == "Österreich"
    assert page("/countries/").json()["names"] == {}
    for address in ("/", f"/photo/{photo.key}/", f"/photo/{photo.key}/info/"):
        assert "Wien" in page(address, **german).content.decode()
        assert "Vienna" in page(address).content.decode()
