"""A person's page: photos, header, faces to sort, history."""

from datetime import date

import pytest

from accounts.models import Activity
from mirage.testing.html import folded
from people import actions
from people.models import Face, FaceRejection, Person

HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return lambda address, **headers: client.get(f"/people/person/{address}", headers=headers)


@pytest.fixture
def post(client, owner):
    client.force_login(owner)
    return lambda address, **form: client.post(f"/people/{address}", form, headers=HTMX)


@pytest.fixture
def anna(make_person, make_face):
    return make_person("Anna", [make_face(1, spread=0.2) for _ in range(4)])


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


def test_the_timeline_shows_the_photos_of_the_person_alone(client, page, anna, make_photo):
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


def test_who_was_merged_away_leads_to_the_one_who_remains(page, owner, anna, make_person, make_face):
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


# --- faces ------------------------------------------------------------------------------------------------------------


def test_outliers_come_first(page, anna, make_face):
    wrong = make_face(9, person=anna)
    text = folded(page(f"{anna.key}/faces/", **HTMX))
    first = text.index('name="faces" value="')
    assert text[first:].startswith(f'name="faces" value="{wrong.pk}"')


def test_faces_come_page_by_page(page, anna, monkeypatch):
    monkeypatch.setattr("people.views.faces.FACES_AT_ONCE", 3)
    text = folded(page(f"{anna.key}/faces/", **HTMX))
    after = text.split("?after=")[1].split('"')[0]
    rest = folded(page(f"{anna.key}/faces/?after={after}", **HTMX))
    shown = [f'name="faces" value="{face.pk}"' for face in anna.faces.all()]
    assert sum(text.count(one) for one in shown) == 3
    assert sum(rest.count(one) for one in shown) == 1


def faces(person, count):
    found = list(person.faces.order_by("pk")[:count])
    return found, ",".join(str(face.pk) for face in found)


def test_moving_faces_to_somebody_known_and_to_somebody_new(post, anna, make_person, make_face):
    ben = make_person("Ben", [make_face(2)])
    _, ids = faces(anna, 2)
    assert "2 faces moved to ben" in post("faces/move/", faces=ids, person=anna.key, name="ben").content.decode()
    assert (anna.faces.count(), ben.faces.count()) == (2, 3)
    _, ids = faces(anna, 1)
    post("faces/move/", faces=ids, person=anna.key, name="Clara")
    assert Person.objects.get(name="Clara").faces.count() == 1
    assert post("faces/move/", faces=ids, person=anna.key, name=" ").status_code == 422


def test_not_this_person_not_a_face_split_confirm_and_cover(post, anna):
    (face,), ids = faces(anna, 1)
    assert "Cover chosen" in post("faces/cover/", faces=ids, person=anna.key).content.decode()
    anna.refresh_from_db()
    assert anna.cover == face
    post("faces/confirm/", faces=ids, person=anna.key)
    assert Face.objects.get(pk=face.pk).assignment == "confirmed"
    post("faces/reject/", faces=ids, person=anna.key)
    assert FaceRejection.objects.filter(face=face, person=anna).exists()
    (face,), ids = faces(anna, 1)
    post("faces/not-a-face/", faces=ids, person=anna.key)
    assert Face.objects.get(pk=face.pk).not_a_face
    _, ids = faces(anna, 1)
    post("faces/split/", faces=ids, person=anna.key)
    assert anna.faces.count() == 1
    assert Person.objects.filter(name="", merged_into=None).count() == 1


@pytest.mark.parametrize("action", ["split", "confirm", "reject", "cover"])
def test_what_needs_a_person_says_so(post, make_face, action):
    response = post(f"faces/{action}/", faces=str(make_face().pk))
    assert response.status_code == 422
    assert response.headers["HX-Retarget"] == "#toasts"


def test_faces_of_strangers_are_left_alone(client, stranger, anna):
    client.force_login(stranger)
    (face,), ids = faces(anna, 1)
    assert client.post("/people/faces/not-a-face/", {"faces": ids}, headers=HTMX).status_code == 422
    assert client.post("/people/faces/reject/", {"faces": ids, "person": anna.key}).status_code == 404
    face.refresh_from_db()
    assert (face.not_a_face, face.person) == (False, anna)


