"""What follows from each face of another program, and who is who."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from people import actions
from people.models import Face, Person, PersonSeparation, Question
from people.records import Record
from photos.models import Photo
from switching.ledger import PERSON, Ledger
from switching.tests.conftest import FACE, OTHER, people_in
from switching.writing import people

pytestmark = pytest.mark.django_db
Make = Callable[..., Photo]


@pytest.fixture
def ledger(owner: User) -> Ledger:
    return Ledger(owner, "immich")


def wish(person: str = "p", box: Any = FACE, *, sure: bool = True, cover: bool = False, key: str = "f") -> Any:
    return {"key": key, "person": person, "box": list(box), "sure": sure, "cover": cover}


def planned(owner: User, photo: Photo, *faces: Any, **here: int) -> list[str]:
    photo_wish: Any = {"photo": photo.pk, "words": {}, "flags": [], "tags": [], "faces": list(faces)}
    return [deed.what for deed in people.plan(owner, [photo_wish], here, {})]


def test_people_are_found_by_name_former_name_and_merge(owner: User, ledger: Ledger, make_known: Make) -> None:
    emma, anna = (Person.objects.create(owner=owner, name=name) for name in ("Emma", "Anna"))
    actions.name_person(emma, "Emma Stone", owner)
    zoe = Person.objects.create(owner=owner, name="Zoe")
    actions.merge(anna, [zoe], owner)
    found = people.resolve(ledger, {"1": "emma", "2": " ANNA ", "3": "Zoe", "4": "New", "5": "new", "6": "\u200b"})
    assert (found["1"], found["2"], found["3"]) == (emma.pk, anna.pk, anna.pk)
    assert found["4"] == found["5"] < 0
    assert found["6"] == people.GONE


def test_whom_the_owner_deleted_stays_away(owner: User, ledger: Ledger) -> None:
    person = Person.objects.create(owner=owner, name="Emma")
    ledger.note(PERSON, "1", person.pk)
    person.delete()
    assert people.resolve(ledger, {"1": "Emma"}) == {"1": people.GONE}
    assert people.brought_people(ledger, ["1", "2"]) == {"1": people.GONE, "2": people.GONE}


def test_the_people_of_others_are_nobody_here(owner: User, stranger: User, ledger: Ledger) -> None:
    Person.objects.create(owner=stranger, name="Emma")
    assert people.resolve(ledger, {"1": "Emma"})["1"] < 0


def test_a_birthday_of_ours_stays(owner: User, ledger: Ledger) -> None:
    from datetime import date

    Person.objects.create(owner=owner, name="Emma", birthday=date(1990, 1, 1))
    wishes = [{"key": "1", "name": "Emma", "birthday": "1980-02-03", "hidden": True}]
    assert people.bring_people(ledger, wishes, Record()) == ["1"]
    emma = Person.objects.get()
    assert (emma.birthday, emma.hidden) == (date(1990, 1, 1), False)


def test_what_follows(owner: User, make_known: Make) -> None:
    photo = make_known("a.jpg", [FACE, OTHER])
    first, second = Face.objects.order_by("pk")
    emma, tom = (Person.objects.create(owner=owner, name=name) for name in ("Emma", "Tom"))
    here = {"p": emma.pk, "gone": people.GONE}
    assert planned(owner, photo, wish(), **here) == ["confirm"]
    assert planned(owner, photo, wish(sure=False), **here) == ["ask"]
    assert planned(owner, photo, wish(box=(0.1, 0.8, 0.1, 0.1)), **here) == ["draw"]
    assert planned(owner, photo, wish("gone"), **here) == []
    actions.confirm([first], emma, owner)
    assert planned(owner, photo, wish(), **here) == ["same"]
    assert planned(owner, photo, wish(box=(0.1, 0.8, 0.1, 0.1)), **here) == ["same"]  # she is in it already
    actions.confirm([first], tom, owner)
    assert planned(owner, photo, wish(), **here) == ["conflict"]
    actions.mark_not_a_face([first], owner)
    assert planned(owner, photo, wish(), **here) == ["refused"]
    actions.reject([second], emma, owner)
    assert planned(owner, photo, wish(box=OTHER), **here) == ["refused"]


def test_an_automatic_name_gives_way(owner: User, make_known: Make) -> None:
    photo = make_known("a.jpg", [FACE])
    emma, tom = (Person.objects.create(owner=owner, name=name) for name in ("Emma", "Tom"))
    Face.objects.update(person=tom, assignment="automatic")
    assert planned(owner, photo, wish(), p=emma.pk) == ["confirm"]


def test_no_box_is_drawn_into_a_video_or_where_the_place_is_unknown(owner: User, make_known: Make) -> None:
    emma = Person.objects.create(owner=owner, name="Emma")
    video = make_known("a.mp4", kind="video", media_type="video/mp4")
    assert planned(owner, video, wish(), p=emma.pk) == ["left"]
    assert planned(owner, make_known("b.jpg"), wish(sure=False), p=emma.pk) == ["left"]


def test_a_conflict_is_asked_once_and_not_if_the_owner_said_they_are_two(owner: User, make_known: Make) -> None:
    photo, other = make_known("a.jpg", [FACE]), make_known("b.jpg", [FACE])
    emma, tom = (Person.objects.create(owner=owner, name=name) for name in ("Emma", "Tom"))
    face, second = Face.objects.order_by("pk")
    actions.confirm([face], tom, owner)
    deed = people.Deed(people.CONFLICT, wish(), photo.pk, emma.pk, face.pk)
    assert people.do(owner, [deed], Record()) == []  # nobody could tell: she has no face
    actions.confirm([second], emma, owner)
    assert len(people.do(owner, [deed, deed], Record())) == 1
    Question.objects.all().delete()
    actions.separate(emma, tom, owner)
    assert PersonSeparation.objects.exists()
    assert people.do(owner, [deed], Record()) == []
    assert people_in(other) == {"Emma": "confirmed"}


def test_a_guess_becomes_a_question(owner: User, make_known: Make) -> None:
    photo = make_known("a.jpg", [FACE])
    emma = Person.objects.create(owner=owner, name="Emma")
    deed = people.Deed(people.ASK, wish(sure=False), photo.pk, emma.pk, Face.objects.get().pk)
    [pk] = people.do(owner, [deed], Record())
    question = Question.objects.get(pk=pk)
    assert (question.person, question.face.photo, question.from_file) == (emma, photo, True)
