"""Names in files: which faces they confirm, which they ask about, and how the owner overrides them."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from people import actions, regions
from people.detection import scans
from people.grouping import assignments
from people.models import LONGEST_NAME, Face, Person, Question
from people.review import asking
from people.tests.detection.test_scans import found
from photos.models import Photo, RawMetadata


@pytest.fixture
def photo(make_photo: Callable[..., Photo]) -> Photo:
    return make_photo()


def with_regions(photo: Photo, *names: str) -> None:
    regions = [
        {"name": name, "kind": "Face", "x": 0.1 + 0.4 * n, "y": 0.1, "w": 0.2, "h": 0.22}
        for n, name in enumerate(names)
    ]
    RawMetadata.objects.create(photo=photo, fields={"regions": regions})


def test_names_in_the_file_are_confirmed(photo: Photo) -> None:
    with_regions(photo, "Anna", "Ben")
    assert [box for box, _ in scans.undetected(photo, [found(0.12)])] == [(0.5, 0.1, 0.2, 0.22)]
    scans.record(photo, [found(0.12)], [found(0.5)])
    scans.record(photo, [found(0.12)], [found(0.5)])
    rows = photo.faces.order_by("x").values_list("person__name", "assignment", "source")
    assert list(rows) == [("Anna", "confirmed", "file"), ("Ben", "confirmed", "file")]
    assert all(photo.faces.values_list("vector", flat=True))


@pytest.mark.parametrize("kind", ["Pet", "Focus", "BarCode"])
def test_regions_that_are_not_faces_make_no_person(photo: Photo, kind: str) -> None:
    region = {"name": "Bello", "kind": kind, "x": 0.1, "y": 0.1, "w": 0.2, "h": 0.22}
    RawMetadata.objects.create(photo=photo, fields={"regions": [region]})
    scans.record(photo, [found(0.12)])
    assert photo.faces.get().person is None
    assert not Person.objects.exists()


def test_the_owner_knows_better_than_the_file(owner: User, photo: Photo) -> None:
    with_regions(photo, "Anna")
    scans.record(photo, [found(0.1)])
    face = photo.faces.get()
    actions.reject([face], face.person, owner)
    scans.record(photo, [found(0.1)])
    face.refresh_from_db()
    assert face.person is None
    actions.name_faces([face], "Carla", owner)
    scans.record(photo, [found(0.1)])
    face.refresh_from_db()
    assert face.person == Person.objects.get(name="Carla")


def test_the_name_of_a_merged_person_leads_to_the_survivor(
    owner: User, photo: Photo, make_photo: Callable[..., Photo]
) -> None:
    anna, annie = (Person.objects.create(owner=owner, name=name) for name in ("Anna", "Annie"))
    actions.merge(anna, [annie], owner)
    with_regions(photo, "Annie")
    scans.record(photo, [found(0.1)])
    assert photo.faces.get().person == anna


@pytest.mark.parametrize("twin", ["zoë", "ZOË", "Zoe\u0308", " Zoë\u00a0"])
def test_twins_of_a_name_in_files_are_one_person(photo: Photo, make_photo: Callable[..., Photo], twin: str) -> None:
    other = make_photo()
    with_regions(photo, "Zoë")
    with_regions(other, twin)
    for one in (photo, other):
        scans.record(one, [found(0.1)])
    assert Person.objects.get().faces.count() == 2


def test_a_former_name_in_a_file_finds_the_renamed_person(
    owner: User, photo: Photo, make_photo: Callable[..., Photo]
) -> None:
    anna = Person.objects.create(owner=owner, name="Anna")
    actions.name_person(anna, "Anna Maier", owner)
    with_regions(photo, "anna")
    scans.record(photo, [found(0.1)])
    assert photo.faces.get().person == anna
    new = Person.objects.create(owner=owner, name="Anna")  # who bears the name now comes first
    other = make_photo()
    with_regions(other, "Anna")
    scans.record(other, [found(0.1)])
    assert other.faces.get().person == new


def test_a_former_name_of_a_merged_person_finds_the_survivor(owner: User, photo: Photo) -> None:
    anna, annie = (Person.objects.create(owner=owner, name=name) for name in ("Anna", "Annie"))
    actions.name_person(annie, "Annika", owner)
    annie.refresh_from_db()
    actions.merge(anna, [annie], owner)
    with_regions(photo, "Annie")
    scans.record(photo, [found(0.1)])
    assert photo.faces.get().person == anna


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\u3164"])
def test_a_name_in_a_file_without_visible_characters_is_ignored(photo: Photo, name: str) -> None:
    with_regions(photo, name)
    scans.record(photo, [found(0.1)])
    assert photo.faces.get().person is None


def with_proposals(photo: Photo, *names: str) -> None:
    with_regions(photo, *names)
    row = photo.raw_metadata  # type: ignore[attr-defined]
    row.fields = {"regions": [{**region, "proposal": True} for region in row.fields["regions"]]}
    row.save()


def test_names_from_another_picture_become_questions(owner: User, photo: Photo) -> None:
    with_proposals(photo, "Carl", "Dora")
    assert scans.undetected(photo, [found(0.1)]) == []
    scans.record(photo, [found(0.1)])
    scans.record(photo, [found(0.1)])
    face = photo.faces.get()
    assert (face.person, face.assignment) == (None, "none")
    question = asking.questions_of(owner).get()
    assert (question.person.name, question.face, question.from_file) == ("Carl", face, True)
    assignments.group(owner.pk, rebuild=True)
    assert asking.questions_of(owner).get() == question  # grouping has nothing to say of it
    asking.answer(question, asking.Answer.YES, owner)
    face.refresh_from_db()
    assert (face.person, face.assignment) == (question.person, "confirmed")


def test_a_single_face_is_asked_about_wherever_it_is(owner: User, photo: Photo) -> None:
    with_proposals(photo, "Carl")
    scans.record(photo, [found(0.7)])
    assert asking.questions_of(owner).get().face == photo.faces.get()


def test_an_answer_to_a_proposal_is_kept(owner: User, photo: Photo) -> None:
    with_proposals(photo, "Carl")
    scans.record(photo, [found(0.1)])
    asking.answer(asking.questions_of(owner).get(), asking.Answer.NO, owner)
    scans.record(photo, [found(0.1)])
    assert not asking.questions_of(owner).exists()
    assert photo.faces.get().person is None


# --- which regions, which faces ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({}, ["Anna"]),
        ({"kind": ""}, ["Anna"]),
        ({"w": 0}, []),
        ({"h": -0.1}, []),
        ({"name": None}, []),
        ({"name": " Anna\n Maier "}, ["Anna Maier"]),
        ({"name": "a" * (LONGEST_NAME + 1)}, ["a" * LONGEST_NAME]),
        ({"proposal": True}, []),
    ],
)
def test_regions_with_a_name(photo: Photo, fields: dict[str, Any], names: list[str]) -> None:
    region = {"name": "Anna", "kind": "Face", "x": 0.1, "y": 0.1, "w": 0.2, "h": 0.2, **fields}
    RawMetadata.objects.create(photo=photo, fields={"regions": [region]})
    assert [named["name"] for named in regions.named_regions(photo)] == names


def test_a_photo_without_metadata_has_no_regions(photo: Photo) -> None:
    assert regions.named_regions(photo) == []
    regions.apply(photo)
    assert not photo.faces.exists()


@pytest.mark.parametrize(("x", "is_same"), [(0.1, True), (0.21, True), (0.23, False), (0.5, False)])
def test_a_box_means_the_face_that_it_overlaps_enough(photo: Photo, x: float, is_same: bool) -> None:
    """Two squares of side 0.2, 0.12 apart, share a quarter of what they cover."""
    face = Face.objects.create(photo=photo, x=0.1, y=0.1, width=0.2, height=0.2)
    assert regions.nearest((x, 0.1, 0.2, 0.2), [face]) == (face if is_same else None)


def test_a_region_means_the_nearest_face_or_none(photo: Photo) -> None:
    _, near = (Face.objects.create(photo=photo, x=x, y=0.1, width=0.2, height=0.2) for x in (0.05, 0.12))
    assert regions.nearest((0.1, 0.1, 0.2, 0.2), list(photo.faces.all())) == near
    assert regions.nearest((0.1, 0.1, 0.2, 0.2), []) is None


def test_two_names_at_one_place_are_two_faces(photo: Photo) -> None:
    region = {"kind": "Face", "x": 0.1, "y": 0.1, "w": 0.2, "h": 0.2}
    RawMetadata.objects.create(photo=photo, fields={"regions": [{**region, "name": name} for name in ("Anna", "Ben")]})
    scans.record(photo, [found(0.1)])
    assert set(photo.faces.values_list("person__name", flat=True)) == {"Anna", "Ben"}


def test_a_box_marked_as_not_a_face_gets_no_name(owner: User, photo: Photo) -> None:
    scans.record(photo, [found(0.1)])
    actions.mark_not_a_face([photo.faces.get()], owner)
    with_regions(photo, "Anna")
    regions.apply(photo)
    assert photo.faces.get().person is None


def test_names_lead_only_to_the_owners_people(stranger: User, photo: Photo) -> None:
    Person.objects.create(owner=stranger, name="Anna")
    with_regions(photo, "Anna")
    regions.apply(photo)
    assert photo.faces.get().person.owner == photo.owner


def with_takeout(photo: Photo, *names: str) -> None:
    fields = {"keywords": [f"people/{name}" for name in names] + ["sea"]}
    RawMetadata.objects.create(photo=photo, fields=fields, sources={"keywords": "takeout"})


def test_one_name_of_takeout_and_one_face_belong_together(photo: Photo) -> None:
    with_takeout(photo, "Anna Berg")
    scans.record(photo, [found(0.12)])
    face = photo.faces.get()
    assert (face.person.name, face.assignment) == ("Anna Berg", "confirmed")
    scans.record(photo, [found(0.12)])
    assert not Question.objects.exists()


def test_several_names_of_takeout_are_asked_about(owner: User, photo: Photo) -> None:
    with_takeout(photo, "Anna", "Ben")
    scans.record(photo, [found(0.12), found(0.5)])
    asked = sorted((question.person.name, question.face_id) for question in asking.questions_of(owner))
    first, second = photo.faces.order_by("pk")
    assert asked == [("Anna", first.pk), ("Anna", second.pk), ("Ben", first.pk), ("Ben", second.pk)]
    actions.confirm([first], Person.objects.get(name="Anna"), owner)
    Question.objects.all().delete()
    scans.record(photo, [found(0.12), found(0.5)])
    assert [(question.person.name, question.face) for question in Question.objects.all()] == [("Ben", second)]


def test_the_owner_knows_better_than_takeout(owner: User, photo: Photo) -> None:
    with_takeout(photo, "Anna")
    scans.record(photo, [found(0.12)])
    face = photo.faces.get()
    actions.reject([face], face.person, owner)
    scans.record(photo, [found(0.12)])
    face.refresh_from_db()
    assert face.person is None
    assert not Question.objects.exists()


def test_nobody_is_asked_about_a_crowd(photo: Photo) -> None:
    with_takeout(photo, *(f"Guest {number}" for number in range(10)))
    scans.record(photo, [found(0.12), found(0.5)])
    assert not Question.objects.exists()
    assert not Person.objects.exists()


def test_keywords_of_other_sources_are_no_people(photo: Photo) -> None:
    RawMetadata.objects.create(photo=photo, fields={"keywords": ["people/Anna"]}, sources={"keywords": "xmp"})
    scans.record(photo, [found(0.12)])
    assert photo.faces.get().person is None