def test_bad_input_for_faces(post, anna):
    assert post("faces/eat/", faces="1").status_code == 404
    assert post("faces/confirm/", faces="1,x,-4,99999999999999999999999", person=anna.key).status_code in {200, 422}
    assert post("faces/confirm/", person=anna.key).status_code == 422


def test_queries_do_not_grow_with_the_faces(page, anna, make_face, django_assert_max_num_queries):
    for _ in range(10):
        make_face(1, person=anna)
    with django_assert_max_num_queries(20):
        page(f"{anna.key}/faces/")
    with django_assert_max_num_queries(20):
        page(f"{anna.key}/")


# --- history ----------------------------------------------------------------------------------------------------------


def test_the_history_tells_what_was_done_and_takes_it_back(client, page, post, owner, anna, make_person, make_face):
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
    assert "taken back" in page(f"{anna.key}/history/").content.decode()


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


# --- in the viewer ----------------------------------------------------------------------------------------------------


def test_the_faces_of_a_photo_are_the_owners(client, stranger, post, anna):
    photo = anna.faces.first().photo
    box = {"x": "0.5", "y": "0.5", "width": "0.2", "height": "0.2"}
    assert "Anna" in client.get(f"/people/photo/{photo.key}/faces/", headers=HTMX).content.decode()
    client.force_login(stranger)
    assert client.get(f"/people/photo/{photo.key}/faces/", headers=HTMX).status_code == 404
    assert client.post(f"/people/photo/{photo.key}/draw/", box, headers=HTMX).status_code == 404
    client.logout()
    assert client.get(f"/people/photo/{photo.key}/faces/").status_code == 302
    assert client.post(f"/people/photo/{photo.key}/draw/", box).status_code == 302


@pytest.mark.parametrize("name", ["anna", "Zoe", ""])
def test_a_drawn_face_is_named_and_taken_back_at_once(post, anna, make_photo, name):
    photo = make_photo()
    response = post(f"photo/{photo.key}/draw/", x="0.5", y="0.5", width="0.2", height="0.2", name=name)
    face = photo.faces.get()
    assert (face.source, face.person.name if face.person else "") == ("drawn", name.title())
    undo = response.content.decode().split('action="/people/')[1].split('"')[0]
    assert "Undone" in post(undo).content.decode()
    assert not photo.faces.exists()
    assert not Person.objects.filter(name="Zoe").exists()


@pytest.mark.parametrize("x", ["", "nan", "inf", "a", "2"])
def test_no_box_no_face(post, make_photo, x):
    photo = make_photo()
    assert post(f"photo/{photo.key}/draw/", x=x, y="0", width="0.2", height="0.2").status_code == 422
    assert not photo.faces.exists()


def test_a_box_is_moved_and_keeps_its_name(client, stranger, post, anna, make_photo):
    face = anna.faces.first()
    box = {"x": "0.5", "y": "0.5", "width": "0.25", "height": "0.25"}
    assert "Box moved" in post(f"photo/{face.photo.key}/move-box/", face=face.pk, **box).content.decode()
    face.refresh_from_db()
    assert (face.box, face.person, face.source, bytes(face.vector)) == ((0.5, 0.5, 0.25, 0.25), anna, "drawn", b"")
    other = make_photo()
    for key, number, sides in (
        (face.photo.key, face.pk, {**box, "width": "nan"}),
        (face.photo.key, face.pk, {**box, "x": "1.5"}),
        (other.key, face.pk, box),
        (face.photo.key, "", box),
    ):
        expected = 422 if number and key == face.photo.key else 404
        assert post(f"photo/{key}/move-box/", face=number, **sides).status_code == expected
    client.force_login(stranger)
    assert client.post(f"/people/photo/{face.photo.key}/move-box/", {"face": face.pk, **box}).status_code == 404


def test_queries_do_not_grow_with_the_faces_of_a_photo(
    client, owner, make_photo, make_person, make_face, django_assert_max_num_queries
):
    client.force_login(owner)
    photo = make_photo()
    for number in range(8):
        make_person(f"Number {number}", [make_face(number, photo=photo)])
    with django_assert_max_num_queries(8):
        client.get(f"/people/photo/{photo.key}/faces/", headers=HTMX)
