"""What an action changed is recorded, and undone unless somebody decided otherwise since."""

from datetime import date
from typing import Any

import pytest

from accounts import undoing
from accounts.models import Activity, User
from mirage.refusals import NotPossible
from people import actions, records
from people.grouping import constraints
from people.models import Face, FaceRejection, Person, PersonSeparation
from people.records import Pairs, recording
from people.tests.conftest import MakeFace, MakePerson


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def change_of(activity: Activity) -> dict[str, Any]:
    """The change that an activity recorded, without its empty parts."""
    return {name: told for name, told in activity.detail["change"].items() if told}


# --- differences ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            {1: {"name": "A", "hidden": False}},
            {1: {"name": "B", "hidden": False}},
            {"1": [{"name": "A"}, {"name": "B"}]},
        ),
        ({1: {"name": "A"}}, {1: {"name": "A"}}, {}),
        ({1: None}, {1: {"name": "B"}}, {"1": [None, {"name": "B"}]}),
        ({1: {"name": "A"}}, {1: None}, {"1": [{"name": "A"}, None]}),
        ({1: None}, {1: None}, {}),
        ({}, {1: {"name": "B"}}, {}),
    ],
)
def test_only_differences_are_listed(before: Any, after: Any, told: Any) -> None:
    assert records.differences(before, after) == told


def test_states_of_rows_that_do_not_exist(make_face: MakeFace, make_person: MakePerson) -> None:
    anna = make_person("Anna", birthday=date(2000, 1, 2))
    states = records.person_states([anna.pk, 99])
    assert states[99] is None
    told = states[anna.pk]
    assert told is not None
    assert (told["name"], told["birthday"], told["merged_into_id"]) == ("Anna", "2000-01-02", None)
    assert records.face_states([7]) == {7: None}
    assert records.face_states([]) == {}


def test_states_of_more_rows_than_one_query_takes(make_person: MakePerson, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constraints, "IDS_AT_ONCE", 2)
    people = [make_person(str(number)) for number in range(5)]
    assert [state and state["name"] for state in records.person_states([one.pk for one in people]).values()] == list(
        "01234"
    )


# --- recording --------------------------------------------------------------------------------------------------------


