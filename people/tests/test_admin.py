"""The admin of people and faces: the lists show crops, and the owner's history has what is done there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts import undoing
from accounts.models import Activity, User
from people.models import Face, FaceRejection, Person
from people.tests.conftest import MakeFace, MakePerson
from photos.storage import paths

PEOPLE, FACES = reverse("admin:people_person_changelist"), reverse("admin:people_face_changelist")


@pytest.fixture
def administrator(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_superuser("administrator"))
    return client


@pytest.fixture
def act(administrator: Client) -> Callable[..., Any]:
    """Run an action of a list over these rows."""

    def run(address: str, action: str, rows: list[Any], **more: Any) -> Any:
        form = {"action": action, "_selected_action": [row.pk for row in rows], **more}
        return administrator.post(address, form, follow=True)

    return run


@pytest.fixture
def anna(make_person: MakePerson, make_face: MakeFace) -> Person:
    return make_person("Anna", [make_face(1) for _ in range(3)])


def test_merging_asks_who_stays_and_is_in_the_owners_history(
    act: Callable[..., Any], anna: Person, make_person: MakePerson, make_face: MakeFace, owner: User
) -> None:
    group = make_person("", [make_face(1), make_face(1)])
    page = act(PEOPLE, "merge", [anna, group]).content.decode()
    assert page.count('name="target"') == 2
    assert page.count("crop.webp") == 5
    act(PEOPLE, "merge", [anna, group], target=anna.pk)
    assert anna.faces.count() == 5
    done = Activity.objects.get(verb="people.merge")
    assert (done.owner, done.actor.username) == (owner, "administrator")
    undoing.undo(done, owner)
    assert (anna.faces.count(), group.faces.count()) == (3, 2)


def test_people_of_two_owners_are_not_merged(act: Callable[..., Any], anna: Person, stranger: User) -> None:
    theirs = Person.objects.create(owner=stranger, name="Ben")
    assert "people of one owner" in act(PEOPLE, "merge", [anna, theirs], target=anna.pk).content.decode()
    assert not Person.objects.filter(merged_into__isnull=False).exists()
    assert "Choose 2 to" in act(PEOPLE, "merge", [anna]).content.decode()


def test_hiding_people_of_several_owners(act: Callable[..., Any], anna: Person, stranger: User) -> None:
    theirs = Person.objects.create(owner=stranger)
    act(PEOPLE, "hide", [anna, theirs])
    assert Person.objects.filter(hidden=True).count() == 2
    act(PEOPLE, "show", [anna])
    assert list(Person.objects.filter(hidden=True)) == [theirs]


def test_the_form_changes_by_actions_and_refuses_a_name_that_is_taken(
    administrator: Client, anna: Person, make_person: MakePerson, make_face: MakeFace
) -> None:
    ben = make_person("Ben", [make_face(2)])
    address = reverse("admin:people_person_change", args=[anna.pk])
    assert "Merge them instead" in administrator.post(address, {"name": "ben"}).content.decode()
    refused = administrator.post(address, {"name": "Anna", "cover": ben.faces.get().pk}).content.decode()
    assert "another person&#x27;s face" in refused
    administrator.post(
        address, {"name": "Anne", "birthday": "2001-02-03", "cover": anna.faces.first().pk, "hidden": ""}
    )
    anna.refresh_from_db()
    assert (anna.name, str(anna.birthday), anna.cover) == ("Anne", "2001-02-03", anna.faces.first())
    assert set(Activity.objects.values_list("verb", flat=True)) == {"people.name", "people.birthday", "people.cover"}


def test_faces_are_assigned_in_bulk(act: Callable[..., Any], anna: Person, make_face: MakeFace) -> None:
    faces = [anna.faces.first(), make_face(2), make_face(2)]
    page = act(FACES, "assign", faces).content.decode()
    assert page.count("crop.webp") == 3
    assert '<option value="Anna">' in page
    act(FACES, "assign", faces, name="Ben")
    ben = Person.objects.get(name="Ben")
    assert ben.faces.filter(assignment="confirmed").count() == 3


@pytest.mark.parametrize("action", ["confirm", "take_away", "not_faces"])
def test_faces_are_confirmed_removed_and_marked_in_the_list(act: Callable[..., Any], anna: Person, action: str) -> None:
    face = anna.faces.all()[0]
    act(FACES, action, [face])
    face.refresh_from_db()
    confirmed, nobody = (anna, "confirmed", False), (None, "none", action == "not_faces")
    assert (face.person, face.assignment, face.not_a_face) == (confirmed if action == "confirm" else nobody)
    assert FaceRejection.objects.exists() == (action == "take_away")


def test_faces_of_two_owners_are_refused(
    act: Callable[..., Any], anna: Person, make_face: MakeFace, make_photo: Callable[..., Any], stranger: User
) -> None:
    theirs = make_face(1, photo=make_photo(owner=stranger))
    assert "of one owner" in act(FACES, "assign", [theirs, anna.faces.first()], name="Anna").content.decode()
    assert theirs.person is None


@pytest.mark.parametrize("query", ["named=yes", "named=no", "named=merged", "hidden__exact=1"])
def test_people_are_filtered(administrator: Client, anna: Person, query: str) -> None:
    shown = administrator.get(f"{PEOPLE}?{query}").content.decode()
    assert (">Anna<" in shown) == (query == "named=yes")


@pytest.mark.parametrize("query", ["with=named", "with=unnamed", "with=nobody", "q=Anna"])
def test_faces_are_filtered(administrator: Client, anna: Person, query: str) -> None:
    shown = administrator.get(f"{FACES}?{query}").content.decode()
    assert shown.count("crop.webp") == (3 if query in ("with=named", "q=Anna") else 0)


def test_the_lists_cost_the_same_however_long(
    administrator: Client,
    make_person: MakePerson,
    make_face: MakeFace,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for number in range(8):
        make_person(f"Person {number}", [make_face(number)])
    for address in (PEOPLE, FACES):
        with django_assert_max_num_queries(10):
            administrator.get(address)


def test_crops_are_for_administrators(administrator: Client, anna: Person, owner: User) -> None:
    face = anna.faces.all()[0]
    address = reverse("admin:people_face_crop", args=[face.pk])
    assert administrator.get(address).status_code == 404  # not made yet
    folder = paths.derived_folder(face.photo.sha256)
    folder.mkdir(parents=True)
    for name in ("medium", "large"):
        Image.new("RGB", (400, 300)).save(folder / f"{name}.webp")
    assert administrator.get(address)["Content-Type"] == "image/webp"
    administrator.force_login(owner)
    assert administrator.get(address).status_code == 302
    clerk = User.objects.create_user("clerk", is_staff=True)
    administrator.force_login(clerk)
    assert administrator.get(address).status_code == 403


def test_a_user_is_deleted_with_all_their_people(anna: Person, owner: User, make_face: MakeFace) -> None:
    FaceRejection.objects.create(face=make_face(1), person=anna)
    anna.cover = anna.faces.first()
    anna.save()
    owner.delete()
    assert not Person.objects.exists()
    assert not Face.objects.exists()
