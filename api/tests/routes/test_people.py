"""People and faces over the API."""

from typing import Any

import pytest

from accounts.models import User
from people.models import Face, Person


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


def test_faces_are_listed_named_and_rejected(ask: Any, face: Face) -> None:
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


def test_a_hidden_person_is_in_the_other_list(ask: Any, face: Face) -> None:
    ask("PATCH", f"/people/{face.person.key}", json={"hidden": True})
    assert ask("GET", "/people").json()["people"] == []
    assert [one["key"] for one in ask("GET", "/people?hidden=true").json()["people"]] == [face.person.key]


def test_a_photo_counts_once_for_a_person_and_not_in_the_trash(
    ask: Any, face: Face, owner: User, make_photo: Any
) -> None:
    Face.objects.create(photo=face.photo, person=face.person, x=0.5, y=0.5, width=0.1, height=0.1)
    trashed = make_photo()
    Face.objects.create(photo=trashed, person=face.person, x=0, y=0, width=0.1, height=0.1)
    ask("DELETE", f"/photos/{trashed.key}")
    assert ask("GET", f"/people/{face.person.key}").json()["photos"] == 1
    assert [one["photos"] for one in ask("GET", "/people").json()["people"]] == [1]


def test_a_refused_edit_changes_nothing(ask: Any, face: Face, owner: User) -> None:
    Person.objects.create(owner=owner, name="Ann")
    refused = ask("PATCH", f"/people/{face.person.key}", json={"birthday": "1990-05-01", "name": "ann"})
    assert (refused.status_code, refused.json()["detail"]) == (409, "Ann already exists.")
    assert ask("GET", f"/people/{face.person.key}").json()["birthday"] is None


def test_null_removes_a_birthday_and_leaving_it_out_keeps_it(ask: Any, face: Face) -> None:
    path = f"/people/{face.person.key}"
    ask("PATCH", path, json={"birthday": "1990-05-01"})
    assert ask("PATCH", path, json={"name": "Anna"}).json()["birthday"] == "1990-05-01"
    assert ask("PATCH", path, json={"birthday": None}).json()["birthday"] is None


def test_faces_are_assigned_to_a_person(ask: Any, face: Face, owner: User) -> None:
    other = Person.objects.create(owner=owner, name="Ben")
    assert ask("POST", "/faces", json={"faces": [face.pk], "person": other.key}).json() == {"count": 1}
    face.refresh_from_db()
    assert (face.person, face.assignment) == (other, "confirmed")
    assert ask("POST", "/faces", json={"faces": [face.pk], "person": "nobody"}).status_code == 404


def test_others_faces_and_people_are_404(program: Any, stranger: User, face: Face) -> None:
    other = program(stranger)
    assert other("GET", f"/people/{face.person.key}").status_code == 404
    assert other("PATCH", f"/people/{face.person.key}", json={"name": "Mine"}).status_code == 404
    assert other("GET", f"/photos/{face.photo.key}/faces").status_code == 404
    named = other("POST", "/faces", json={"faces": [face.pk], "name": "Mine"})
    assert (named.status_code, named.json()["detail"]) == (422, "Choose a face.")
    assert other("POST", "/faces/none", json={"faces": [face.pk]}).json() == {"count": 0}
    face.refresh_from_db()
    assert (face.assignment, face.not_a_face) == ("automatic", False)
    assert not Person.objects.filter(owner=stranger).exists()
