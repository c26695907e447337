"""Albums, tags, people, faces, duplicates, trash, shares and the installation over the API."""

from typing import Any

import pytest

from accounts.models import SecurityEvent, User
from albums.models import Album, Share
from duplicates.models import DuplicateGroup, DuplicateMember
from people.models import Face, Person
from photos.models import Photo
from tags.keywords import keywords_of


def test_an_album_from_making_to_deleting(ask: Any, make_photo: Any) -> None:
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


def test_tags_on_and_off(ask: Any, make_photo: Any) -> None:
    photo = make_photo()
    body = {"keys": [photo.key], "add": ["travel/japan", "food"]}
    assert ask("POST", "/tags/change", json=body).json() == {"count": 1}
    assert keywords_of(photo) == ["food", "travel/japan"]
    counts = {one["path"]: one["photos"] for one in ask("GET", "/tags").json()["tags"]}
    assert counts == {"food": 1, "travel": 0, "travel/japan": 1}
    ask("POST", "/tags/change", json={"keys": [photo.key], "remove": ["food"]})
    assert ask("GET", f"/photos/{photo.key}").json()["tags"] == ["travel/japan"]


@pytest.fixture
def face(owner: User, make_photo: Any) -> Face:
    person = Person.objects.create(owner=owner)
    return Face.objects.create(
        photo=make_photo(), person=person, x=0.1, y=0.1, width=0.2, height=0.3, assignment="automatic"
    )


def test_people_are_named_merged_and_found(ask: Any, face: Face, owner: User, make_photo: Any) -> None:
    key = face.person.key
    path = f"/people/{key}"
    assert [one["photos"] for one in ask("GET", "/people").json()["people"]] == [1]
    named = ask("PATCH", path, json={"name": "Anna", "birthday": "1990-05-01"}).json()
    assert (named["name"], named["birthday"]) == ("Anna", "1990-05-01")
    assert ask("PATCH", path, json={"birthday": "2990-05-01"}).status_code == 422
    assert len(ask("GET", f"/photos?list=person.{key}").json()["photos"]) == 1
    other = Person.objects.create(owner=owner, name="Ann")
    assert ask("PATCH", f"/people/{other.key}", json={"name": "anna"}).status_code == 409
    assert ask("POST", f"{path}/merge", json={"people": [other.key]}).json()["name"] == "Anna"
    assert ask("GET", f"/people/{other.key}").json()["key"] == key
    assert ask("POST", f"{path}/merge", json={"people": ["nobody"]}).status_code == 422
    assert ask("PATCH", path, json={"name": "", "hidden": True}).json()["hidden"] is True
    assert ask("GET", "/people").json()["people"] == []


def test_faces_are_told_named_and_refused(ask: Any, face: Face) -> None:
    told = ask("GET", f"/photos/{face.photo.key}/faces").json()["faces"]
    assert [(one["id"], one["box"]) for one in told] == [(face.pk, [0.1, 0.1, 0.2, 0.3])]
    assert ask("POST", "/faces", json={"faces": [face.pk], "name": "Ben"}).json() == {"count": 1}
    face.refresh_from_db()
    assert (face.person.name, face.assignment) == ("Ben", "confirmed")
    assert ask("POST", "/faces", json={"faces": [face.pk]}).json() == {"count": 1}
    face.refresh_from_db()
    assert face.person is None
    assert ask("POST", "/faces/none", json={"faces": [face.pk]}).json() == {"count": 1}
    assert ask("GET", f"/photos/{face.photo.key}/faces").json() == {"faces": []}


def test_duplicates_are_decided(ask: Any, owner: User, make_photo: Any) -> None:
    small, large = make_photo(width=400, height=300), make_photo(width=4000, height=3000, size=5000)
    group = DuplicateGroup.objects.create(owner=owner, tier="same", saving=1000)
    for photo in (small, large):
        DuplicateMember.objects.create(group=group, photo=photo, role="copy", similarity=1)
    (told,) = ask("GET", "/duplicates").json()["groups"]
    assert told["suggested"] == large.key
    path = f"/duplicates/{group.key}"
    assert ask("POST", f"{path}/keep", json={"keys": ["other"]}).status_code == 422
    assert ask("POST", f"{path}/keep", json={}).json() == {"keys": [small.key]}
    small.refresh_from_db()
    assert small.trashed_at is not None
    assert ask("GET", "/duplicates").json() == {"groups": [], "next": None}
    assert ask("POST", f"{path}/keep-all").status_code == 409


def test_deleting_for_good_wants_its_scope_and_the_trash(ask: Any, program: Any, owner: User, make_photo: Any) -> None:
    kept, trashed = make_photo(), make_photo()
    ask("DELETE", f"/photos/{trashed.key}")
    body = {"keys": [kept.key, trashed.key]}
    assert program(owner, "read", "edit")("POST", "/trash/delete", json=body).status_code == 403
    assert ask("POST", "/trash/delete", json=body).json() == {"count": 1}
    assert list(Photo.objects.all()) == [kept]
    ask("DELETE", f"/photos/{kept.key}")
    assert ask("POST", "/trash/empty").json() == {"count": 1}
    assert not Photo.objects.exists()
    verbs = set(SecurityEvent.objects.values_list("verb", flat=True))
    assert verbs == {"deleted photos", "emptied the trash"}


def test_jobs_and_health(ask: Any, program: Any, owner: User) -> None:
    stages = ask("GET", "/jobs").json()["stages"]
    assert "thumbnails" in {one["name"] for one in stages}
    assert program(owner, "admin")("GET", "/health").status_code == 403
    owner.is_superuser = True
    owner.save()
    health = program(owner, "admin")("GET", "/health").json()
    assert {one["name"] for one in health["conditions"]} >= {"database", "redis", "disk"}


def test_sharing_with_somebody_and_no_more(ask: Any, program: Any, stranger: User, make_photo: Any) -> None:
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


def test_nobody_is_made_an_owner_by_sharing(ask: Any, stranger: User) -> None:
    key = ask("POST", "/albums", json={"name": "Norway"}).json()["key"]
    refused = ask("POST", "/shares", json={"user": "mallory", "album": key, "role": "owner"})
    assert refused.status_code == 422
    assert "'co-owner'" in refused.json()["detail"]
    assert not Share.objects.exists()


def test_a_public_link_opens_until_it_is_closed(
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
