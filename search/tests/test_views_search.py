"""The page of a search."""

from datetime import datetime, timedelta

import pytest

HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return lambda query, **headers: client.get("/search/", {"q": query}, headers=headers).content.decode()


def test_the_anonymous_are_sent_to_sign_in(db, client):
    assert client.get("/search/?q=a").url.startswith("/accounts/login/")


def test_a_stranger_finds_nothing(client, stranger, make_photo):
    photo = make_photo(title="Beach")
    client.force_login(stranger)
    assert photo.key not in client.get("/search/?q=beach").content.decode()


def test_what_is_found_is_shown_in_the_grid(page, make_photo):
    beach, forest = make_photo(title="On the beach"), make_photo(title="Forest")
    text = page("beach")
    assert beach.key in text
    assert forest.key not in text
    assert "<html" not in page("beach", **HTMX)


def test_a_mistake_is_pointed_at_with_a_suggestion(page, make_photo):
    make_photo()
    text = page("is:favourit")
    assert "<mark>favourit</mark>" in text
    assert 'href="/search/?q=is%3Afavourite"' in text


def test_a_list_goes_on_and_the_viewer_turns_within_it(client, page, make_photo, monkeypatch):
    monkeypatch.setattr("photos.timeline.PAGE_SIZE", 2)
    made = [make_photo(title="sun & sea", taken=datetime(2024, 5, 1) - timedelta(days=day)) for day in range(3)]
    other = make_photo(title="rain", taken=datetime(2024, 5, 1))
    text = page("sun sea")
    assert "?q=sun+sea&amp;before=" in text
    viewer = text.split(f'id="p-{made[0].key}"')[1].split('href="')[1].split('"')[0]
    shown = client.get(viewer).content.decode()
    assert made[1].key in shown
    assert other.key not in shown
    assert f"/search/?q=sun+sea&amp;photo={made[0].key}" in shown
    months = client.get("/months/", {"in": viewer.partition("in=")[2]}).content.decode()
    assert "/search/?q=sun+sea&amp;at=2024-05" in months


@pytest.mark.parametrize("key", ["x", "KA", "__8"])
def test_a_list_of_what_is_no_search_is_404(client, owner, key):
    client.force_login(owner)
    assert client.get("/months/", {"in": f"search.{key}"}).status_code == 404
