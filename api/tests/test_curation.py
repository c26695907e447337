"""Comments, kept searches, stacks, the order of albums, terms of links, and taking changes back."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from albums.models import Album, AlbumItem, Share, ShareLink
from duplicates.models import DuplicateGroup, DuplicateMember
from photos.models import Comment, Photo
from search.models import SavedSearch

Maker = Callable[..., Photo]
Ask = Callable[..., Any]


@pytest.fixture
def album(owner: User, make_photo: Maker) -> Album:
    made = Album.objects.create(owner=owner, name="Norway")
    for place in range(3):
        AlbumItem.objects.create(album=made, photo=make_photo(), position=place)
    return made


def order(album: Album) -> list[str]:
    return list(album.items.order_by("position").values_list("photo__key", flat=True))


def test_comments_are_written_changed_and_removed(ask: Ask, program: Any, stranger: User, album: Album) -> None:
    photo = album.items.first().photo
    made = ask("POST", f"/photos/{photo.key}/comments", json={"text": " Fine\0 "})
    assert (made.status_code, made.json()["text"], made.json()["author"]) == (201, "Fine", "anna")
    assert ask("POST", f"/photos/{photo.key}/comments", json={"text": "  "}).status_code == 422
    assert ask("PATCH", f"/comments/{made.json()['id']}", json={"text": "Finer"}).json()["edited_at"]
    others = program(stranger)
    assert others("POST", f"/photos/{photo.key}/comments", json={"text": "x"}).status_code == 404
    Share.objects.create(owner=photo.owner, user=stranger, album=album)
    theirs = others("POST", f"/photos/{photo.key}/comments", json={"text": "Where?"}).json()
    assert others("DELETE", f"/comments/{made.json()['id']}").status_code == 404
    told = ask("GET", f"/photos/{photo.key}/comments").json()["comments"]
    assert [one["text"] for one in told] == ["Finer", "Where?"]
    assert ask("DELETE", f"/comments/{theirs['id']}").status_code == 204
    assert Comment.objects.get().text == "Finer"


def test_searches_are_kept(ask: Ask, owner: User) -> None:
    made = ask("POST", "/searches", json={"name": "Sun", "query": "place:Porto  sun"}).json()
    assert SavedSearch.objects.get().owner == owner
    assert ask("POST", "/searches", json={"name": "Sun", "query": "rain"}).status_code == 422
    assert "no key" in ask("POST", "/searches", json={"name": "Bad", "query": "tga:x"}).json()["detail"]
    assert ask("PATCH", f"/searches/{made['id']}", json={"pinned": True}).json()["pinned"] is True
    assert ask("GET", "/searches").json()["searches"][0]["query"] == made["query"]
    assert ask("DELETE", f"/searches/{made['id']}").status_code == 204


def test_stacks_are_made_and_taken_apart(ask: Ask, make_photo: Maker) -> None:
    keys = [make_photo().key for _ in range(3)]
    assert ask("POST", "/stacks", json={"keys": keys[:1]}).status_code == 422
    made = ask("POST", "/stacks", json={"keys": keys})
    assert (made.status_code, sorted(made.json()["keys"])) == (201, sorted(keys))
    assert ask("PUT", f"/photos/{keys[2]}/stack/cover").status_code == 204
    assert Photo.objects.get(key=keys[0]).stack.cover.key == keys[2]  # type: ignore[union-attr]
    apart = ask("DELETE", f"/photos/{keys[0]}/stack").json()
    assert (apart["keys"], Photo.objects.exclude(stack=None).count()) == ([], 0)
    assert ask("DELETE", f"/photos/{keys[0]}/stack").status_code == 404
    assert ask("POST", f"/changes/{made.json()['change']}/undo").status_code == 200


def test_an_album_is_put_in_order_and_back(ask: Ask, album: Album) -> None:
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


def test_an_edit_is_taken_back(ask: Ask, make_photo: Maker, program: Any, stranger: User) -> None:
    photo = make_photo(title="Before")
    ask("PATCH", f"/photos/{photo.key}", json={"title": "After"})
    change = ask("GET", "/changes").json()["changes"][0]["id"]
    assert program(stranger)("POST", f"/changes/{change}/undo").status_code == 404
    assert program(stranger)("GET", "/changes").json() == {"changes": [], "next": None}
    assert ask("POST", f"/changes/{change}/undo").status_code == 200
    assert Photo.objects.get().title == "Before"


def test_the_terms_of_a_link_are_changed(ask: Ask, album: Album) -> None:
    made = ask("POST", "/links", json={"album": album.key, "password": "rosebud", "view_limit": 3}).json()
    kept = ShareLink.objects.get().password
    changed = ask(
        "PATCH", f"/links/{made['key']}", json={"name": "Ours", "view_limit": None, "show_place": True}
    ).json()
    told = (changed["name"], changed["view_limit"], changed["show_place"], changed["has_password"])
    assert told == ("Ours", None, True, True)
    assert ShareLink.objects.get().password == kept
    assert ask("PATCH", f"/links/{made['key']}", json={"password": None}).json()["has_password"] is False
    ask("DELETE", f"/links/{made['key']}")
    assert ask("PATCH", f"/links/{made['key']}", json={"name": "x"}).status_code == 404


def test_pages_of_duplicates_lose_none_when_one_is_resolved(
    ask: Ask, owner: User, make_photo: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.duplicates.PAGE", 2)
    groups = [DuplicateGroup.objects.create(owner=owner, tier="same", saving=saving) for saving in (5, 5, 9, 1)]
    for group in groups:
        for _ in range(2):
            DuplicateMember.objects.create(group=group, photo=make_photo(), role="copy", similarity=1)
    first = ask("GET", "/duplicates").json()
    assert [one["saving"] for one in first["groups"]] == [9, 5]
    ask("POST", f"/duplicates/{first['groups'][0]['key']}/keep-all")  # the rows move up meanwhile
    second = ask("GET", f"/duplicates?cursor={first['next']}").json()
    assert [one["key"] for one in second["groups"]] == [groups[0].key, groups[3].key]
    assert second["next"] is None
    assert ask("GET", "/duplicates?cursor=50").status_code == 422
