"""Shares and public links over the API."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import SecurityEvent, User
from albums.models import Album, Share, ShareLink
from photos.models import Photo

Ask = Callable[..., Any]
Maker = Callable[..., Photo]


def test_an_album_is_shared_and_unshared(ask: Any, program: Any, stranger: User, make_photo: Any) -> None:
    photo = make_photo()
    key = ask("POST", "/albums", json={"name": "Norway"}).json()["key"]
    ask("POST", f"/albums/{key}/photos", json={"keys": [photo.key]})
    other = program(stranger)
    made = ask("POST", "/shares", json={"user": "mallory", "album": key, "role": "contributor"})
    assert (made.status_code, made.json()["role"]) == (201, "contributor")
    assert other("GET", f"/photos/{photo.key}").status_code == 200
    assert other("POST", "/shares", json={"user": "anna", "album": key}).status_code == 404
    assert ask("POST", "/shares", json={"user": "anna", "album": key}).status_code == 422
    assert ask("POST", "/shares", json={"user": "nobody", "album": key}).status_code == 404
    assert other("DELETE", f"/shares/{made.json()['id']}").status_code == 404
    assert ask("DELETE", f"/shares/{made.json()['id']}").status_code == 204
    assert other("GET", f"/photos/{photo.key}").status_code == 404
    assert ask("POST", "/shares", json={"user": "mallory"}).status_code == 201
    assert other("GET", f"/photos/{photo.key}").status_code == 200
    assert {"shared", "ended a share"} <= set(SecurityEvent.objects.values_list("verb", flat=True))


@pytest.mark.parametrize("role", ["viewer", "contributor", "co-owner"])
def test_a_role_is_spelt_the_same_everywhere(ask: Any, program: Any, stranger: User, role: str) -> None:
    key = ask("POST", "/albums", json={"name": "Norway"}).json()["key"]
    given = ask("POST", "/shares", json={"user": "mallory", "album": key, "role": role}).json()
    received = program(stranger)("GET", f"/albums/{key}").json()
    assert given["role"] == received["role"] == Share.objects.get().role == role


def test_owner_is_not_a_role_to_share_with(ask: Any, stranger: User) -> None:
    key = ask("POST", "/albums", json={"name": "Norway"}).json()["key"]
    refused = ask("POST", "/shares", json={"user": "mallory", "album": key, "role": "owner"})
    assert refused.status_code == 422
    assert "'co-owner'" in refused.json()["detail"]
    assert not Share.objects.exists()


def test_a_public_link_works_until_it_is_revoked(
    ask: Any, program: Any, stranger: User, make_photo: Any, client: Any
) -> None:
    photo = make_photo()
    made = ask("POST", "/links", json={"keys": [photo.key], "name": "For Nan"}).json()
    assert (made["photos"], made["has_password"]) == (1, False)
    path = made["address"].removeprefix("http://testserver")
    assert client.get(path, follow=True).status_code == 200
    assert [one["key"] for one in ask("GET", "/links").json()["links"]] == [made["key"]]
    assert program(stranger)("DELETE", f"/links/{made['key']}").status_code == 404
    assert ask("DELETE", f"/links/{made['key']}").status_code == 204
    assert client.get(path, follow=True).status_code in (404, 410)
    assert ask("POST", "/links", json={}).status_code == 422
    assert ask("POST", "/links", json={"keys": [photo.key], "query": "x"}).status_code == 422
    assert program(stranger)("POST", "/links", json={"keys": [photo.key]}).status_code == 422


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


def test_a_library_is_shared_and_unshared(ask: Ask, program: Any, stranger: User, make_photo: Maker) -> None:
    photo = make_photo()
    made = ask("POST", "/shares", json={"user": "mallory"}).json()
    assert (made["album"], made["owner"], made["user"], made["role"]) == (None, "anna", "mallory", "viewer")
    other = program(stranger)
    assert other("GET", f"/photos/{photo.key}").status_code == 200
    assert ask("DELETE", f"/shares/{made['id']}").status_code == 204
    assert other("GET", f"/photos/{photo.key}").status_code == 404
    assert ask("POST", "/shares", json={"user": "anna"}).status_code == 422


def test_sharing_again_changes_the_role(ask: Ask, stranger: User, album: Album) -> None:
    body = {"user": "mallory", "album": album.key}
    first, second = (ask("POST", "/shares", json={**body, "role": role}).json() for role in ("viewer", "co-owner"))
    assert (first["id"], first["role"], second["role"]) == (second["id"], "viewer", "co-owner")


@pytest.mark.parametrize("number", [0, -1, 2**63, 7])
def test_an_unknown_share_is_404(ask: Ask, number: int) -> None:
    assert ask("DELETE", f"/shares/{number}").status_code == 404


def test_nothing_is_shared_with_a_disabled_account(ask: Ask, stranger: User, album: Album) -> None:
    User.objects.filter(pk=stranger.pk).update(is_active=False)
    assert ask("POST", "/shares", json={"user": "mallory", "album": album.key}).status_code == 404


@pytest.mark.parametrize("field", ["name", "allow_download", "show_metadata", "show_place"])
def test_null_is_refused_or_ignored_unless_it_has_a_meaning(ask: Ask, album: Album, field: str) -> None:
    body = {"album": album.key, "name": "Ours", "allow_download": False, "show_metadata": False, "show_place": True}
    made = ask("POST", "/links", json=body).json()
    assert ask("PATCH", f"/links/{made['key']}", json={field: None}).json()[field] == body[field]


def test_a_link_to_a_search(ask: Ask, owner: User) -> None:
    made = ask("POST", "/links", json={"query": " beach "}).json()
    assert (made["query"], made["album"], made["photos"]) == ("beach", None, 0)
    logged = SecurityEvent.objects.get(verb="made a link")
    assert (logged.subject, logged.detail) == ("Search: beach", {"by": "API"})


def test_an_expiry_needs_its_zone(ask: Ask, album: Album) -> None:
    body = {"album": album.key, "expires_at": "2999-01-01T00:00:00"}
    assert ask("POST", "/links", json=body).status_code == 422
    made = ask("POST", "/links", json={**body, "expires_at": "2999-01-01T00:00:00+02:00"}).json()
    assert datetime.fromisoformat(made["expires_at"]) == datetime(2998, 12, 31, 22, tzinfo=UTC)


def test_links_need_the_scope_share(program: Any, owner: User, album: Album) -> None:
    other = program(owner, "read", "edit")
    assert other("GET", "/links").status_code == 403
    assert other("POST", "/links", json={"album": album.key}).status_code == 403
    assert other("POST", "/shares", json={"user": "mallory", "album": album.key}).status_code == 403
    assert not ShareLink.objects.exists()


def test_a_link_lets_guests_add_photos(ask: Ask, album: Album, client: Any, owner: User) -> None:
    body = {"album": album.key, "allow_upload": True, "upload_limit_bytes": 5_000_000}
    made = ask("POST", "/links", json=body).json()
    assert (made["allow_upload"], made["upload_limit_bytes"], made["uploaded_bytes"]) == (True, 5_000_000, 0)
    assert "upload/" in client.get(made["address"].removeprefix("http://testserver"), follow=True).content.decode()
    changed = ask("PATCH", f"/links/{made['key']}", json={"upload_limit_bytes": None, "allow_upload": False}).json()
    assert (changed["allow_upload"], changed["upload_limit_bytes"]) == (False, None)
    assert ask("POST", "/links", json={"query": "sun", "allow_upload": True}).status_code == 422
    smart = Album.objects.create(owner=owner, name="Sun", kind=Album.Kind.SMART, query="sun")
    link = ask("POST", "/links", json={"album": smart.key}).json()
    assert ask("PATCH", f"/links/{link['key']}", json={"allow_upload": True}).status_code == 422
