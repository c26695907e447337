"""The kept counts of people's photos are right, whatever changes faces and photos."""

import pytest

from people import counts
from people.access import listed_people
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
    counts.prepare_migrations(plan=[])
    assert counts.TRIGGERS.present()
    counts.prepare_migrations(plan=["something"])
    assert not counts.TRIGGERS.present()
    anna.faces.all().delete()
    counts.install()
    assert counts.TRIGGERS.present() == counts.TRIGGERS.wanted().keys()
    assert count(anna) == 0
