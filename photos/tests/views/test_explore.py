"""The page Explore."""

from datetime import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from mirage.testing.html import folded


def test_it_shows_what_the_library_holds(client, owner, make_photo):
    make_photo(place="Porto"), make_photo(kind="video")
    client.force_login(owner)
    page = folded(client.get("/explore/"))
    assert '<span class="shelf-title">Porto</span>' in page
    assert '<span class="shelf-title">Videos</span>' in page


def test_a_stranger_sees_nothing_of_it(client, stranger, make_photo):
    make_photo(place="Porto")
    client.force_login(stranger)
    page = folded(client.get("/explore/"))
    assert "Porto" not in page
    assert "Nothing to explore yet" in page


def test_places_are_called_as_the_visitor_calls_them(client, owner, make_photo):
    make_photo(place="Vienna", country_code="AT")
    client.force_login(owner)
    response = client.get("/explore/", headers={"Accept-Language": "de"})
    assert "Wien</span>" in folded(response)
    assert "Accept-Language" in response["Vary"]


def test_more_photos_take_no_more_queries(client, owner, make_photo):
    client.force_login(owner)
    counts = []
    for count in (5, 40):
        for number in range(count):
            make_photo(place=f"Town {number}", taken=datetime(2015 + number % 5, 1, 1 + number % 28))
        with CaptureQueriesContext(connection) as queries:
            client.get("/explore/")
        counts.append(len(queries))
    assert counts[1] <= counts[0]
