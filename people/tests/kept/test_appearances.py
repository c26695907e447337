"""A person's photos are in order, and the rows that keep them so follow every change of faces and photos."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Count

from people.kept import appearances
from people.models import Appearance, Face, Person
from people.timeline import of_person
from photos import upkeep
from photos.gallery.timeline import Timeline
from photos.models import Photo, Stack

pytestmark = pytest.mark.django_db
NOON = datetime(2024, 5, 1, 12)


def by_looking():
    """What the rows have to be."""
    faces = Face.objects.filter(not_a_face=False, photo__trashed_at=None, photo__displayable=True)
    found = faces.exclude(person=None).values_list(
        "person", "photo", "photo__taken_local", "photo__taken_month", "photo__stack"
    )
    return set(found)


def kept():
    rows = Appearance.objects.values_list("person", "photo", "taken_local", "taken_month", "stack_id")
    assert len(rows) == len(set(rows))
    return set(rows)


def plain(timeline):
    """The same list, sorted instead of read in order."""
    return Timeline(timeline.listing, timeline.owned)


class Changes:
    """Random changes of faces and photos, drawn with a seed."""

    def __init__(self, seed, owner, make_photo, make_person, make_face):
        self.chance, self.owner, self.make_photo, self.make_face = random.Random(seed), owner, make_photo, make_face
        photos = [make_photo(taken=NOON + timedelta(days=20 * number)) for number in range(6)]
        named = ("Anna", "Ben", "")
        self.people = [make_person(name, [make_face(photo=self.chance.choice(photos))]) for name in named]

    def do(self):
        chance, some = self.chance, self.some
        change = chance.choice([
            *(self.face, self.face, self.date, self.stack),
            lambda: some(Face).update(person=chance.choice(self.people)),
            lambda: some(Face).update(person=None, assignment="none"),
            lambda: some(Face).update(not_a_face=chance.random() < 0.5),
            lambda: some(Face).update(photo=chance.choice(Photo.objects.all())),
            lambda: some(Face).delete(),
            lambda: some(Photo).trash(),
            lambda: some(Photo).restore(),
            lambda: some(Photo).update(displayable=chance.random() < 0.7),
            lambda: some(Stack).delete(),
            lambda: self.make_photo(taken=NOON),
            lambda: Photo.objects.count() > 3 and some(Photo)[0].delete(),
        ])  # fmt: skip
        change()

    def some(self, model):
        ids = list(model.objects.values_list("pk", flat=True))
        return model.objects.filter(pk__in=self.chance.sample(ids, min(len(ids), self.chance.randint(1, 3))))

    def face(self):
        person = self.chance.choice([None, *self.people])
        self.make_face(photo=self.chance.choice(Photo.objects.all()), person=person)

    def date(self):
        moment = (NOON - timedelta(days=self.chance.randint(0, 90))).replace(tzinfo=UTC)
        self.some(Photo).update(taken_local=moment, taken_month=moment.year * 100 + moment.month)

    def stack(self):
        made = Stack.objects.create(owner=self.owner, cover=self.chance.choice([None, *self.some(Photo)]))
        self.some(Photo).update(stack=made)


@pytest.mark.parametrize("seed", range(4))
def test_rows_follow_every_change(owner, make_photo, make_person, make_face, seed):
    changes = Changes(seed, owner, make_photo, make_person, make_face)
    for _ in range(50):
        changes.do()
        assert kept() == by_looking()
        for person in changes.people:
            timeline = of_person(owner, person)
            assert list(timeline.photos()) == list(plain(timeline).photos())
            assert timeline.months() == plain(timeline).months()
    changes.people[0].delete()
    assert kept() == by_looking()


def test_pages_go_through_all_photos_once(owner, make_photo, make_person, make_face, monkeypatch):
    monkeypatch.setattr("photos.gallery.timeline.PAGE_SIZE", 4)
    photos = [make_photo(taken=NOON - timedelta(days=number // 3)) for number in range(14)]
    anna = make_person("Anna", [make_face(photo=photo) for photo in photos for _ in range(2)])
    make_person("Ben", [make_face(photo=photos[5])])
    timeline, seen, before = of_person(owner, anna), [], None
    while True:
        page = timeline.older(before)
        seen += [photo.pk for day in page.days for photo in day.photos]
        if page.older is None:
            break
        before = page.older
    assert seen == [photo.pk for photo in sorted(photos, key=lambda one: (one.taken_local, one.pk), reverse=True)]
    end = timeline.cursor(photos[-1])
    back = timeline.newer(end)
    assert [photo.pk for day in back.days for photo in day.photos][-1] == seen[seen.index(photos[-1].pk) - 1]
    assert timeline.neighbours(photos[3]) == plain(timeline).neighbours(photos[3])
    assert timeline.keys_of_day("2024-04-30", 10) == plain(timeline).keys_of_day("2024-04-30", 10)
    assert timeline.keys_between(photos[0], photos[7], 10) == plain(timeline).keys_between(photos[0], photos[7], 10)


def test_a_place_in_the_list_is_looked_up_in_the_index(owner, make_photo, make_person, make_face):
    photos = [make_photo(taken=NOON - timedelta(days=number)) for number in range(3)]
    timeline = of_person(owner, make_person("Anna", [make_face(photo=photo) for photo in photos]))
    first, last = (timeline.cursor(photo) for photo in (photos[0], photos[-1]))
    for found in (timeline.below(first), timeline.above(last), timeline.between(first, last)):
        assert str(found.query).count('JOIN "people_appearance"') == 1, found.query


def test_a_stack_is_one_tile_of_the_person(owner, make_photo, make_person, make_face):
    first, second, third = (make_photo(taken=NOON + timedelta(days=40 * number)) for number in range(3))
    stack = Stack.objects.create(owner=owner, cover=third)
    Photo.objects.update(stack=stack)
    anna = make_person("Anna", [make_face(photo=photo) for photo in (first, second)])
    timeline = of_person(owner, anna)
    assert list(timeline.photos()) == [first]  # the cover does not show Anna
    assert [(month.id, month.count) for month in timeline.months()] == [("2024-05", 1)]
    Stack.objects.update(cover=second)
    assert list(timeline.photos()) == [second]
    assert [(month.id, month.count) for month in timeline.months()] == [("2024-06", 1)]


def test_rows_are_made_after_migrations(make_person, make_face):
    make_person("Anna", [make_face(1)])
    appearances.TRIGGERS.before_migrations(plan=[])
    assert appearances.TRIGGERS.present()
    appearances.TRIGGERS.before_migrations(plan=["something"])
    assert not appearances.TRIGGERS.present()
    make_person("Ben", [make_face(2), make_face(3)])
    Photo.objects.filter(faces__person__name="Anna").update(displayable=False)
    appearances.install()
    assert kept() == by_looking()
    assert Appearance.objects.count() == 2


def test_what_two_changes_at_once_left_wrong_is_mended(make_person, make_face, transactional_db):
    from django.db import connection

    anna = make_person("Anna", [make_face(1) for _ in range(5)])
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one write after the other")
    first, second, third, dated, stacked = anna.faces.all()
    stack = Stack.objects.create(owner=anna.owner)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no trigger notices
        Photo.objects.filter(pk=first.photo_id).update(trashed_at=datetime(2024, 6, 1, tzinfo=UTC))
        Face.objects.filter(pk=second.pk).update(not_a_face=True)
        Appearance.objects.filter(photo=third.photo_id).delete()
        Photo.objects.filter(pk=dated.photo_id).update(taken_local=NOON.replace(tzinfo=UTC), taken_month=202405)
        Photo.objects.filter(pk=stacked.photo_id).update(stack=stack)
        cursor.execute("SET session_replication_role = origin")
    assert kept() != by_looking()
    appearances.mend()
    assert kept() == by_looking()
    assert Person.objects.annotate(times=Count("appearances")).get(pk=anna.pk).times == 3


def test_mending_reads_whole_libraries_and_so_is_done_every_hour():
    assert upkeep.HOURLY["appearances of people"] is appearances.mend
    assert "appearances of people" not in upkeep.CHORES
