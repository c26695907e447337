"""The page Explore."""

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


def test_more_photos_take_no_more_queries(client, owner, make_photo, django_assert_max_num_queries):
    client.force_login(owner)
    for count in (3, 30):
        for number in range(count):
            make_photo(place=f"Town {number}")
        with django_assert_max_num_queries(40):
            client.get("/explore/")
