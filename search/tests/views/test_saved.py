"""Saved searches."""

import pytest

from search.models import SavedSearch

HTMX = {"HX-Request": "true"}


@pytest.fixture
def kept(owner):
    return SavedSearch.objects.create(owner=owner, name="Beaches", query="beach", pinned=True)


@pytest.fixture
def post(client, owner):
    client.force_login(owner)
    return lambda address, data=None, **headers: client.post(f"/search/saved/{address}", data or {}, headers=headers)


def test_a_search_is_saved_and_pinned_to_the_rail(client, post, owner):
    response = post("keep/", {"name": " Our  beaches ", "query": "(beach)", "pinned": "on"}, **HTMX)
    assert response.status_code == 200
    assert "searches:changed" in response.headers["HX-Trigger"]
    made = SavedSearch.objects.get()
    assert (made.name, made.query, made.pinned, made.owner) == ("Our beaches", "beach", True, owner)
    assert 'href="/search/?q=beach"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": "", "query": "a"}, "required"),
        ({"name": "x", "query": "is:x"}, "is: takes"),
        ({"name": "Beaches", "query": "a"}, "Another of your searches"),
        ({"name": "x" * 121, "query": "a"}, "at most 120"),
    ],
)
def test_an_invalid_form_says_why(post, kept, fields, why):
    response = post("keep/", fields, **HTMX)
    assert response.status_code == 422
    assert why in response.content.decode()
    assert SavedSearch.objects.count() == 1


def test_without_javascript_one_lands_on_the_search(post):
    assert post("keep/", {"name": "Sea", "query": "sea"}).url == "/search/?q=sea"
    assert post(f"{SavedSearch.objects.get().pk}/pin/", {"pinned": "on"}).url == "/search/saved/"


def test_it_is_changed_unpinned_and_deleted_with_undo(client, post, kept):
    assert "Sea" in post(f"{kept.pk}/change/", {"name": "Sea", "query": "sea", "pinned": "on"}, **HTMX).content.decode()
    assert post(f"{kept.pk}/change/", {"name": "Sea", "query": "("}, **HTMX).status_code == 422
    post(f"{kept.pk}/pin/", **HTMX)
    kept.refresh_from_db()
    assert (kept.name, kept.query, kept.pinned) == ("Sea", "sea", False)
    gone = post(f"{kept.pk}/delete/", **HTMX).content.decode()
    assert "No searches yet" in gone
    assert 'name="again"' in gone
    back = post("keep/", {"name": "Sea", "query": "sea", "again": "yes"}, **HTMX).content.decode()
    assert "Sea" in back
    assert SavedSearch.objects.get().query == "sea"


@pytest.mark.parametrize("action", ["change", "pin", "delete"])
def test_a_strangers_search_is_404(client, stranger, kept, action):
    client.force_login(stranger)
    assert client.post(f"/search/saved/{kept.pk}/{action}/", {"name": "x", "query": "x"}).status_code == 404
    assert "Beaches" not in client.get("/search/saved/").content.decode()
    kept.refresh_from_db()
    assert kept.name == "Beaches"


def test_anonymous_and_readers_change_nothing(client, owner, kept):
    assert client.post(f"/search/saved/{kept.pk}/delete/").url.startswith("/accounts/login/")
    client.force_login(owner)
    assert client.get(f"/search/saved/{kept.pk}/delete/").status_code == 405


def test_more_searches_take_no_more_queries(client, post, owner, kept, django_assert_max_num_queries):
    for _ in range(2):
        for number in range(10):
            SavedSearch.objects.get_or_create(owner=owner, name=f"{number}", query="a", pinned=True)
        with django_assert_max_num_queries(7):
            client.get("/search/saved/")


def test_the_language_of_a_search_is_not_read_out_but_stays_where_it_is_edited(client, owner):
    for name, query in (("Out", "(Strand OR Berg) language:de"), ("Odd", "is:nothing language:de")):
        SavedSearch.objects.create(owner=owner, name=name, query=query)
    client.force_login(owner)
    text = client.get("/search/saved/").text
    assert '<span class="small">Strand OR Berg</span>' in text
    assert '<span class="small">is:nothing language:de</span>' in text
    assert 'value="(Strand OR Berg) language:de"' in text
