"""Faces on pages: those of a person, to sort; those of a photo, in the viewer; and the actions on them."""

import pytest

from mirage.testing.html import folded
from people.models import Face, FaceRejection, Person

HTMX = {"HX-Request": "true"}


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
def test_actions_that_need_a_person_say_so(post, make_face, action):
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
def test_a_drawn_face_is_named_and_undone_at_once(post, anna, make_photo, name):
    photo = make_photo()
    response = post(f"photo/{photo.key}/draw/", x="0.5", y="0.5", width="0.2", height="0.2", name=name)
    face = photo.faces.get()
    assert (face.source, face.person.name if face.person else "") == ("drawn", name.title())
    undo = response.content.decode().split('action="/people/')[1].split('"')[0]
    assert "Undone" in post(undo).content.decode()
    assert not photo.faces.exists()
    assert not Person.objects.filter(name="Zoe").exists()


@pytest.mark.parametrize("x", ["", "nan", "inf", "a", "2"])
def test_a_box_is_needed_to_add_a_face(post, make_photo, x):
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


# --- more than one answer ---------------------------------------------------------------------------------------------


def test_naming_faces_as_before_confirms_them(post, anna):
    (face,), ids = faces(anna, 1)
    assert "1 face confirmed" in post("faces/move/", faces=ids, person=anna.key, name=" ANNA ").content.decode()
    face.refresh_from_db()
    assert (face.person, face.assignment) == (anna, "confirmed")


def test_faces_without_a_person_are_named(post, make_face):
    ids = ",".join(str(make_face(7).pk) for _ in range(2))
    assert "2 faces moved to Zoe" in post("faces/move/", faces=ids, name="Zoe").content.decode()
    assert Person.objects.get(name="Zoe").faces.count() == 2


def test_a_cover_is_one_face_of_the_person(post, anna, make_face):
    _, ids = faces(anna, 2)
    assert "Choose one face" in post("faces/cover/", faces=ids, person=anna.key).content.decode()
    assert (
        "belongs to somebody else" in post("faces/cover/", faces=str(make_face(5).pk), person=anna.key).content.decode()
    )
    anna.refresh_from_db()
    assert anna.cover is None


@pytest.mark.parametrize("action", ["move", "not-a-face", "split", "confirm", "reject", "cover"])
def test_the_undo_button_of_every_answer_works(post, anna, action):
    before = set(anna.faces.values_list("pk", "assignment", "not_a_face"))
    _, ids = faces(anna, 1)
    answer = post(f"faces/{action}/", faces=ids, person=anna.key, name="Zoe").content.decode()
    post(answer.split('action="/people/')[1].split('"')[0])
    anna.refresh_from_db()
    assert set(anna.faces.values_list("pk", "assignment", "not_a_face")) == before
    assert anna.cover is None
    assert not FaceRejection.objects.exists()


def test_small_faces_lie_above_large_ones(client, post, make_face, make_photo):
    photo = make_photo()
    small = make_face(1, photo=photo, width=0.1, height=0.1)
    large = make_face(2, photo=photo, width=0.5, height=0.5)
    make_face(3, photo=photo, not_a_face=True)
    page = client.get(f"/people/photo/{photo.key}/faces/", headers=HTMX)
    assert list(page.context["faces"]) == [large, small]
