"""Albums over the API: made, filled, ordered, shared and deleted."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import SecurityEvent, User
from albums.models import Album, Share
from photos.models import Photo

Ask = Callable[..., Any]
Maker = Callable[..., Photo]


def order(album: Album) -> list[str]:
    return list(album.items.order_by("position").values_list("photo__key", flat=True))


def test_an_album_from_creation_to_deletion(ask: Any, make_photo: Any) -> None:
    first, second = make_photo(), make_photo()
    made = ask("POST", "/albums", json={"name": "Norway"})
    assert made.status_code == 201
    album = made.json()
    assert (album["role"], album["kind"]) == ("owner", "manual")
    path = f"/albums/{album['key']}"
    assert ask("POST", f"{path}/photos", json={"keys": [first.key, second.key]}).json() == {"count": 2}
    assert len(ask("GET", f"/photos?list=album.{album['key']}").json()["photos"]) == 2
    assert ask("POST", f"{path}/photos/remove", json={"keys": [first.key]}).json() == {"count": 1}
    edited = ask("PATCH", path, json={"name": "Norway 2024", "cover": second.key}).json()
    assert edited["name"] == "Norway 2024"
    assert ask("PATCH", path, json={"cover": first.key}).status_code == 422
    assert ask("PATCH", path, json={"name": "  "}).status_code == 422
    assert [one["name"] for one in ask("GET", "/albums").json()["albums"]] == ["Norway 2024"]
    assert ask("DELETE", path).status_code == 204
    assert ask("GET", path).status_code == 404
    assert Photo.objects.count() == 2
    assert SecurityEvent.objects.get(verb="deleted an album").subject == "Norway 2024"


def test_a_smart_album_in_a_folder(ask: Any, make_photo: Any) -> None:
    found = make_photo(rating=5)
    make_photo()
    folder = ask("POST", "/albums", json={"name": "Best", "kind": "folder"}).json()
    body = {"name": "Five", "kind": "smart", "query": "rating:5", "folder": folder["key"]}
    smart = ask("POST", "/albums", json=body).json()
    assert smart["folder"] == folder["key"]
    assert [one["key"] for one in ask("GET", f"/photos?list=album.{smart['key']}").json()["photos"]] == [found.key]
    assert ask("POST", f"/albums/{smart['key']}/photos", json={"keys": [found.key]}).status_code == 404


def test_a_shared_album_by_role(ask: Any, program: Any, stranger: User, owner: User, make_photo: Any) -> None:
    photo = make_photo()
    key = ask("POST", "/albums", json={"name": "Norway"}).json()["key"]
    ask("POST", f"/albums/{key}/photos", json={"keys": [photo.key]})
    other = program(stranger)
    assert other("GET", f"/albums/{key}").status_code == 404
    Share.objects.create(owner=owner, user=stranger, album=Album.objects.get(), role="viewer")
    assert other("GET", f"/albums/{key}").json()["role"] == "viewer"
    assert other("GET", f"/photos/{photo.key}").status_code == 200
    assert other("PATCH", f"/albums/{key}", json={"name": "Mine"}).status_code == 404
    assert [one["album"] for one in other("GET", "/shares").json()["received"]] == [key]
    assert [one["user"] for one in ask("GET", "/shares").json()["given"]] == ["mallory"]


def test_photos_of_an_album_are_moved_and_undone(ask: Ask, album: Album) -> None:
    one, two, three = order(album)
    assert ask("POST", f"/albums/{album.key}/photos/move", json={"keys": [three], "before": one}).json() == {"count": 1}
    assert order(album) == [three, one, two]
    assert ask("POST", f"/albums/{album.key}/photos/move", json={"keys": [three]}).status_code == 200
    assert order(album) == [one, two, three]
    assert ask("POST", f"/albums/{album.key}/photos/move", json={"keys": ["nobody"]}).status_code == 422
    newest = ask("GET", "/changes").json()["changes"][0]
    assert (newest["verb"], newest["can_undo"]) == ("albums.moved", True)
    assert ask("POST", f"/changes/{newest['id']}/undo").json()["undone_at"]
    assert order(album) == [three, one, two]
    assert ask("POST", f"/changes/{newest['id']}/undo").status_code == 409


@pytest.fixture
def arranging(program: Any, owner: User, stranger: User, album: Album) -> Callable[[str], Ask]:
    """A program of somebody with whom the album is shared in that role."""

    def share(role: str) -> Ask:
        Share.objects.create(owner=owner, user=stranger, album=album, role=role)
        return program(stranger)

    return share


def test_a_co_owner_describes_and_orders_and_a_contributor_does_not(
    arranging: Callable[[str], Ask], album: Album
) -> None:
    other = arranging("contributor")
    one, two, three = order(album)
    assert other("PATCH", f"/albums/{album.key}", json={"name": "Ours"}).status_code == 404
    assert other("POST", f"/albums/{album.key}/photos/move", json={"keys": [three], "before": one}).status_code == 404
    Share.objects.update(role="co-owner")
    told = other("PATCH", f"/albums/{album.key}", json={"name": "Ours", "cover": two}).json()
    assert (told["name"], told["role"], told["owner"]) == ("Ours", "co-owner", "anna")
    assert other("POST", f"/albums/{album.key}/photos/move", json={"keys": [three], "before": one}).status_code == 200
    assert order(album) == [three, one, two]
    assert other("DELETE", f"/albums/{album.key}").status_code == 404


def test_a_contributor_adds_and_removes_only_their_own_photos(
    arranging: Callable[[str], Ask], album: Album, stranger: User, make_photo: Maker
) -> None:
    other = arranging("contributor")
    theirs, ours = make_photo(owner=stranger), order(album)
    outside = make_photo()
    assert other("POST", f"/albums/{album.key}/photos", json={"keys": [theirs.key, outside.key]}).json() == {"count": 1}
    assert order(album) == [*ours, theirs.key]
    body = {"keys": [theirs.key, ours[0]]}
    assert other("POST", f"/albums/{album.key}/photos/remove", json=body).json() == {"count": 1}
    assert order(album) == ours


def test_only_the_owner_changes_the_query_of_a_smart_album(
    ask: Ask, arranging: Callable[[str], Ask], album: Album
) -> None:
    Album.objects.update(kind="smart", query="beach")
    other = arranging("co-owner")
    assert other("PATCH", f"/albums/{album.key}", json={"query": "sun"}).status_code == 404
    assert ask("PATCH", f"/albums/{album.key}", json={"query": "sun"}).json()["query"] == "sun"


def test_an_album_that_is_not_smart_has_no_query(ask: Ask, album: Album) -> None:
    told = ask("PATCH", f"/albums/{album.key}", json={"query": "sun", "description": "Spring"}).json()
    assert (told["query"], told["description"]) == ("", "Spring")
    assert ask("POST", "/albums", json={"name": "By hand", "query": "sun"}).json()["query"] == ""


def test_an_empty_edit_changes_nothing_and_null_clears_only_the_cover(ask: Ask, album: Album) -> None:
    cover = order(album)[0]
    ask("PATCH", f"/albums/{album.key}", json={"cover": cover, "description": "Spring"})
    for nothing in ({}, {"name": None, "description": None}):
        told = ask("PATCH", f"/albums/{album.key}", json=nothing).json()
        assert (told["name"], told["description"]) == ("Norway", "Spring")
    assert Album.objects.get().cover
    ask("PATCH", f"/albums/{album.key}", json={"cover": None})
    assert Album.objects.get().cover is None


def test_the_folder_of_a_shared_album_is_not_returned(ask: Ask, arranging: Callable[[str], Ask], album: Album) -> None:
    folder = Album.objects.create(owner=album.owner, name="Trips", kind="folder")
    Album.objects.filter(pk=album.pk).update(parent=folder)
    assert ask("GET", f"/albums/{album.key}").json()["folder"] == folder.key
    assert arranging("co-owner")("GET", f"/albums/{album.key}").json()["folder"] is None


@pytest.mark.parametrize("folder", ["nobody", "an album by hand"])
def test_an_album_is_made_in_a_folder_of_its_owner(ask: Ask, album: Album, folder: str) -> None:
    key = album.key if folder == "an album by hand" else folder
    assert ask("POST", "/albums", json={"name": "Oslo", "folder": key}).status_code in (404, 422)
    assert Album.objects.count() == 1


def test_the_newest_album_comes_first(ask: Ask, album: Album) -> None:
    ask("POST", "/albums", json={"name": "Sweden"})
    assert [one["name"] for one in ask("GET", "/albums").json()["albums"]] == ["Sweden", "Norway"]


@pytest.mark.parametrize("query", ["(sun", "persn:Anna", "x " * 200])
def test_a_smart_album_needs_a_valid_search(ask, query):
    made = ask("POST", "/albums", json={"name": "A", "kind": "smart", "query": query})
    assert (made.status_code, "of the search)" in made.json()["detail"]) == (422, True)
    assert ask("POST", "/links", json={"query": query}).status_code == 422
    key = ask("POST", "/albums", json={"name": "A", "kind": "smart", "query": "sun"}).json()["key"]
    assert ask("PATCH", f"/albums/{key}", json={"query": query}).status_code == 422
    assert ask("GET", f"/albums/{key}").json()["query"] == "sun"
