"""What the box shows before a word is typed, and forgetting searches."""

from datetime import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mirage.testing.html import folded
from people.kept import counts as people_counts
from search.access import recent_searches
from search.models import RecentSearch

HTMX = {"HX-Request": "true"}


@pytest.fixture
def known(make_photo, name_face):
    photo = make_photo(place="Niigata", country="Japan", country_code="JP")
    name_face(photo, "Anna Lee"), name_face(photo, "April"), name_face(photo, "")
    return photo


def test_people_places_years_and_recent_searches(client, owner, known):
    RecentSearch.objects.create(owner=owner, query="beach 2019")
    client.force_login(owner)
    answer = client.get("/search/start/", headers=HTMX)
    text = folded(answer)
    for query in ("Anna%20Lee", "person%3AApril", "Niigata", "2024", "beach%202019"):
        assert f'href="/search/?q={query}"' in text, query
    assert "<html" not in text
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_stranger_sees_nothing_of_it(client, owner, stranger, known):
    RecentSearch.objects.create(owner=owner, query="beach 2019")
    client.force_login(stranger)
    text = client.get("/search/start/").content.decode()
    for word in ("Anna", "Niigata", "beach 2019"):
        assert word not in text.replace("Anna at the beach", "")


@pytest.mark.parametrize("address", ["/search/start/", "/search/nearly/?q=a"])
def test_the_anonymous_are_sent_to_sign_in(db, client, address):
    assert client.get(address).url.startswith("/accounts/login/")


def test_searches_that_found_something_are_kept(client, owner, make_photo):
    make_photo(title="beach")
    client.force_login(owner)
    client.get("/search/?q=beach")
    client.get("/search/?q=mountain")
    client.get("/search/?q=is:nothing")
    client.get("/search/?q=beach&before=zzz")
    client.get("/search/?q=beach sort:oldest", headers=HTMX)
    assert [one.query for one in recent_searches(owner)] == ["beach"]


def test_one_is_forgotten_and_then_all(client, owner):
    one, *_ = (RecentSearch.objects.create(owner=owner, query=query) for query in ("a", "b", "c"))
    client.force_login(owner)
    text = client.post(f"/search/recent/{one.pk}/forget/", headers=HTMX).content.decode()
    assert "<html" not in text
    assert {row.query for row in recent_searches(owner)} == {"b", "c"}
    assert client.post("/search/recent/forget/").url == "/search/"
    assert not recent_searches(owner).exists()


def test_those_of_others_cannot_be_forgotten(client, owner, stranger):
    kept = RecentSearch.objects.create(owner=owner, query="a")
    client.force_login(stranger)
    assert client.post(f"/search/recent/{kept.pk}/forget/").status_code == 404
    client.post("/search/recent/forget/")
    assert client.get(f"/search/recent/{kept.pk}/forget/").status_code == 405
    assert RecentSearch.objects.get() == kept


def test_more_people_and_places_take_no_more_queries(client, owner, make_photo, name_face):
    client.force_login(owner)
    counts = []
    for number in range(6):
        name_face(make_photo(place=f"Town {number}", taken=datetime(2010 + number, 1, 1)), f"P {number}")
        people_counts.catch_up()
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            client.get("/search/start/", headers=HTMX)
        counts.append(len(asked))
    assert counts[0] == counts[-1] <= 16


def test_an_empty_result_says_what_nearly_fits(client, owner, make_photo):
    make_photo(title="beach")
    client.force_login(owner)
    page = client.get("/search/?q=beach snow").content.decode()
    assert 'hx-get="/search/nearly/?q=beach%20snow"' in page
    text = folded(client.get("/search/nearly/?q=beach snow", headers=HTMX))
    assert 'href="/search/?q=beach">1 without “snow”</a>' in text
    assert client.get("/search/nearly/?q=is:nothing").status_code == 404