def test_an_action_is_recorded_with_what_it_changed(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    anna, face = make_person("Anna"), make_face(1)
    with recording("people.test", owner, owner, anna, count=1) as record:
        record.touch_people([anna])
        record.touch_faces([face.pk])
        Person.objects.filter(pk=anna.pk).update(name="Annette")
    activity = record.activity
    assert (activity.owner, activity.actor, activity.verb) == (owner, owner, "people.test")
    assert (activity.target_type, activity.target_id, activity.detail["count"]) == ("person", anna.pk, 1)
    assert change_of(activity) == {"people": {str(anna.pk): [{"name": "Anna"}, {"name": "Annette"}]}}


def test_a_failed_action_changes_and_records_nothing(owner: User, make_person: MakePerson) -> None:
    anna = make_person("Anna")

    def fail() -> None:
        with recording("people.test", owner, owner, anna) as record:
            record.touch_people([anna])
            Person.objects.filter(pk=anna.pk).update(name="Annette")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert fresh(anna).name == "Anna"
    assert not Activity.objects.exists()


def test_the_first_touch_counts(owner: User, make_person: MakePerson) -> None:
    anna = make_person("Anna")
    with recording("people.test", owner, owner) as record:
        for name in ("Annette", "Anni"):
            record.touch_people([anna.pk])
            Person.objects.filter(pk=anna.pk).update(name=name)
    assert change_of(record.activity) == {"people": {str(anna.pk): [{"name": "Anna"}, {"name": "Anni"}]}}
    assert (record.activity.target_type, record.activity.target_id) == ("", None)


def test_new_rows_are_recorded_as_new(owner: User, make_person: MakePerson) -> None:
    with recording("people.test", owner, owner) as record:
        made = make_person("Zoe")
        record.made(made)
        record.touch_people([made])
    (old, new) = change_of(record.activity)["people"][str(made.pk)]
    assert (old, new["name"]) == (None, "Zoe")


def test_an_action_removes_faces_that_it_made_impossible(
    owner: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    face = make_face(1)
    anna = make_person("Anna", [face])
    with recording("people.test", owner, owner, anna) as record:
        record.touch_people([anna])
        FaceRejection.objects.create(face=face, person=anna)
    assert fresh(face).person is None
    told = change_of(record.activity)["faces"][str(face.pk)]
    assert told == [{"person_id": anna.pk, "assignment": "automatic"}, {"person_id": None, "assignment": "none"}]


def test_a_confirmed_face_is_never_removed(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    face = make_face(1)
    anna = make_person("Anna")
    actions.confirm([face], anna, owner)
    actions.set_birthday(anna, date(2024, 12, 1), owner)  # after the photo
    assert fresh(face).person == anna


# --- pairs ------------------------------------------------------------------------------------------------------------


def rejections() -> Pairs:
    return Pairs(FaceRejection, face=Face, person=Person)


def test_pairs_list_what_was_added_and_deleted(make_face: MakeFace, make_person: MakePerson) -> None:
    anna, came, went, stayed, never = make_person("Anna"), *(make_face(number) for number in range(4))
    for face in (went, stayed):
        FaceRejection.objects.create(face=face, person=anna)
    pairs = rejections()
    pairs.touch((face.pk, anna.pk) for face in (came, went, stayed, never))
    FaceRejection.objects.create(face=came, person=anna)
    FaceRejection.objects.filter(face=went).delete()
    pairs.touch([(came.pk, anna.pk)])  # the first touch counts
    assert sorted(pairs.changes()) == sorted([[came.pk, anna.pk, False], [went.pk, anna.pk, True]])
    pairs.restore(pairs.changes())
    assert set(FaceRejection.objects.values_list("face", flat=True)) == {went.pk, stayed.pk}


def test_only_the_touched_pairs_are_listed(make_face: MakeFace, make_person: MakePerson) -> None:
    (one, other), (anna, ben) = (make_face(1), make_face(2)), (make_person("Anna"), make_person("Ben"))
    FaceRejection.objects.create(face=one, person=ben)
    FaceRejection.objects.create(face=other, person=anna)
    assert rejections().there([(one.pk, anna.pk), (other.pk, ben.pk), (other.pk, anna.pk)]) == {(other.pk, anna.pk)}


@pytest.mark.parametrize("gone", ["face", "person"])
def test_a_pair_returns_only_if_both_still_exist(make_face: MakeFace, make_person: MakePerson, gone: str) -> None:
    face, anna = make_face(1), make_person("Anna")
    pair = [face.pk, anna.pk, True]
    (face if gone == "face" else anna).delete()
    rejections().restore([pair])
    assert not FaceRejection.objects.exists()


def test_a_pair_that_is_back_already_stays_single(make_face: MakeFace, make_person: MakePerson) -> None:
    face, anna = make_face(1), make_person("Anna")
    FaceRejection.objects.create(face=face, person=anna)
    rejections().restore([[face.pk, anna.pk, True]])
    assert FaceRejection.objects.count() == 1


# --- undo -------------------------------------------------------------------------------------------------------------


def test_nothing_is_undone_twice(owner: User, make_person: MakePerson) -> None:
    activity = actions.name_person(make_person(), "Anna", owner)
    undoing.undo(activity, owner)
    with pytest.raises(NotPossible):
        undoing.undo(activity, owner)
    assert Activity.objects.filter(verb="people.undo").count() == 1


def test_an_undo_leaves_what_was_decided_since(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    face = make_face(1)
    anna, ben = make_person("Anna"), make_person("Ben")
    first = actions.confirm([face], anna, owner)
    actions.move_faces([face], ben, owner)
    undoing.undo(first, owner)
    face.refresh_from_db()
    assert face.person == ben


def test_undoing_a_merge_leaves_a_name_to_whoever_has_it_by_now(owner: User, make_person: MakePerson) -> None:
    anna, ben = make_person("Anna"), make_person("Ben")
    merged = actions.merge(ben, [anna], owner)
    actions.name_person(make_person(), "Anna", owner)
    undoing.undo(merged, owner)
    anna.refresh_from_db()
    assert (anna.merged_into, anna.name) == (None, "")


def test_an_undo_is_undone_itself(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    face, anna = make_face(1), make_person("Anna")
    first = actions.confirm([face], anna, owner)
    for person, undone in ((None, True), (anna, False)):
        newest = Activity.objects.order_by("-pk")[0]
        undoing.undo(newest, owner)
        assert fresh(face).person == person
        assert (fresh(first).undone_at is not None) is undone
    assert [fresh(one).verb for one in Activity.objects.order_by("pk")] == ["people.confirm", *["people.undo"] * 2]


def test_an_undo_overrides_grouping(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    face = make_face(1)
    anna, ben, guessed = make_person("Anna", [face]), make_person("Ben"), make_person("")
    moved = actions.move_faces([face], ben, owner)
    Face.objects.filter(pk=face.pk).update(person=guessed, assignment="automatic")
    undoing.undo(moved, owner)
    assert (fresh(face).person, fresh(face).assignment) == (anna, "automatic")


def test_a_confirmation_can_be_undone_after_the_face_was_removed(
    owner: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    face = make_face(1)
    anna = make_person("Anna", [face])
    confirmed = actions.confirm([face], anna, owner)
    actions.reject([face], anna, owner)
    undoing.undo(confirmed, owner)
    assert (fresh(face).person, fresh(face).assignment) == (None, "none")


def test_an_undecided_person_is_in_a_photo_only_once_again(
    owner: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    first = make_face(1, similarity=0.9)
    second = make_face(1, photo=first.photo, similarity=0.5)
    group = make_person("", [first, second])
    confirmed = actions.confirm([make_face(1)], group, owner)
    assert group.faces.count() == 3
    undoing.undo(confirmed, owner)
    assert list(group.faces.all()) == [first]


def test_a_face_has_no_person_if_its_person_is_gone(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    face = make_face(1)
    anna, ben, clara = make_person("Anna", [face]), make_person("Ben"), make_person("Clara")
    moved = actions.move_faces([face], ben, owner)
    actions.merge(clara, [anna], owner)
    undoing.undo(moved, owner)
    assert (fresh(face).person, fresh(face).assignment) == (None, "none")


def test_a_name_comes_back_unless_it_was_changed_again(owner: User, make_person: MakePerson) -> None:
    anna, ben = make_person("Anna"), make_person("Ben")
    first, second = actions.name_person(anna, "Annette", owner), actions.name_person(ben, "Benno", owner)
    actions.name_person(ben, "Benjamin", owner)
    undoing.undo(first, owner)
    undoing.undo(second, owner)
    assert (fresh(anna).name, fresh(ben).name) == ("Anna", "Benjamin")


def test_a_name_that_somebody_else_took_is_left_to_them(owner: User, make_person: MakePerson) -> None:
    anna = make_person("Anna")
    renamed = actions.name_person(anna, "Annette", owner)
    other = make_person("Anna")
    undoing.undo(renamed, owner)
    assert (fresh(anna).name, fresh(other).name) == ("Annette", "Anna")


def test_names_that_were_exchanged_come_back_together(owner: User, make_person: MakePerson) -> None:
    anna, ben = make_person("Anna"), make_person("Ben")
    with recording("people.test", owner, owner) as record:
        record.touch_people([anna, ben])
        for person, name in ((anna, ""), (ben, "Anna"), (anna, "Ben")):
            Person.objects.filter(pk=person.pk).update(name=name)
    undoing.undo(record.activity, owner)
    assert {fresh(anna).name, fresh(ben).name} == {"Anna", "Ben"}


def test_a_birthday_comes_back(owner: User, make_person: MakePerson) -> None:
    anna = make_person("Anna", birthday=date(2000, 1, 2))
    undoing.undo(actions.set_birthday(anna, None, owner), owner)
    assert fresh(anna).birthday == date(2000, 1, 2)
    undoing.undo(actions.set_birthday(anna, date(1999, 1, 1), owner), owner)
    assert fresh(anna).birthday == date(2000, 1, 2)


def test_a_new_person_is_deleted_unless_somebody_used_it(
    owner: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    used, unused, renamed = (
        actions.name_faces([make_face(number)], name, owner) for number, name in enumerate(("Uwe", "Una", "Rita"))
    )
    actions.confirm([make_face(9)], Person.objects.get(name="Uwe"), owner)
    actions.name_person(Person.objects.get(name="Rita"), "Margarita", owner)
    for activity in (used, unused, renamed):
        undoing.undo(activity, owner)
    assert set(Person.objects.values_list("name", flat=True)) == {"Uwe", "Margarita"}


def test_a_drawn_face_stays_where_it_was_confirmed_since(owner: User, make_photo: Any, make_person: MakePerson) -> None:
    photo, anna = make_photo(), make_person("Anna")
    drawn = [actions.draw(photo, (0.1 * place, 0.1, 0.05, 0.05), owner) for place in (1, 2)]
    kept = Face.objects.get(pk=drawn[0].target_id or 0)
    actions.confirm([kept], anna, owner)
    for activity in drawn:
        undoing.undo(activity, owner)
    assert list(photo.faces.all()) == [kept]


def test_a_box_goes_back_and_its_person_stays(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    face, anna = make_face(1, x=0.1), make_person("Anna")
    moved = actions.move_box(face, (0.5, 0.5, 0.1, 0.1), owner)
    actions.confirm([face], anna, owner)
    undoing.undo(moved, owner)
    assert (fresh(face).x, fresh(face).person, fresh(face).assignment) == (0.1, anna, "confirmed")


def test_separations_come_back_with_a_merge(owner: User, make_person: MakePerson) -> None:
    anna, annie, ben = make_person("Anna"), make_person("Annie"), make_person("Ben")
    actions.separate(anna, annie, owner)
    actions.separate(annie, ben, owner)

    def separated() -> set[tuple[int, int]]:
        return set(PersonSeparation.objects.values_list("first", "second"))

    before = separated()
    merged = actions.merge(anna, [annie], owner)
    assert separated() == {(anna.pk, ben.pk), (annie.pk, ben.pk)} - {(annie.pk, ben.pk)} | separated()
    assert (anna.pk, annie.pk) not in separated()
    undoing.undo(merged, owner)
    assert separated() == before
