"""Adding photos from within an album."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from albums.models import Album, AlbumItem, Role, Share
from photos.models import Photo

HTMX = {"HX-Request": "true"}


def address(album: Album) -> str:
    return f"/albums/album/{album.key}/add/"


def inside(album: Album) -> set[str]:
    return set(AlbumItem.objects.filter(album=album).values_list("photo__original_name", flat=True))


@pytest.fixture
def anna(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def test_the_whole_library_is_offered_and_what_is_inside_is_marked(
    anna: Client, make_photo: Callable[..., Photo], make_album: Callable[..., Album]
) -> None:
    there, free = make_photo(name="there.jpg"), make_photo(name="free.jpg")
    album = make_album("Lisbon", [there])
    page = anna.get(address(album)).content.decode()
    assert f"p-{there.key}" in page
    assert f"p-{free.key}" in page
    assert f'data-inside="{there.key}"' in page
    fragment = anna.get(address(album), headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert "data-picking" in fragment


def test_a_search_offers_what_it_finds_of_ones_own(
    anna: Client, stranger: User, make_photo: Callable[..., Photo], make_album: Callable[..., Album]
) -> None:
    found, other = make_photo(name="a.jpg", title="Beach"), make_photo(name="b.jpg", title="Hill")
    theirs = make_photo(owner=stranger, title="Beach too")
    Share.objects.create(owner=stranger, user=User.objects.get(username="anna"), album=None)
    page = anna.get(address(make_album()), {"q": "title:beach"}).content.decode()
    assert f"p-{found.key}" in page
    assert f"p-{other.key}" not in page
    assert f"p-{theirs.key}" not in page


@pytest.mark.parametrize("search", ["(", "title:nothing-is-called-so"])
def test_a_search_that_finds_nothing_says_so(anna: Client, make_album: Callable[..., Album], search: str) -> None:
    answer = anna.get(address(make_album()), {"q": search})
    assert answer.status_code == 200
    assert "Nothing found" in answer.content.decode()


def test_the_chosen_are_added_once_and_it_can_be_undone(
    anna: Client, make_photo: Callable[..., Photo], make_album: Callable[..., Album]
) -> None:
    photos = [make_photo(name=f"{name}.jpg") for name in "abc"]
    album = make_album("Lisbon", photos[:1])
    answer = anna.post(address(album), {"keys": ",".join(photo.key for photo in photos)}, follow=True)
    assert answer.redirect_chain == [(album.get_absolute_url(), 302)]
    assert inside(album) == {"a.jpg", "b.jpg", "c.jpg"}
    undo = answer.content.decode().split('action="/changes/')[1].split('"')[0]
    anna.post(f"/changes/{undo}")
    assert inside(album) == {"a.jpg"}


def test_nothing_chosen_and_photos_of_others_are_refused(
    anna: Client, stranger: User, make_photo: Callable[..., Photo], make_album: Callable[..., Album]
) -> None:
    album, theirs = make_album(), make_photo(owner=stranger)
    for keys in ("", "nonsense", theirs.key):
        assert anna.post(address(album), {"keys": keys}, headers=HTMX).status_code == 422
    assert inside(album) == set()


@pytest.mark.parametrize(("role", "status"), [(Role.CONTRIBUTOR, 200), (Role.VIEWER, 404), (None, 404)])
def test_who_may_add(
    client: Client, viewer: User, make_album: Callable[..., Album], share: Callable[..., Any], role: Any, status: int
) -> None:
    album = make_album()
    if role:
        share(viewer, album, role)
    client.force_login(viewer)
    assert client.get(address(album)).status_code == status


def test_smart_albums_and_the_anonymous(client: Client, owner: User, make_album: Callable[..., Album]) -> None:
    assert client.get(address(make_album())).status_code == 302
    client.force_login(owner)
    assert client.get(address(make_album(kind="smart", query="2024"))).status_code == 404


def test_more_photos_need_no_more_queries(
    anna: Client, make_photo: Callable[..., Photo], make_album: Callable[..., Album]
) -> None:
    album = make_album("Lisbon", [make_photo()])
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            anna.get(address(album))
        counts.append(len(asked))
        for photo in [make_photo() for _ in range(8)]:
            AlbumItem.objects.create(album=album, photo=photo, position=1)
    assert counts[0] == counts[1]


def test_a_selected_day_has_ones_own_photos_alone(
    anna: Client, stranger: User, owner: User, make_photo: Callable[..., Photo], make_album: Callable[..., Album]
) -> None:
    mine, theirs = make_photo(name="a.jpg"), make_photo(owner=stranger)
    Share.objects.create(owner=stranger, user=owner, album=None, on_timeline=True)
    page = address(make_album())
    assert f'data-keys-url="{page}keys/"' in anna.get(page).content.decode()
    day = {"day": f"{mine.taken_local:%Y-%m-%d}"}
    assert theirs.taken_local.date() == mine.taken_local.date()
    assert set(anna.get("/keys/", day).json()["keys"]) == {mine.key, theirs.key}
    assert anna.get(f"{page}keys/", day).json() == {"keys": [mine.key]}
    assert anna.get(f"{page}keys/", {"from": theirs.key, "to": mine.key}).status_code == 404
