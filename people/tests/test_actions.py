"""What single actions mean, beyond what the random sequences check."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts import undoing
from accounts.models import User
from mirage.refusals import NotPossible
from people import access, actions
from people.actions import NameTaken
from people.grouping import assignments
from people.history import sentence
from people.models import Face, FaceRejection, Person, PersonSeparation
from people.tests.conftest import MakeFace, MakePerson


def test_a_name_belongs_to_one_person(owner: User, stranger: User, make_person: MakePerson) -> None:
    anna, group = make_person("Anna"), make_person()
    Person.objects.create(owner=stranger, name="Bea")
    with pytest.raises(NameTaken) as taken:
        actions.name_person(group, "  anna ", owner)
    assert taken.value.person == anna
    actions.name_person(group, "Bea", owner)
    actions.name_person(group, "", owner)
    assert Person.objects.get(pk=group.pk).name == ""


NFC, NFD = "Zo\u00eb", "Zoe\u0308"


@pytest.mark.parametrize("twin", [NFC.lower(), NFC.upper(), NFD, NFD.upper(), f"  {NFC}\t", f"{NFC}\u200b"])
def test_twins_of_a_name_are_one_person(owner: User, make_face: MakeFace, twin: str) -> None:
    actions.name_faces([make_face(1)], NFC, owner)
    actions.name_faces([make_face(1)], twin, owner)
    zoe = Person.objects.get()
    assert (zoe.name, zoe.faces.count()) == (NFC, 2)
    other = Person.objects.create(owner=owner)
    with pytest.raises(NameTaken):
        actions.name_person(other, twin, owner)
    assert actions.called(owner, twin) == zoe


def test_a_name_is_unique_in_the_database_too(owner: User, stranger: User, make_person: MakePerson) -> None:
    zoe = make_person(NFC)
    Person.objects.create(owner=stranger, name=NFC)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(owner=owner, name=NFD.upper())
    Person.objects.create(owner=owner, name=NFD, merged_into=zoe)
    for _ in range(2):
        Person.objects.create(owner=owner)  # who have no name are many


def test_the_case_of_a_name_can_be_changed(owner: User, make_person: MakePerson) -> None:
    anna = make_person("anna")
    actions.name_person(anna, "Anna", owner)
    anna.refresh_from_db()
    assert (anna.name, anna.former_names) == ("Anna", [])


@pytest.mark.parametrize("name", ["\u200b", "\u3164\u2800", " \u00ad\u200e", "\ufe0f"])
def test_a_name_without_visible_characters_is_refused(
    owner: User, make_face: MakeFace, make_person: MakePerson, name: str
) -> None:
    anna, face = make_person("Anna"), make_face(1)
    for act in (
        lambda: actions.name_person(anna, name, owner),
        lambda: actions.name_faces([face], name, owner),
        lambda: actions.split(anna, [face], owner, name),
    ):
        with pytest.raises(NotPossible, match="no visible characters"):
            act()
    assert Person.objects.get().name == "Anna"


def test_a_renamed_person_keeps_former_names_until_that_is_undone(owner: User, make_person: MakePerson) -> None:
    anna = make_person("Anna")
    actions.name_person(anna, "Anna Maier", owner)
    second = actions.name_person(Person.objects.get(), "Anna Huber", owner)
    assert Person.objects.get().former_names == ["Anna", "Anna Maier"]
    undoing.undo(second, owner)
    person = Person.objects.get()
    assert (person.name, person.folded_name, person.former_names) == ("Anna Maier", "anna maier", ["Anna"])
    actions.name_person(person, "Anna", owner)
    actions.name_person(Person.objects.get(), "", owner)
    assert Person.objects.get().former_names == ["Anna", "Anna Maier"]


def test_merging_several_keeps_name_birthday_and_faces(
    owner: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    group = make_person("", [make_face(1), make_face(1)])
    anna = make_person("Anna", [make_face(1)], birthday=date(2000, 1, 1))
    other = make_person("", [make_face(1)])
    activity = actions.merge(group, [anna, other], owner)
    group.refresh_from_db()
    assert (group.name, group.birthday, group.faces.count()) == ("Anna", date(2000, 1, 1), 4)
    assert access.person_or_404(owner, anna.key) == group
    undoing.undo(activity, owner)
    sizes = {person.pk: person.faces.count() for person in access.people_of(owner)}
    assert sizes == {group.pk: 2, anna.pk: 1, other.pk: 1}
    assert Person.objects.get(pk=anna.pk).name == "Anna"


def test_constraints_of_a_merged_person_carry_over(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    face = make_face(1)
    anna, group, ben = make_person("Anna"), make_person("", [make_face(1)]), make_person("Ben")
    actions.reject([face], group, owner)
    actions.separate(group, ben, owner)
    actions.merge(anna, [group], owner)
    assert FaceRejection.objects.filter(face=face, person=anna).exists()
    assert PersonSeparation.objects.filter(first=anna, second=ben).exists()


def test_a_merge_overrides_an_earlier_separation(owner: User, make_person: MakePerson) -> None:
    anna, annie = make_person("Anna"), make_person("Annie")
    actions.separate(anna, annie, owner)
    actions.merge(anna, [annie], owner)
    assert not PersonSeparation.objects.exists()


# --- once in a photo is the rule of grouping alone --------------------------------------------------------------------


def test_a_naming_does_not_undo_another_in_the_same_photo(
    owner: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    first = make_face(1)
    second = make_face(1, photo=first.photo)
    group = make_person("", [first, make_face(1)])
    actions.name_person(group, "Anna", owner)
    activity = actions.name_faces([second], "Anna", owner)
    assignments.group(owner.pk, rebuild=True)
    assert {first, second} <= set(group.faces.all())
    assert "given_up" not in activity.detail


def test_a_merge_keeps_both_faces_of_a_photo_and_its_undo_parts_them(
    owner: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    mirrored = make_face(1)
    reflection = make_face(1, photo=mirrored.photo)
    group, other = make_person("", [mirrored, make_face(1)]), make_person("", [reflection, make_face(1)])
    assert actions.photos_together([group, other]) == 1
    activity = actions.merge(group, [other], owner)
    assert group.faces.count() == 4
    assignments.group(owner.pk, rebuild=True)
    assert group.faces.count() == 4
    undoing.undo(activity, owner)
    assert set(other.faces.all()) >= {reflection}
    assert set(group.faces.all()) >= {mirrored}


def test_grouping_adds_nobody_to_a_photo_they_are_in(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    first = make_face(1)
    anna = make_person("Anna", [first, make_face(1), make_face(1)])
    third = make_face(1, photo=first.photo)
    assignments.group(owner.pk)
    assert third not in set(anna.faces.all())


@pytest.mark.parametrize("twin_is_confirmed", [True, False])
def test_grouping_gives_way_to_what_was_decided_during_the_computation(
    owner: User,
    make_face: MakeFace,
    make_person: MakePerson,
    monkeypatch: pytest.MonkeyPatch,
    twin_is_confirmed: bool,
) -> None:
    free = make_face(1)
    twin = make_face(9, photo=free.photo)
    anna = make_person("Anna", [make_face(1) for _ in range(3)])
    compute = assignments.clusters.group

    def meanwhile(*args: Any, **options: Any) -> Any:
        grouping = compute(*args, **options)
        actions.confirm([twin if twin_is_confirmed else free], anna, owner)
        return grouping

    monkeypatch.setattr(assignments.clusters, "group", meanwhile)
    assignments.group(owner.pk)
    assert set(anna.faces.all()) & {free, twin} == {twin if twin_is_confirmed else free}


def test_the_face_whose_group_was_named_is_confirmed(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    face, guessed = make_face(1), make_face(1)
    group = make_person("", [face, guessed])
    activity = actions.name_person(group, "Anna", owner, [face])
    assert dict(group.faces.values_list("pk", "assignment")) == {face.pk: "confirmed", guessed.pk: "automatic"}
    undoing.undo(activity, owner)
    assert set(group.faces.values_list("assignment", flat=True)) == {"automatic"}


def test_faces_that_no_longer_fit_are_reported(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    anna = make_person("Anna", [make_face(1), make_face(1)])
    activity = actions.set_birthday(anna, date(2024, 6, 1), owner)
    assert sentence(activity) == "Changed a birthday. 2 faces no longer fit and have no person now."
    undoing.undo(activity, owner)
    assert anna.faces.count() == 2


def test_faces_split_off_never_join_the_person_again(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    faces = [make_face(1) for _ in range(6)]
    anna = make_person("Anna", faces)
    actions.split(anna, faces[:3], owner, "Bea")
    assignments.group(owner.pk, rebuild=True)
    assert Person.objects.get(name="Bea").faces.count() == 3
    assert anna.faces.count() == 3


def test_a_birthday_removes_the_person_from_earlier_photos_unless_confirmed(
    owner: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    doubtful, sure = make_face(1), make_face(1)
    anna = make_person("Anna", [doubtful])
    actions.confirm([sure], anna, owner)
    activity = actions.set_birthday(anna, date(2024, 6, 1), owner)
    assert list(anna.faces.all()) == [sure]
    undoing.undo(activity, owner)
    assert set(anna.faces.all()) == {doubtful, sure}


def test_a_box_is_cut_at_the_edge_and_never_empty(owner: User, make_face: MakeFace) -> None:
    photo = make_face().photo
    actions.draw(photo, (0.9, -0.1, 0.3, 0.3), owner)
    assert Face.objects.get(source="drawn").box == pytest.approx((0.9, 0, 0.1, 0.2))
    with pytest.raises(NotPossible):
        actions.draw(photo, (1.0, 0.1, 0.2, 0.2), owner)


def test_strangers_see_nothing(owner: User, stranger: User, make_face: MakeFace, make_person: MakePerson) -> None:
    face = make_face()
    anna = make_person("Anna", [face])
    actions.name_person(anna, "Bea", owner)
    assert access.faces_by_ids(stranger, [face.pk]) == access.people_by_keys(stranger, [anna.key]) == []
    assert not access.actions_of(stranger).exists()
    assert not access.listed_people(stranger).exists()
    assert [person.photo_count for person in access.listed_people(owner)] == [1]


def test_a_rebuild_keeps_the_groups_that_stay_as_they_are(owner: User, make_face: MakeFace) -> None:
    for identity in (1, 1, 1, 2, 2, 2):
        make_face(identity)
    assignments.group(owner.pk)
    before = set(Face.objects.values_list("pk", "person"))
    assignments.group(owner.pk, rebuild=True)
    assert set(Face.objects.values_list("pk", "person")) == before
    assert len({person for _, person in before}) == 2
