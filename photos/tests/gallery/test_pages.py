"""Which part of a list an address asks for."""

from urllib.parse import urlencode

import pytest

from photos.gallery.pages import PICTURES_AT_ONCE, PICTURES_FIRST

HTMX = {"HX-Request": "true"}


def keys(text: str) -> list[str]:
    return [part.split('"')[0] for part in text.split('data-key="')[1:]]


def ends(text: str) -> dict[str, str]:
    """The addresses of a page's first and last photo, as the script reads them off its days."""
    starts = [part.split('"')[0] for part in text.split('data-start="')[1:]]
    return {"from": starts[0], "to": text.split('data-end="')[-1].split('"')[0]}


@pytest.fixture
def listed(client, owner, make_photo):
    """The owner's timeline as HTMX gets it with that query."""
    client.force_login(owner)
    for number in range(9):
        make_photo(name=f"{number}.jpg")
    return lambda **query: client.get(f"/?{urlencode(query)}", headers=HTMX)


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr("photos.gallery.timeline.PAGE_SIZE", 4)


def test_a_page_comes_back_by_its_ends_without_links_to_others(listed, small_pages):
    first = listed().content.decode()
    older = first.split('hx-get="?before=')[1].split('"')[0]
    second = listed(before=older).content.decode()
    assert len(keys(second)) == 4
    again = listed(**ends(second)).content.decode()
    assert keys(again) == keys(second)
    assert "data-more" not in again


def test_a_page_that_was_joined_with_others_comes_back_as_a_whole(listed, small_pages):
    pages = [listed().content.decode()]
    while 'data-more="older"' in pages[-1]:
        pages.append(listed(before=pages[-1].split('hx-get="?before=')[1].split('"')[0]).content.decode())
    both = {"from": ends(pages[0])["from"], "to": ends(pages[1])["to"]}
    assert keys(listed(**both).content.decode()) == keys(pages[0]) + keys(pages[1])


@pytest.mark.parametrize("query", [{"from": "x", "to": "y"}, {"from": "0.1"}, {"from": "0.1", "to": "9e"}])
def test_ends_that_are_no_places_are_not_found(listed, query):
    assert listed(**query).status_code == 404


def test_pictures_far_below_wait_on_whole_pages_alone(client, owner, make_photo):
    client.force_login(owner)
    for number in range(PICTURES_AT_ONCE + 3):
        make_photo(name=f"{number}.jpg")
    whole = client.get("/").content.decode()
    assert whole.count(" late") == 3
    assert "late" not in keys(whole)
    assert whole.count('decoding="async"') - whole.count('loading="lazy"') == PICTURES_FIRST
    part = client.get("/", {"before": f"{10**16}.1"}, headers=HTMX).content.decode()
    assert " late" not in part
