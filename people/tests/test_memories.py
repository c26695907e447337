"""Memories of people, and people who are kept out of memories."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.http import Http404
from django.utils.translation import override

from accounts.models import User
from people import memories
from people.models import Face, Person
from people.tests.conftest import MakePerson
from photos.gallery.memories import left_out, today
from photos.gallery.memories.kinds import memory_or_404
from photos.models import Photo

TODAY = date(2024, 5, 31)
MakeFace = Callable[..., Face]


@pytest.fixture
def make_known(make_person: MakePerson, make_face: MakeFace, make_photo: Callable[..., Photo]) -> Callable[..., Person]:
    """Somebody with a photo in each of these years."""

    def make(name: str, *years: int, **fields: object) -> Person:
        faces = [make_face(photo=make_photo(taken=datetime(year, 3, 3))) for year in years]
        return make_person(name, faces, **fields)

    return make


def test_birthdays_of_these_days(owner: User, make_known: Callable[..., Person]) -> None:
    make_known("Ada", 2020, birthday=date(1990, 5, 31))
    make_known("Bob", 2020, birthday=date(1991, 6, 2))
    make_known("Cid", 2020, birthday=date(1992, 6, 4))
    make_known("Dan", 2020, birthday=date(1993, 5, 31), hidden=True)
    found = memories.birthdays_for(owner, TODAY)
    assert [(memory.title, memory.text) for memory in found] == [
        ("Ada is 34 today", "31 May"),
        ("Bob’s birthday", "2 June"),
    ]
    assert found[0].photos.count() == 1


@pytest.mark.parametrize(
    ("day", "shown"), [(date(2023, 2, 28), True), (date(2024, 2, 29), True), (date(2023, 3, 9), False)]
)
def test_the_birthday_that_few_years_have(
    owner: User, make_known: Callable[..., Person], day: date, shown: bool
) -> None:
    make_known("Lea", 2020, birthday=date(2000, 2, 29))
    assert bool(memories.birthdays_for(owner, day)) is shown


def test_somebody_through_the_years(owner: User, make_known: Callable[..., Person]) -> None:
    make_known("Ada", 2023), make_known("Bob", 2012, 2019), make_known("Cid", 2010, 2022, hidden=True)
    [memory] = memories.years_for(owner, TODAY)
    assert (memory.title, memory.text) == ("Bob through the years", "2012 – 2019")
    assert memory.photos.count() == 2


def test_each_day_is_somebody_elses(owner: User, make_known: Callable[..., Person]) -> None:
    make_known("Ada", 2012, 2019), make_known("Bob", 2012, 2019)
    days = [memories.years_for(owner, date(2024, 5, day))[0].title for day in (1, 2, 3)]
    assert days[0] == days[2] != days[1]


def test_a_person_left_out_is_in_no_memory(owner: User, make_known: Callable[..., Person]) -> None:
    ada, bob = make_known("Ada", 2012, 2019), make_known("Bob", 2012, 2019)
    row = left_out.leave_out(owner, "person", ada.key)
    assert row.name == "Ada"
    assert {face.person for photo in left_out.remembered_photos(owner) for face in photo.faces.all()} == {bob}
    assert "Ada through the years" not in {card.title for card in today.suiting(owner, TODAY)}


def test_who_was_named_and_hidden_never_appears(owner: User, make_known: Callable[..., Person]) -> None:
    make_known("Ada", 2019, hidden=True)
    make_known("", 2018, hidden=True)  # a stranger in the background
    assert [photo.taken_local.year for photo in left_out.remembered_photos(owner)] == [2018]


def test_the_people_of_a_photo_can_be_left_out(
    owner: User, stranger: User, make_known: Callable[..., Person], make_face: MakeFace, make_person: MakePerson
) -> None:
    ada = make_known("Ada", 2019)
    photo = Photo.objects.get()
    make_person("", [make_face(photo=photo)])
    assert memories.people_in(owner, photo) == [(ada.key, "Ada")]
    assert memories.people_in(stranger, photo) == []


@pytest.mark.parametrize("kind", ["person", "birthday"])
def test_a_strangers_people_have_no_memories(stranger: User, make_known: Callable[..., Person], kind: str) -> None:
    with pytest.raises(Http404):
        memory_or_404(stranger, f"{kind}.{make_known('Ada', 2019).key}")


def test_a_birthday_opened_reads_as_on_its_card(owner: User, make_known: Callable[..., Person]) -> None:
    bob = make_known("Bob", 2020, birthday=date(1991, 6, 2))
    with override("de"):
        [card] = memories.birthdays_for(owner, TODAY)
        opened = memory_or_404(owner, f"birthday.{bob.key}")
    assert (opened.title, opened.text) == (card.title, card.text)
    assert opened.text == "2. Juni"
    assert opened.photos.count() == 1
