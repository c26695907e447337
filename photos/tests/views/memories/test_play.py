"""The player."""

from datetime import datetime

import pytest

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ask(client, owner):
    client.force_login(owner)
    return lambda query, **headers: client.get(f"/play/?{query}", headers=headers)


def order(response):
    text = response.content.decode()
    return [part.partition('"')[0] for part in text.split('data-key="')[1:]]


def test_the_anonymous_sign_in(client):
    assert client.get("/play/").status_code == 302


def test_a_memory_plays_forward_in_time_and_a_list_as_it_is(ask, make_photo):
    early, late = make_photo(taken=datetime(2019, 5, 31, 8)), make_photo(taken=datetime(2019, 5, 31, 9), kind="video")
    memory = ask("in=memory.day.2019-05-31", **HTMX)
    assert order(memory) == [early.key, late.key]
    assert order(ask("in=timeline", **HTMX)) == [late.key, early.key]
    text = memory.content.decode()
    assert 'id="player"' in text
    assert f'data-open="/photo/{early.key}/?in=memory.day.2019-05-31"' in text
    assert "muted" in text


def test_long_lists_come_in_parts(ask, make_photo):
    made = {make_photo(taken=datetime(2020, 1, 1 + number // 10, number % 10)).key for number in range(130)}
    first = ask("in=timeline", **HTMX)
    more = first.content.decode().split('data-more="')[1].partition('"')[0].replace("&amp;", "&")
    rest = ask(more.partition("?")[2], **HTMX)
    assert 'id="player"' not in rest.content.decode()
    assert {*order(first), *order(rest)} == made


def test_without_htmx_it_is_the_page_of_the_list(ask, make_photo):
    make_photo(taken=datetime(2019, 5, 31, 8))
    assert ask("in=memory.day.2019-05-31")["Location"] == "/memories/day.2019-05-31/"
    assert ask("in=favourites")["Location"] == "/favourites/"


@pytest.mark.parametrize("query", ["in=nothing", "in=timeline&before=x", "in=memory.day.x"])
def test_nonsense_is_not_found(ask, query):
    assert ask(query, **HTMX).status_code == 404


def test_a_selection_plays_in_the_order_it_was_taken(client, owner, make_photo):
    late, early = make_photo(taken=datetime(2020, 5, 2)), make_photo(taken=datetime(2020, 5, 1))
    client.force_login(owner)
    response = client.post("/play/", {"keys": f"{late.key},{early.key}"}, headers=HTMX)
    assert order(response) == [early.key, late.key]
    assert response["HX-Retarget"] == "#dialog-place"
    assert "2 photos" in response.content.decode()


def test_a_stranger_plays_no_selection_of_it(client, stranger, make_photo):
    client.force_login(stranger)
    assert client.post("/play/", {"keys": make_photo().key}, headers=HTMX).status_code == 404


def test_a_stranger_plays_nothing_of_it(client, stranger, make_photo):
    photo = make_photo(taken=datetime(2019, 5, 31, 8))
    client.force_login(stranger)
    assert photo.key not in client.get("/play/?in=memory.day.2019-05-31", headers=HTMX).content.decode()


def test_more_photos_take_no_more_queries(ask, make_photo, django_assert_max_num_queries):
    for _ in range(2):
        for _ in range(10):
            make_photo(taken=datetime(2019, 5, 31, 8), place="Porto", country_code="PT")
        with django_assert_max_num_queries(16):
            ask("in=memory.day.2019-05-31", **HTMX)
