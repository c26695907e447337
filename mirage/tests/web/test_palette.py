"""The palette: what is found by the beginnings of words, in which order, and by whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from albums.models import Album
from mirage.testing.html import folded as text_of
from mirage.web import palette
from mirage.web.palette import find, fit
from people.models import Person
from search.models import SavedSearch
from tags.models import Tag

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("asked", "title", "quality"),
    [
        ("li", "Lisbon in autumn", 0),
        ("lisbon in", "Lisbon in autumn", 0),
        ("lis au", "Lisbon in autumn", 1),
        ("au lis", "Lisbon in autumn", 2),
        ("krakow", "Kraków", 0),
        ("tu", "Tidy up", 4),
        ("tiup", "Tidy up", 4),
        ("lia", "Lisbon in autumn", 4),
        ("isbon", "Lisbon in autumn", None),
        ("lis lis", "Lisbon in autumn", None),  # one word is not two
        ("ut", "Tidy up", None),
    ],
)
def test_beginnings_of_words(asked, title, quality):
    assert fit(palette.folded(asked), title) == quality


def test_a_name_of_many_alike_words_takes_no_time():
    assert fit("a" * 40 + "b", " ".join(["aa"] * 60)) is None


def test_other_words_for_a_thing():
    assert fit("log", "Sign out", "log out") == 3
    assert fit("log si", "Sign out", "log out") == 3
    assert fit("login", "Sign out", "log out") is None


def titles(user, text="", recent=()):
    return [one.command.title for one in find(user, text, recent)]


def test_pages_and_actions_are_found(owner):
    assert titles(owner, "dupl")[0] == "Duplicates"
    assert titles(owner, "favo")[0] == "Favourites"
    assert titles(owner, "tidy") == ["Tidy up"]
    assert titles(owner, "new al") == ["New album"]
    assert titles(owner, "upl") == ["Upload"]
    assert titles(owner, "dark") == ["Dark appearance"]
    assert titles(owner, "log out") == ["Sign out"]
    assert "Administration" not in titles(owner, "admin")


def test_administrators_find_the_administration(admin_user):
    assert titles(admin_user, "admin") == ["Administration"]
    assert "All accounts" in titles(admin_user, "all acc")


@pytest.fixture
def names(owner, make_photo):
    """Somebody, an album, a tag, a place and a saved search, each called Zebra and what it is."""
    make_photo(place="Zebra town")
    Album.objects.create(owner=owner, name="Zebra album")
    Person.objects.create(owner=owner, name="Zebra person")
    Person.objects.create(owner=owner, name="Zebra hidden", hidden=True)
    SavedSearch.objects.create(owner=owner, name="Zebra search", query="zebra")
    return Tag.objects.create(owner=owner, name="Zebra tag", path="Zebra tag")


def test_the_names_of_the_library_are_found(owner, names):
    found = [(one.command.title, one.kind) for one in find(owner, "zeb")]
    assert found == [
        ("Zebra person", "Person"),
        ("Zebra album", "Album"),
        ("Zebra tag", "Tag"),
        ("Zebra search", "Saved search"),
        ("Zebra town", "Place"),
    ]
    assert find(owner, "zebra tag")[0].command.url == f"/tags/{names.pk}/"


def test_a_stranger_finds_nothing_of_it(stranger, names):
    assert find(stranger, "zeb") == []
    assert "Zebra tag" not in titles(stranger, "", [f"tag:{names.pk}"])


def test_what_was_chosen_lately_comes_first(owner, names):
    assert titles(owner)[:2] == ["Photos", "Explore"]
    assert titles(owner, "", ["do:sign-out", f"tag:{names.pk}", "tag:0"])[:3] == ["Sign out", "Zebra tag", "Photos"]
    assert titles(owner, "zeb", [f"tag:{names.pk}"])[0] == "Zebra tag"


def test_many_names_are_cut(owner):
    Album.objects.bulk_create([Album(owner=owner, name=f"Zoo {number}") for number in range(50)])
    assert len(find(owner, "zoo")) == palette.SHOWN


def test_guests_cannot_upload(owner):
    owner.is_guest = True
    owner.save()
    assert titles(owner, "upl") == []


def test_keys_are_unique(owner, names):
    keys = [one.command.key for _, one in palette.known_to(owner)]
    assert len(keys) == len(set(keys))


def test_the_address_answers_with_options(client, owner, names):
    client.force_login(owner)
    page = text_of(client.get("/palette/?q=zebra+al", headers=HTMX))
    assert page.count('role="option"') == 2
    assert "Search photos for “zebra al”" in page
    assert 'href="/search/?q=zebra%20al"' in page
    assert "<html" in client.get("/palette/?q=zebra").content.decode()


def test_the_anonymous_sign_in(client):
    assert client.get("/palette/").status_code == 302


@pytest.mark.parametrize("text", ["%00", "%F0%9F%A6%93", "x" * 3000, "((((", "<script>", "'"])
def test_odd_texts_are_answered(client, owner, text):
    client.force_login(owner)
    answer = client.get(f"/palette/?q={text}&recent=%00,x", headers=HTMX)
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


def test_more_names_take_no_more_queries(owner):
    counts = []
    for _ in range(2):
        for number in range(10):
            Album.objects.create(owner=owner, name=f"Album {number}")
            Person.objects.create(owner=owner)
        palette.gathered.cache_clear()
        with CaptureQueriesContext(connection) as queries:
            find(owner, "alb")
        counts.append(len(queries))
    assert counts[0] == counts[1]
