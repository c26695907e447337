"""Random sequences of actions: decisions are kept, and undo restores what was before."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from accounts import undoing
from accounts.models import Activity, User
from mirage.refusals import NotPossible
from people import actions, records
from people.detection import scans
from people.grouping import assignments, constraints
from people.models import Face, FaceRejection, Person, PersonSeparation
from people.tests.conftest import MakeFace, vector_of
from people.tests.soundness import violations
from photos.models import Photo
from vision.faces.faces import FoundFace

# On PostgreSQL a few show that the statements run there; what an action after another does is decided in Python.
EXAMPLES = 25 if connection.vendor == "sqlite" else 5
CAREFUL = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # the sequences are short, and shrinking takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
STEPS = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=14)


def state(owner: User) -> dict[str, Any]:
    """Everything that undo must restore."""
    return {
        "faces": records.face_states(Face.objects.filter(photo__owner=owner).values_list("pk", flat=True)),
        "people": records.person_states(Person.objects.filter(owner=owner).values_list("pk", flat=True)),
        "rejections": set(FaceRejection.objects.values_list("face", "person")),
        "separations": set(PersonSeparation.objects.values_list("first", "second")),
    }


def decisions(owner: User) -> dict[str, Any]:
    """Everything that grouping must leave alone."""
    people = Person.objects.filter(owner=owner).filter(constraints.decided_people())
    return {
        "confirmed": set(Face.objects.filter(assignment="confirmed").values_list("pk", "person")),
        "not faces": set(Face.objects.filter(not_a_face=True).values_list("pk", flat=True)),
        "rejections": set(FaceRejection.objects.values_list("face", "person")),
        "separations": set(PersonSeparation.objects.values_list("first", "second")),
        "people": records.person_states(people.values_list("pk", flat=True)),
        "merged": set(Person.objects.exclude(merged_into=None).values_list("pk", "merged_into")),
    }


def act(owner: User, step: tuple[int, int, int]) -> Activity | None:
    """One random action; None if it is not possible."""
    verb, a, b = step
    faces = list(Face.objects.filter(photo__owner=owner).order_by("pk"))
    people = list(Person.objects.filter(owner=owner, merged_into=None).order_by("pk"))
    face = faces[a % len(faces)]
    some = faces[a % len(faces) : a % len(faces) + 1 + b % 3]
    if not people:
        return actions.name_faces(some, f"Name {b % 4}", owner)
    person, other = people[a % len(people)], people[b % len(people)]
    theirs = list(person.faces.order_by("pk"))
    try:
        match verb:
            case 0:
                return actions.name_person(person, f"Name {b % 4}" if b % 5 else "", owner)
            case 1:
                return actions.confirm(some, other, owner)
            case 2:
                return actions.reject(some, other, owner)
            case 3:
                return actions.merge(person, [other, people[(a + b) % len(people)]], owner)
            case 4:
                return actions.separate(person, other, owner)
            case 5 if theirs:
                return actions.split(person, theirs[: 1 + b % len(theirs)], owner, f"Name {b % 4}" if b % 2 else "")
            case 6:
                return actions.move_faces(some, other if b % 3 else None, owner)
            case 7:
                return actions.hide([person, other], owner, hidden=bool(b % 3))
            case 8:
                return actions.set_birthday(person, date(2024, 5, 1 + b % 4) if b % 4 else None, owner)
            case 9:
                return actions.mark_not_a_face([face], owner)
            case 10:
                return actions.draw(face.photo, (0.5, 0.5, 0.1 + b / 1000, 0.2), owner, person if b % 2 else None)
            case 11:
                return actions.name_faces(some, f"Name {b % 4}", owner)
            case 12:
                return actions.move_box(face, (0.3, 0.4, 0.1 + b / 1000, 0.2), owner)
            case 13 if theirs:
                return actions.set_cover(person, theirs[b % len(theirs)], owner)
    except NotPossible:
        pass
    return None


def addressed(owner: User, step: tuple[int, int, int]) -> set[int]:
    """The faces that a step gives to a person, or takes from one."""
    verb, a, b = step
    faces = list(Face.objects.filter(photo__owner=owner).order_by("pk").values_list("pk", flat=True))
    people = list(Person.objects.filter(owner=owner, merged_into=None).order_by("pk"))
    place = a % len(faces)
    if not people or verb in {1, 2, 6, 11}:
        return set(faces[place : place + 1 + b % 3])
    if verb == 9:
        return {faces[place]}
    theirs = list(people[a % len(people)].faces.order_by("pk").values_list("pk", flat=True)) if verb == 5 else []
    return set(theirs[: 1 + b % len(theirs)]) if theirs else set()


def names(owner: User) -> dict[int, tuple[int, str]]:
    """Who each face is, and how that came about."""
    faces = Face.objects.filter(photo__owner=owner, person__isnull=False).select_related("person")
    return {face.pk: (face.person.survivor().pk, face.assignment) for face in faces if face.person}


def unfit(face_id: int, person_id: int) -> bool:
    """Whether the owner said that this face is not this person, or when they were born."""
    rejected = FaceRejection.objects.filter(face=face_id, person=person_id).exists()
    born = Person.objects.get(pk=person_id).birthday
    return rejected or (born is not None and Face.objects.get(pk=face_id).photo.taken_local.date() < born)


def scan_again(owner: User, number: int) -> None:
    """Look at a photo once more: the faces lie a little elsewhere, the last one is not found, another one is."""
    photo = owner.photos.order_by("pk")[number % owner.photos.count()]
    faces = list(photo.faces.order_by("pk"))
    seen = faces[: len(faces) - number % 2]
    found = [
        found_face(face.x + 0.004, face.y, face.width, face.height, face.frame_seconds, identity=number % 5)
        for face in seen
    ]
    instant = 0.0 if photo.is_video else None
    new = [found_face(0.05, 0.7, 0.1, 0.1, instant, identity=number % 4)] if number % 3 == 0 else []
    described = [found_face(*box, seconds, identity=1) for box, seconds in scans.undetected(photo, found)]
    scans.record(photo, [*found, *new], described)


def look_and_group(owner: User, number: int, decided: object) -> None:
    """Look at a photo once more and group again; what was decided stays after each."""
    scan_again(owner, number)
    assert decisions(owner) == decided
    assert violations(owner.pk) == {}
    assignments.group(owner.pk, rebuild=bool(number % 2))
    assert decisions(owner) == decided
    assert violations(owner.pk) == {}


def found_face(x: float, y: float, width: float, height: float, seconds: float | None, *, identity: int) -> scans.Found:
    return FoundFace(x, y, width, height, [[x, y]] * 5, 0.9, 0.8, vector_of(identity)), seconds


@pytest.fixture
def crowd(owner: User, make_face: MakeFace, make_photo: Callable[..., Photo]) -> User:
    """Four people in a dozen photos of three days, two of them alike, some together in one photo; and a video."""
    for number, identity in enumerate((1, 1, 1, 2, 2, 2, 3, 3)):
        face = make_face(identity, photo=make_photo(taken=datetime(2024, 5, 1 + number % 3)))
        if identity == 3:
            make_face(1, photo=face.photo)
            make_face(4, photo=face.photo, quality=0.1)
    make_face(5)
    video = make_photo(kind="video", media_type="video/mp4", duration=9.0, taken=datetime(2024, 5, 2))
    for seconds, identity in enumerate((1, 1, 2)):  # what the stage leaves of one person is one face, but it may err
        make_face(identity, photo=video, frame_seconds=float(seconds))
    assignments.group(owner.pk)
    return owner


@CAREFUL
@given(steps=STEPS)
def test_an_immediate_undo_restores_everything(crowd: User, steps: list[tuple[int, int, int]]) -> None:
    with transaction.atomic():
        for step in steps:
            before = state(crowd)
            activity = act(crowd, step)
            assert violations(crowd.pk) == {}
            if activity is not None and sum(step) % 2:
                after = state(crowd)
                undoing.undo(activity, crowd)
                assert state(crowd) == before
                undoing.undo(Activity.objects.latest("pk"), crowd)
                assert state(crowd) == after
        transaction.set_rollback(True)


@settings(CAREFUL, max_examples=EXAMPLES * 8 // 5)
@given(steps=STEPS, rebuilds=st.lists(st.booleans(), min_size=14, max_size=14), undone=st.lists(st.integers(0, 20)))
def test_no_face_loses_a_name_unless_its_owner_removed_it(
    crowd: User, steps: list[tuple[int, int, int]], rebuilds: list[bool], undone: list[int]
) -> None:
    with transaction.atomic():
        done = []
        for step, rebuild in zip(steps, rebuilds, strict=False):
            before, meant = names(crowd), addressed(crowd, step)
            activity = act(crowd, step)
            done += [activity] if activity is not None else []
            check_kept(before, names(crowd), meant)
            before = names(crowd)
            assignments.group(crowd.pk, rebuild=rebuild)
            assert {pk: who for pk, who in names(crowd).items() if who[1] == "confirmed"} == {
                pk: who for pk, who in before.items() if who[1] == "confirmed"
            }
        for number in undone:
            if done:
                activity = done.pop(number % len(done))
                before = {pk: who for pk, who in names(crowd).items() if who[1] == "confirmed"}
                undoing.undo(activity, crowd)
                check_kept(before, names(crowd), set(map(int, activity.detail["change"]["faces"])))
        transaction.set_rollback(True)


def check_kept(before: dict[int, tuple[int, str]], after: dict[int, tuple[int, str]], meant: set[int]) -> None:
    """Other faces keep their people, also after a merge; a guess may give way to a decision."""
    for face, (was, assignment) in before.items():
        if face in meant:
            continue
        person = Person.objects.get(pk=was).survivor().pk
        if after.get(face, (None, ""))[0] != person:
            assert assignment == Face.Assignment.AUTOMATIC
            assert unfit(face, person)


@CAREFUL
@given(steps=STEPS)
def test_undoing_everything_in_reverse_restores_the_beginning(crowd: User, steps: list[tuple[int, int, int]]) -> None:
    with transaction.atomic():
        before = state(crowd)
        done = [activity for step in steps if (activity := act(crowd, step)) is not None]
        for activity in reversed(done):
            undoing.undo(activity, crowd)
        assert state(crowd) == before
        transaction.set_rollback(True)


@CAREFUL
@given(steps=STEPS, scanned=st.lists(st.integers(0, 50), min_size=14, max_size=14))
def test_another_scan_leaves_decisions_alone(crowd: User, steps: list, scanned: list[int]) -> None:
    with transaction.atomic():
        done = []
        for step, number in zip(steps, scanned, strict=False):
            activity = act(crowd, step)
            done += [activity] if activity is not None else []
            decided = decisions(crowd)
            look_and_group(crowd, number, decided)
        for activity in reversed(done):
            undoing.undo(activity, crowd)
            assert violations(crowd.pk) == {}
        transaction.set_rollback(True)


@settings(CAREFUL, max_examples=EXAMPLES // 2)
@given(steps=STEPS, order=st.permutations(range(10)))
def test_a_new_model_leaves_decisions_alone_at_every_point(
    crowd: User, settings: Settings, steps: list[tuple[int, int, int]], order: list[int]
) -> None:
    assert crowd.photos.count() == len(order)
    settings.MIRAGE_FACE_MODEL = "SFace"
    with transaction.atomic():
        model, done = scans.current_model(crowd.pk), []
        settings.MIRAGE_FACE_MODEL = "Dlib"  # its vectors are as long
        for count, number in enumerate(order):
            if count < len(steps) and (activity := act(crowd, steps[count])) is not None:
                done.append(activity)
            decided = decisions(crowd)
            look_and_group(crowd, number, decided)
            assert (scans.current_model(crowd.pk) == model) == (count + 1 < len(order))
        for activity in reversed(done):
            undoing.undo(activity, crowd)
            assert violations(crowd.pk) == {}
        transaction.set_rollback(True)


@CAREFUL
@given(steps=STEPS, rebuilds=st.lists(st.booleans(), min_size=14, max_size=14), undone=st.lists(st.integers(0, 20)))
def test_grouping_leaves_decisions_alone_and_undo_in_any_order_breaks_nothing(
    crowd: User, steps: list[tuple[int, int, int]], rebuilds: list[bool], undone: list[int]
) -> None:
    with transaction.atomic():
        done = []
        for step, rebuild in zip(steps, rebuilds, strict=False):
            activity = act(crowd, step)
            done += [activity] if activity is not None else []
            decided = decisions(crowd)
            assignments.group(crowd.pk, rebuild=rebuild)
            assert decisions(crowd) == decided
            assert violations(crowd.pk) == {}
        for number in undone:
            if done:
                undoing.undo(done.pop(number % len(done)), crowd)
                assert violations(crowd.pk) == {}
                decided = decisions(crowd)
                assignments.group(crowd.pk, rebuild=bool(number % 2))
                assert decisions(crowd) == decided
                assert violations(crowd.pk) == {}
        transaction.set_rollback(True)
