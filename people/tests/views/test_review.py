"""The review queue."""

import pytest

from people.models import FaceRejection, Person, PersonSeparation, Question

HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return lambda address="", **headers: client.get(f"/people/review/{address}", headers=headers)


@pytest.fixture
def say(client, owner):
    client.force_login(owner)
    return lambda address, **data: client.post(f"/people/review/{address}/", data, headers=HTMX)


@pytest.fixture
def anna(make_person, make_face):
    return make_person("Anna", [make_face(1) for _ in range(3)])


@pytest.fixture
def of_face(owner, anna, make_face):
    return Question.objects.create(owner=owner, person=anna, face=make_face(1), similarity=0.4, value=2)


@pytest.fixture
def of_people(owner, anna, make_person, make_face):
    other = make_person("", [make_face(1), make_face(1)])
    return Question.objects.create(owner=owner, person=anna, other=other, similarity=0.4, value=1)


def test_the_anonymous_sign_in_and_strangers_change_nothing(client, stranger, anna, of_face):
    assert client.get("/people/review/").status_code == 302
    assert client.post(f"/people/review/{of_face.pk}/yes/").status_code == 302
    client.force_login(stranger)
    assert "Anna" not in client.get("/people/review/").content.decode()
    assert "Anna" not in client.post(f"/people/review/{of_face.pk}/yes/", headers=HTMX).content.decode()
    of_face.refresh_from_db()
    assert of_face.face.person is None


def test_the_question_is_a_page_and_a_fragment(page, of_face, of_people, make_face):
    whole, fragment = page(), page(**HTMX)
    assert b"<html" in whole.content
    assert fragment.content.strip().startswith(b'<div class="review"')
    text = fragment.content.decode()
    assert "Is this Anna?" in text
    assert "2 left" in text
    assert f"/people/faces/{of_face.face_id}/large.webp" in text
    make_face(2, photo=of_face.face.photo)  # whom the crop may show as well
    assert f"/people/faces/{of_face.face_id}/marked.webp" in page().content.decode()


def test_no_questions(page):
    text = page().content.decode()
    assert "No questions" in text
    assert "0 left" not in text


def test_yes_is_applied_told_and_taken_back(say, of_face, of_people, anna):
    text = say(f"{of_face.pk}/yes").content.decode()
    assert "1 face added to Anna." in text
    assert "Are these two the same person?" in text
    assert "1 left" in text
    assert anna.faces.count() == 4
    text = say("undo").content.decode()
    assert "Is this Anna?" in text
    assert anna.faces.count() == 3


def test_no_not_sure_and_not_a_face(say, of_face, of_people):
    face = of_face.face
    say(f"{of_face.pk}/no")
    assert FaceRejection.objects.filter(face=face).exists()
    assert "Skipped" in say(f"{of_people.pk}/not-sure").content.decode()
    assert "Undone. The question is open again." in say("undo").content.decode()
    say(f"{of_people.pk}/no")
    assert PersonSeparation.objects.count() == 1


def test_not_a_face_concerns_faces_alone(say, of_face, of_people):
    face = of_face.face
    assert say(f"{of_people.pk}/not-a-face").status_code == 422
    say(f"{of_face.pk}/not-a-face")
    face.refresh_from_db()
    assert face.not_a_face


def test_yes_to_two_people_merges_them(say, of_people, anna):
    assert "2 faces added to Anna." in say(f"{of_people.pk}/yes").content.decode()
    assert list(Person.objects.filter(merged_into=None)) == [anna]


def test_bad_answers_and_nothing_to_undo(say, of_face):
    assert say(f"{of_face.pk}/perhaps").status_code == 404
    assert "settled already" in say("999999/yes").content.decode()
    assert "nothing to undo" in say("undo").content.decode()


def test_queries_do_not_grow_with_the_questions(page, owner, anna, make_face, of_people, django_assert_max_num_queries):
    for _ in range(10):
        Question.objects.create(owner=owner, person=anna, face=make_face(1), similarity=0.4, value=2)
    with django_assert_max_num_queries(22):
        page()


def test_one_person_or_two(page, say, owner, make_person, make_face):
    anna = make_person("Anna", [make_face(1, quality=0.9) for _ in range(3)] + [make_face(1) for _ in range(2)])
    camp = list(anna.faces.filter(quality=0.8).values_list("pk", flat=True))
    question = Question.objects.create(owner=owner, person=anna, other=anna, camp=camp, similarity=0.5, value=1)
    text = page().content.decode()
    assert "One person or two?" in text
    assert "Two people" in text
    assert "Maybe somebody else" in text
    assert f"/people/faces/{camp[0]}/large.webp" in text
    assert "Not a face" not in text
    seen = [f'name="faces" value="{pk}"' for pk in anna.faces.values_list("pk", flat=True)]
    assert [text.count(one) for one in seen] == [2] * 5  # in the form of either answer
    faces = list(anna.faces.values_list("pk", flat=True))
    assert "have changed since" in say(f"{question.pk}/no", faces=["x", -1]).content.decode()
    assert "Noted: two people." in say(f"{question.pk}/no", faces=faces).content.decode()
    assert set(Person.objects.exclude(pk=anna.pk).get().faces.values_list("pk", flat=True)) == set(camp)
    assert "One person or two?" in say("undo").content.decode()
    assert anna.faces.count() == 5
    question = Question.objects.get()
    assert "Noted: one person." in say(f"{question.pk}/yes", faces=faces).content.decode()
    assert anna.faces.filter(assignment="confirmed").count() == 5


def test_a_question_about_camps_that_changed_since_does_nothing(say, owner, make_person, make_face):
    anna = make_person("Anna", [make_face(1) for _ in range(3)])
    question = Question.objects.create(owner=owner, person=anna, other=anna, camp=[0], similarity=0.5, value=1)
    response = say(f"{question.pk}/no")
    assert response.status_code == 422
    assert "These faces have changed since." in response.content.decode()
    assert Person.objects.get() == anna
