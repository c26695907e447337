"""A person's page: photos, header, birthday, history."""

from datetime import date

import pytest

from accounts.models import Activity
from people import actions

HTMX = {"HX-Request": "true"}


TAILS = ["", "head/", "faces/", "history/"]


@pytest.mark.parametrize("tail", TAILS)
def test_the_anonymous_sign_in_and_strangers_get_404(client, stranger, anna, tail):
    address = f"/people/person/{anna.key}/{tail}"
    assert client.get(address).status_code == 302
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    assert client.get(f"/people/person/nobody/{tail}").status_code == 404


@pytest.mark.parametrize("tail", TAILS)
def test_each_is_a_page_and_a_fragment(page, anna, tail):
    whole, fragment = page(f"{anna.key}/{tail}"), page(f"{anna.key}/{tail}", **HTMX)
    assert b"<html" in whole.content
    assert b"Anna" in whole.content
    assert b"<html" not in fragment.content
    assert " style=" not in whole.content.decode()


def test_the_timeline_shows_only_photos_of_the_person(client, page, anna, make_photo):
    other = make_photo()
    text = page(f"{anna.key}/").content.decode()
    shown = [face.photo for face in anna.faces.all()]
    assert all(f'id="p-{photo.key}"' in text for photo in shown)
    assert other.key not in text
    assert f"?in=person.{anna.key}" in text
    viewer = client.get(f"/photo/{shown[1].key}/?in=person.{anna.key}").content.decode()
    assert shown[0].key in viewer
    assert shown[2].key in viewer
    assert other.key not in viewer
    assert f'data-back="/people/person/{anna.key}/?photo=' in viewer
    assert client.get(f"/months/?in=person.{anna.key}").status_code == 200


def test_nobody_else_can_list_a_persons_photos(client, stranger, anna):
    client.force_login(stranger)
    for address in ("months", "keys"):
        assert client.get(f"/{address}/?in=person.{anna.key}&day=2024-05-01").status_code == 404


def test_pages_of_the_timeline_and_bad_cursors(page, anna):
    assert page(f"{anna.key}/?before=nothing").status_code == 404
    text = page(f"{anna.key}/?at=2024-05", **HTMX).content.decode()
    assert 'id="grid"' in text


def test_the_page_of_a_merged_person_leads_to_the_survivor(page, owner, anna, make_person, make_face):
    ann = make_person("Ann", [make_face(1)])
    actions.merge(anna, [ann], owner)
    response = page(f"{ann.key}/")
    assert (response.status_code, response.headers["Location"]) == (302, f"/people/person/{anna.key}/")


def test_birthdays(post, anna):
    assert "Birthday changed" in post(f"person/{anna.key}/birthday/", birthday="2015-03-04").content.decode()
    anna.refresh_from_db()
    assert anna.birthday == date(2015, 3, 4)
    for bad in ("yesterday", "2999-01-01"):
        assert post(f"person/{anna.key}/birthday/", birthday=bad).status_code == 422
    post(f"person/{anna.key}/birthday/", birthday="")
    anna.refresh_from_db()
    assert anna.birthday is None


# --- history ----------------------------------------------------------------------------------------------------------


def test_the_history_lists_actions_and_undoes_them(client, page, post, owner, anna, make_person, make_face):
    ben = make_person("Ben", [make_face(2)])
    actions.name_person(anna, "Annette", owner)
    actions.merge(anna, [ben], owner)
    text = page(f"{anna.key}/history/").content.decode()
    assert "Renamed Anna to Annette" in text
    assert "Merged Annette and Ben" in text
    whole = client.get("/people/history/").content.decode()
    assert "Merged Annette and Ben" in whole
    post(f"undo/{Activity.objects.get(verb='people.merge').pk}/")
    ben.refresh_from_db()
    assert ben.merged_into is None
    assert "undone" in page(f"{anna.key}/history/").content.decode()


def test_the_history_is_the_owners_and_pages(client, stranger, owner, anna, monkeypatch):
    monkeypatch.setattr("people.views.person.ACTIONS_AT_ONCE", 2)
    for name in ("A", "B", "C"):
        activity = actions.name_person(anna, name, owner)
    client.force_login(stranger)
    assert "Nothing yet" in client.get("/people/history/").content.decode()
    assert client.post(f"/people/undo/{activity.pk}/").status_code == 404
    client.force_login(owner)
    text = client.get("/people/history/").content.decode()
    before = text.split("?before=")[1].split('"')[0]
    older = client.get(f"/people/history/?before={before}").content.decode()
    assert "Renamed Anna to A" in older
    assert "Renamed Anna to A<" not in text
    assert "Nothing yet" in client.get("/people/history/?before=x").content.decode()
