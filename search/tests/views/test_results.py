"""The results page and its facets."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from albums.models import Album
from mirage.testing.html import folded
from photos.models import DetectedObject, Stack
from search.access import recent_searches
from search.navigation import DATES
from search.results.timeline import find, of_found
from search.views import results

HTMX = {"HX-Request": "true"}
PAGES = ("/search/", "/search/?q=a", "/search/narrow/?q=a", "/search/complete/?q=a", "/search/saved/")


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return lambda query, **headers: folded(client.get("/search/", {"q": query}, headers=headers))


@pytest.fixture
def narrow(client, owner):
    client.force_login(owner)
    return lambda query: client.get("/search/narrow/", {"q": query}, headers=HTMX).content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_the_anonymous_are_sent_to_sign_in(db, client, address):
    assert client.get(address).url.startswith("/accounts/login/")


def test_a_stranger_finds_nothing(client, stranger, make_photo):
    photo = make_photo(title="Beach")
    client.force_login(stranger)
    assert photo.key not in client.get("/search/?q=beach").content.decode()
    assert "0 photos" in client.get("/search/narrow/?q=beach").content.decode()


def test_results_are_shown_in_the_grid(page, make_photo):
    beach, forest = make_photo(title="On the beach"), make_photo(title="Forest")
    text = page("beach")
    assert beach.key in text
    assert forest.key not in text
    assert "<html" not in page("beach", **HTMX)


def test_the_archive_is_searched_and_the_trash_is_not(page, make_photo):
    archived = make_photo(title="beach", archived=True)
    trashed = make_photo(title="beach", trashed_at=datetime(2024, 6, 1).astimezone())
    text = page("beach")
    assert archived.key in text
    assert trashed.key not in text


def test_the_trash_is_searched_by_its_name(client, page, make_photo, stranger):
    kept, trashed = make_photo(title="beach"), make_photo(title="beach", trashed_at=datetime(2024, 6, 1).astimezone())
    theirs = make_photo(title="beach", owner=stranger, trashed_at=datetime(2024, 6, 1).astimezone())
    text = page("is:trashed beach")
    assert trashed.key in text
    assert kept.key not in text
    assert theirs.key not in text
    assert 'data-action="restore"' in text
    assert 'data-action="trash"' not in text
    viewer = text.split(f'id="p-{trashed.key}"')[1].split('href="')[1].split('"')[0]
    assert client.get(viewer).status_code == 200
    text = page("-is:trashed beach")
    assert kept.key in text
    assert trashed.key not in text


@pytest.mark.parametrize(
    ("typed", "found"),
    [("dog or cat", "dog cat both"), ("cat not dog", "cat"), ("dog without cat", "dog"), ("dog and cat", "both")],
)
def test_or_and_and_not_may_be_said_in_lower_case(page, make_photo, typed, found):
    photos = {"dog": make_photo(title="dog"), "cat": make_photo(title="cat"), "both": make_photo(title="cat and dog")}
    text = page(typed)
    assert {name for name, photo in photos.items() if photo.key in text} == set(found.split())


def test_a_search_becomes_a_smart_album(client, page, make_photo, owner):
    found, other = make_photo(title="On the beach"), make_photo(title="Forest")
    form = page("beach sort:oldest").split('id="search-smart"')[1].split("</form>")[0]
    assert 'action="/albums/new/"' in form
    fields = dict(re.findall(r'name="(kind|query)" value="([^"]*)"', form))
    address = client.post("/albums/new/", {**fields, "name": "Beaches"}).url
    shown = client.get(address).content.decode()
    assert found.key in shown
    assert other.key not in shown
    assert Album.objects.get().query == "beach sort:oldest"
    assert 'id="search-smart"' not in page("")


def test_a_mistake_is_pointed_at_with_a_suggestion(page, make_photo):
    make_photo()
    text = page("is:favourit")
    assert "<mark>favourit</mark>" in text
    assert 'href="/search/?q=is%3Afavourite"' in text
    assert 'data-mistake="3 11"' in text


def test_an_unknown_name_is_shown_with_a_similar_one(page, make_photo, name_face):
    name_face(make_photo(), "Katharina")
    text = page("person:Katarina beach")
    assert "Nobody is named “Katarina”" in text
    assert 'href="/search/?q=person%3AKatharina%20beach"' in text


def test_nothing_found_offers_to_leave_something_out(page, make_photo):
    make_photo(title="beach")
    text = page("beach -beach")
    assert "Nothing was found" in text
    assert 'href="/search/?q=beach"' in text


def test_without_results_the_page_says_where_it_looked(page, make_photo):
    make_photo(title="beach")
    assert "No photo has this in its title" in page("mountain")
    other = page("iso:>800")
    assert "No photo matches." in other
    assert "in its title" not in other


@pytest.mark.parametrize(("found", "told"), [(3, "3 photos"), (4, "4 or more"), (5, "4 or more")])
def test_the_page_counts_so_far_and_what_follows_it_counts_all(page, narrow, make_photo, monkeypatch, found, told):
    monkeypatch.setattr(results, "COUNTED_TO", 4)
    monkeypatch.setattr("photos.gallery.timeline.PAGE_SIZE", 2)
    for _ in range(found):
        make_photo(title="beach")
    assert re.findall(r"search-total[^>]*>([^<]*)<", page("beach")) == [told]
    assert f"{found} photos" in narrow("beach")


@pytest.mark.parametrize(
    "query",
    [
        "(",
        "\x00",
        "person:",
        "near:nowhere-at-all 5km",
        'person:"a\x00b"',
        "similar:none",
        "a" * 3000,
        "'; DROP TABLE",
        '"',
        "*",
    ],
)
def test_no_input_fails(client, owner, query):
    client.force_login(owner)
    for address in ("/search/", "/search/narrow/", "/search/complete/"):
        assert client.get(address, {"q": query}).status_code in (200, 404), address


def test_a_null_is_no_part_of_what_is_searched_for_and_remembered(page, make_photo, owner):
    """PostgreSQL refuses it."""
    photo = make_photo(title="sea")
    assert photo.key in page("\x00sea\x00")
    assert [one.query for one in recent_searches(owner)] == ["sea"]


def test_the_empty_search_explains_itself(page):
    text = page("")
    assert "Type what you remember" in text
    assert "person:Anna,Ben all" in text


def test_a_search_goes_through_its_index(owner, make_photo):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a table of a few rows without its indexes")
    make_photo()
    plan = of_found(owner, find(owner, "iso:>800")).photos()[:101].explain()
    assert "INDEX photo_searched " in plan
    assert "TEMP B-TREE" not in plan


def test_doubtful_dates_are_counted_in_their_index(owner, make_photo, django_assert_num_queries):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a table of a few rows without its indexes")
    make_photo(taken_doubtful=True)
    make_photo(taken_doubtful=True, trashed_at=datetime(2024, 6, 1, tzinfo=UTC))
    with django_assert_num_queries(1) as asked:
        assert DATES.count(owner) == 1
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]['sql']}")
        assert "INDEX photo_doubtful " in str(cursor.fetchall())


def test_chips_remove_parts(page, make_photo):
    make_photo(title="sun & sea", rating=5)
    text = page("sun sea rating:5")
    assert 'href="/search/?q=sun%20rating%3A5" aria-label="Without sea"' in text
    assert 'aria-label="With Anna too"' in page("sun -Anna")


def test_facets_count_what_was_found(narrow, make_photo, tag, name_face):
    for year, place in ((2022, "Porto"), (2023, "Porto"), (2023, "Lisbon")):
        photo = make_photo(title="sun", place=place, country="Portugal", taken=datetime(year, 5, 1))
        name_face(photo, "Anna")
    tag(photo, "travel/portugal")
    name_face(photo, "Ben")
    make_photo(title="rain", place="Oslo")
    text = narrow("sun")
    assert "3 photos" in text
    for label, query in (
        ("2023", "sun%20date%3A2023"), ("Porto", "sun%20place%3A%3DPorto"), ("Ben", "sun%20person%3ABen"),
    ):  # fmt: skip
        assert f'href="/search/?q={query}"' in text, label
    assert "Oslo" not in text
    assert "3 photos" in narrow("sun person:Anna")
    assert 'aria-current="true"' in narrow("sun date:2023")


def test_a_list_continues_and_the_viewer_stays_within_it(client, page, make_photo, monkeypatch):
    monkeypatch.setattr("photos.gallery.timeline.PAGE_SIZE", 2)
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
def test_a_list_with_an_invalid_key_is_404(client, owner, key):
    client.force_login(owner)
    assert client.get("/months/", {"in": f"search.{key}"}).status_code == 404


@pytest.mark.parametrize(
    ("order", "expected"),
    [("largest", "cba"), ("oldest", "bac"), ("rating", "acb"), ("newest", "cab"), ("added", "abc")],
)
def test_orders_page_both_ways_and_turn_in_the_viewer(client, page, make_photo, monkeypatch, order, expected):
    monkeypatch.setattr("photos.gallery.timeline.PAGE_SIZE", 2)
    monkeypatch.setattr("search.results.ranking.PAGE_SIZE", 2)
    added = datetime(2024, 7, 1).astimezone()
    made = {
        "a": make_photo(title="sun", size=1, rating=5, taken=datetime(2021, 1, 1), added_at=added),
        "b": make_photo(title="sun", size=2, taken=datetime(2020, 1, 1), added_at=added - timedelta(days=3)),
        "c": make_photo(title="sun", size=3, rating=1, taken=datetime(2022, 1, 1), added_at=added - timedelta(days=9)),
    }
    keys = [made[name].key for name in expected]
    text = page(f"sun sort:{order}")
    assert [key for key in keys if key in text] == keys[:2]
    assert text.index(keys[0]) < text.index(keys[1])
    older = text.split('data-more="older" href="')[1].split('"')[0].replace("&amp;", "&")
    below = client.get(f"/search/{older}", headers=HTMX).content.decode()
    assert keys[2] in below
    assert keys[1] not in below
    viewer = text.split(f'id="p-{keys[1]}"')[1].split('href="')[1].split('"')[0]
    shown = client.get(viewer).content.decode()
    assert f"/photo/{keys[0]}/" in shown
    assert f"/photo/{keys[2]}/" in shown
    listed = viewer.partition("in=")[2]
    between = client.get("/keys/", {"in": listed, "from": keys[0], "to": keys[2]}).json()["keys"]
    assert between == keys


def test_relevance_merges_words_and_things_in_the_picture(page, make_photo):
    box = {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1, "model": "test"}
    named, seen, both = make_photo(name="dog.jpg"), make_photo(), make_photo(title="Our dog")
    DetectedObject.objects.create(photo=seen, label="dog", score=0.5, **box)
    DetectedObject.objects.create(photo=both, label="dog", score=0.9, **box)
    text = page("dog sort:relevance")
    assert text.index(both.key) < text.index(named.key)
    assert seen.key in text
    assert make_photo(title="cat").key not in page("dog")


GROWING = ("sun", "sun sort:largest", "sun sort:relevance", "tag:t -iso:>5 person:Anna", "date:2024 has:faces")


def test_queries_do_not_grow_with_the_photos(page, narrow, make_photo, tag, name_face):
    counts: list[dict[str, int]] = []
    for number in range(20):
        photo = make_photo(title="sun", place=f"Porto {number}", camera_model=f"X{number}")
        tag(photo, f"t/{number}")
        name_face(photo, "Anna"), name_face(photo, f"Ben {number}")
        if number not in (9, 19):
            continue
        counts.append({})
        for query in GROWING:
            page(query)  # what changed is indexed
            with CaptureQueriesContext(connection) as asked:
                page(query)
                narrow(query)
            counts[-1][query] = len(asked)
    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= 68


def test_a_stack_is_one_tile_with_a_found_photo(page, make_photo, owner):
    stack = Stack.objects.create(owner=owner)
    first, cover = (make_photo(title=title, stack=stack) for title in ("sun", "sun set"))
    Stack.objects.update(cover=cover)
    text = page("sun")
    assert cover.key in text
    assert first.key not in text
    assert first.key in page("sun -set")
    text = page("sun sort:oldest")
    assert cover.key in text
    assert first.key not in text


TYPED = ("", "per", "person:b", "tag:t", "por", "camera:x")


def test_queries_do_not_grow_with_the_names(client, owner, make_photo, tag, name_face):
    client.force_login(owner)
    counts: list[dict[str, int]] = []
    for number in range(20):
        photo = make_photo(place=f"Porto {number}", camera_model=f"X{number}")
        tag(photo, f"t/{number}")
        name_face(photo, f"Ben {number}")
        if number not in (4, 19):
            continue
        counts.append({})
        for typed in TYPED:
            client.get("/search/complete/", {"q": typed})  # what a process keeps
            cache.clear()
            with CaptureQueriesContext(connection) as asked:
                client.get("/search/complete/", {"q": typed})
            counts[-1][typed] = len(asked)
    assert counts[0] == counts[1]


def test_more_photos_take_no_more_queries_around_a_search(client, page, make_photo):
    counts = []
    for number in range(20):
        photo = make_photo(title="sun", latitude=38.7 + number, longitude=-9.1, place=f"Porto {number}")
        if number not in (4, 19):
            continue
        listed = {"in": page("sun").split('href="/map/?in=')[1].split('"')[0]}
        with CaptureQueriesContext(connection) as asked:
            for address in ("/months/", "/map/", f"/photo/{photo.key}/"):
                assert client.get(address, listed).status_code == 200, address
        counts.append(len(asked))
    assert counts[0] == counts[1]
