"""The kept counts of people's photos are right, whatever changes faces and photos."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from people.access import listed_people
from people.kept import counts
from people.models import Face, Person, Recount
from photos.models import Photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def count(owner):
    """The number of photos of a person as pages show it, which is what counting them anew gives."""

    def of(person: Person) -> int:
        shown = dict(listed_people(owner).values_list("pk", "photo_count")).get(person.pk, 0)
        seen = Face.objects.filter(person=person, not_a_face=False, photo__trashed_at=None)
        assert shown == seen.values("photo").distinct().count()
        return shown

    return of


def test_the_count_follows_faces(owner, count, make_person, make_face):
    anna, ben = make_person("Anna", [make_face(1) for _ in range(3)]), make_person("Ben", [make_face(2)])
    assert (count(anna), count(ben)) == (3, 1)
    face = anna.faces.first()
    Face.objects.filter(pk=face.pk).update(person=ben)
    assert (count(anna), count(ben)) == (2, 2)
    Face.objects.filter(pk=face.pk).update(not_a_face=True)
    assert (count(anna), count(ben)) == (2, 1)
    Face.objects.filter(pk=anna.faces.first().pk).update(person=None, assignment="none")
    assert count(anna) == 1
    anna.faces.all().delete()
    assert count(anna) == 0


def test_two_faces_in_one_photo_count_once(count, make_person, make_face):
    anna = make_person("Anna", [make_face(1), make_face(1)])
    first, second = anna.faces.all()
    assert count(anna) == 2
    Face.objects.filter(pk=second.pk).update(photo=first.photo)
    assert count(anna) == 1


def test_the_count_follows_the_trash_and_deletion(count, make_person, make_face):
    anna = make_person("Anna", [make_face(1) for _ in range(3)])
    photo = anna.faces.first().photo
    Photo.objects.filter(pk=photo.pk).trash()
    assert count(anna) == 2
    Photo.objects.filter(pk=photo.pk).restore()
    assert count(anna) == 3
    photo.delete()
    assert count(anna) == 2


def test_what_has_not_changed_is_not_counted_again(owner, make_person, make_face, django_assert_num_queries):
    make_person("Anna", [make_face(1)])
    counts.catch_up()
    assert not Recount.objects.exists()
    with django_assert_num_queries(1):
        counts.catch_up()
    Photo.objects.update(title="Anna at the lake")  # which changes no count
    with django_assert_num_queries(1):
        counts.catch_up()


def test_everybody_is_counted_after_migrations(count, make_person, make_face):
    anna = make_person("Anna", [make_face(1)])
    assert count(anna) == 1
    counts.TRIGGERS.before_migrations(plan=[])
    assert counts.TRIGGERS.present()
    counts.TRIGGERS.before_migrations(plan=["something"])
    assert not counts.TRIGGERS.present()
    anna.faces.all().delete()
    counts.install()
    assert counts.TRIGGERS.present() == counts.TRIGGERS.wanted().keys()
    assert count(anna) == 0


def test_a_page_counts_some_and_the_chore_the_rest(owner, make_person, make_face, monkeypatch):
    people = [make_person(name, [make_face(number)]) for number, name in enumerate(("Anna", "Ben", "Clara"))]
    monkeypatch.setattr(counts, "AT_ONCE", 2)
    assert set(listed_people(owner)) == set(people[:2])
    counts.catch_up()
    assert not Recount.objects.exists()
    assert set(listed_people(owner)) == set(people)


def test_whom_many_notes_name_is_counted_at_once(owner, make_person, make_face, monkeypatch):
    make_person("Anna", [make_face(1) for _ in range(5)])
    ben = make_person("Ben", [make_face(2)])
    monkeypatch.setattr(counts, "AT_ONCE", 1)
    counts.look_up()
    assert set(Recount.objects.values_list("person_id", flat=True)) == {ben.pk}


def test_somebody_who_was_deleted_does_not_wait_on(make_person, make_face):
    make_person("Anna", [make_face(1)]).delete()
    assert Recount.objects.exists()
    counts.catch_up()
    assert not Recount.objects.exists()


def test_the_page_of_one_who_still_waits_shows_what_is_so(make_person, make_face, monkeypatch):
    anna, ben = (make_person(name, [make_face(number)]) for number, name in enumerate(("Anna", "Ben")))
    make_face(2, person=ben, photo=ben.faces.get().photo)
    monkeypatch.setattr(counts, "AT_ONCE", 1)
    assert counts.of_one(ben) == (1, 2)
    assert Recount.objects.filter(person_id=ben.pk).exists()  # there were others before
    assert counts.of_one(anna) == (1, 1)
    counts.catch_up()
    assert counts.of_one(ben) == (1, 2)


def test_one_who_has_just_been_removed_is_in_no_photo(make_person, make_face):
    anna = make_person("Anna", [make_face(1)])
    counts.catch_up()
    Person.objects.get(pk=anna.pk).delete()
    counts.catch_up()
    assert counts.of_one(anna) == (0, 0)


@contextmanager
def meanwhile(do: Callable[[], object]) -> Iterator[None]:
    """Run this in another thread, with a connection of its own."""

    def run() -> None:
        try:
            do()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_a_page_does_not_wait_for_others_who_write(owner, make_person, make_face):
    anna = make_person("Anna", [make_face(1)])
    counts.catch_up()
    make_face(2, person=anna)
    writing, shown = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            Person.objects.filter(pk=anna.pk).update(name="Anna B.")
            writing.set()
            shown.wait(10)

    with meanwhile(write):
        writing.wait(10)
        began = time.monotonic()
        assert [person.photo_count for person in listed_people(owner)] == [1]
        took = time.monotonic() - began
        shown.set()
    assert took < 5  # the other lets go after ten seconds
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # what is no page has its patience again
            assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)
    assert [person.photo_count for person in listed_people(owner)] == [2]


@pytest.mark.django_db(transaction=True)
def test_counting_and_an_action_never_wait_for_each_other(owner, make_person, make_face):
    anna, ben = (make_person(name, [make_face(number)]) for number, name in enumerate(("Anna", "Ben")))
    begun, counted = threading.Event(), threading.Event()
    done = []

    def act() -> None:
        with transaction.atomic():
            Person.objects.filter(pk=ben.pk).update(hidden=True)
            begun.set()
            counted.wait(2)
            Person.objects.filter(pk=anna.pk).update(hidden=True)
        done.append("hidden")

    with meanwhile(act):
        begun.wait(10)
        counts.look_up()
        counted.set()
    assert done == ["hidden"]
    assert [person.photo_count for person in listed_people(owner, hidden=True)] == [1, 1]
