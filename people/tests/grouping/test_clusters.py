"""Grouping over arrays: what joins, what does not, and what is asked."""

import numpy as np
import pytest

from people.grouping import camps
from people.grouping.clusters import Grouping, group
from people.grouping.neighbours import edges
from people.grouping.units import NO_DAY, Library, Units, Vectors
from people.tests.grouping.libraries import library
from vision.faces.calibration import Calibration

DIMENSION = 128
PLAIN = Calibration(np.zeros(DIMENSION, np.float32), group=0.42)


def someone(identity: int, number: int, spread: float) -> np.ndarray:
    direction = np.random.default_rng(identity).normal(0, DIMENSION**-0.5, DIMENSION)
    noise = np.random.default_rng((identity, number)).normal(0, DIMENSION**-0.5, DIMENSION)
    return (direction + spread * noise).astype(np.float32)


def grouped(given: Library) -> Grouping:
    return group(given, edges(given.vectors, np.arange(len(given.person)), PLAIN.near), PLAIN)


def crowd(people: int, faces: int, spread: float = 0.6) -> tuple[list[np.ndarray], np.ndarray]:
    return (
        [someone(identity, number, spread) for identity in range(people) for number in range(faces)],
        np.repeat(np.arange(people), faces),
    )


def test_each_person_becomes_a_group_and_strangers_stay_alone() -> None:
    rows, truth = crowd(12, 6)
    strangers = [someone(100 + number, 0, 0.6) for number in range(20)]
    found = grouped(library(rows + strangers)).person
    groups = [set(found[:72][truth == identity]) for identity in range(12)]
    assert all(len(each) == 1 for each in groups)
    assert len(set.union(*groups)) == 12
    assert (found[72:] == -1).all()


def test_the_order_of_faces_makes_no_difference() -> None:
    rows, truth = crowd(8, 5, spread=0.9)
    order = np.random.default_rng(1).permutation(len(rows))
    found = grouped(library(rows)).person[order]
    again = grouped(library([rows[index] for index in order])).person
    together = found[:, None] == found
    assert (together == (again[:, None] == again)).all()
    assert len(truth) == len(again)


def two_camps(alike: float, faces: int = 15) -> Library:
    """Two groups of pictures whose means have this cosine, like siblings, or one person at two ages."""
    one, other = someone(1, 0, 0), someone(2, 0, 0)
    other -= one * (one @ other) / (one @ one)
    other = alike * one + (1 - alike**2) ** 0.5 * other * np.linalg.norm(one) / np.linalg.norm(other)
    noises = [0.85 * (someone(3, number, 1) - someone(3, number, 0)) for number in range(2 * faces)]
    return library([middle + noise for middle, noise in zip([one] * faces + [other] * faces, noises, strict=True)])


def test_siblings_are_asked_about_and_not_joined() -> None:
    found = grouped(two_camps(0.5))
    assert found.person.tolist() == [found.person[0]] * 15 + [found.person[15]] * 15
    assert found.person[0] != found.person[15]
    assert [{first, second} for first, second, _ in found.people] == [{found.person[0], found.person[15]}]


def test_one_person_in_two_camps_is_one_group() -> None:
    assert len(set(grouped(two_camps(0.75)).person)) == 1


def test_two_faces_of_one_photo_are_two_people() -> None:
    rows, _ = crowd(1, 4)
    found = grouped(library(rows, photo=np.array([0, 0, 1, 2]))).person
    assert found[0] != found[1]


def test_low_quality_neither_founds_a_group_nor_bridges_two() -> None:
    rows, _ = crowd(1, 3)
    assert (grouped(library(rows, sound=np.zeros(3, bool))).person == -1).all()
    first, second = someone(1, 0, 0), someone(2, 0, 0)
    between = [first + second + 0.1 * someone(3, number, 0) for number in range(3)]
    ends = [someone(1, number, 0.3) for number in range(4)] + [someone(2, number, 0.3) for number in range(4)]
    sound = np.array([True] * 8 + [False] * 3)
    found = grouped(library(ends + between, sound=sound)).person
    assert found[0] != found[4]
    assert len(set(found[:4])) == len(set(found[4:8])) == 1


def test_a_person_with_only_poor_faces_attracts_nobody() -> None:
    """For example a name that a file gave to a squirrel: faces without detail are all similar to one another."""
    rows = [someone(1, number, 0.3) for number in range(5)]
    columns = {"person": np.array([0, 0, 0, -1, -1]), "born": np.array([NO_DAY]), "decided": np.array([True])}
    sound = np.array([False, False, False, False, True])
    found = grouped(library(rows, **columns, sound=sound))
    assert found.person.tolist() == [0, 0, 0, -1, -1]
    assert found.faces == []
    sound[0] = True
    assert grouped(library(rows, **columns, sound=sound)).person.tolist() == [0] * 5


def test_who_was_rejected_is_asked_about_the_next_likely_person() -> None:
    rows = [someone(1, number, 0.3) for number in range(3)] + [someone(2, number, 0.3) for number in range(3)]
    between = someone(1, 0, 0) + 0.95 * someone(2, 0, 0)
    columns = {"person": np.array([0, 0, 0, 1, 1, 1, -1]), "born": np.full(2, NO_DAY), "decided": np.ones(2, bool)}
    asked = [
        grouped(library([*rows, between], **columns, rejected=no)).faces for no in (frozenset(), frozenset({(6, 0)}))
    ]
    assert [[person for _, person, _ in each] for each in asked] == [[0], [1]]


def test_a_face_between_two_people_is_asked_about() -> None:
    rows = [someone(1, number, 0.3) for number in range(4)] + [someone(2, number, 0.3) for number in range(4)]
    found = grouped(library([*rows, someone(1, 0, 0) + someone(2, 0, 0)]))
    assert found.person[8] == -1
    assert [face for face, _, _ in found.faces] == [8]


@pytest.fixture
def known() -> dict[str, np.ndarray]:
    """Three faces of person 0, about whom the owner decided something, and two more without a person."""
    return {"person": np.array([0, 0, 0, -1, -1]), "decided": np.array([True]), "born": np.array([NO_DAY])}


def test_new_faces_join_a_known_person(known: dict[str, np.ndarray]) -> None:
    rows, _ = crowd(1, 5)
    assert grouped(library(rows, **known)).person.tolist() == [0] * 5


def test_who_was_rejected_does_not_come_back(known: dict[str, np.ndarray]) -> None:
    rows, _ = crowd(1, 5)
    found = grouped(library(rows, **known, rejected=frozenset({(3, 0)})))
    assert found.person[3] != 0
    assert (3, 0) not in {(face, person) for face, person, _ in found.faces}


def test_nobody_is_in_a_photo_from_before_their_birthday(known: dict[str, np.ndarray]) -> None:
    rows, _ = crowd(1, 5)
    days = np.array([20, 21, 22, 9, 23])
    found = grouped(library(rows, **{**known, "born": np.array([10])}, day=days)).person
    assert found[3] != 0
    assert found[4] == 0


def test_decided_people_are_not_joined_but_asked_about() -> None:
    rows, _ = crowd(1, 6)
    columns = {"person": np.array([0, 0, 0, 1, 1, 1]), "born": np.full(2, NO_DAY)}
    found = grouped(library(rows, **columns, decided=np.array([True, True])))
    assert found.person.tolist() == [0, 0, 0, 1, 1, 1]
    assert [(first, second) for first, second, _ in found.people] == [(0, 1)]
    assert set(grouped(library(rows, **columns, decided=np.array([True, False]))).person) == {0}


def test_separated_groups_are_neither_joined_nor_asked_about() -> None:
    rows, _ = crowd(1, 6)
    columns = {"person": np.array([0, 0, 0, 1, 1, 1]), "born": np.full(2, NO_DAY), "decided": np.zeros(2, bool)}
    found = grouped(library(rows, **columns, separated=frozenset({(0, 1)})))
    assert found.person.tolist() == [0, 0, 0, 1, 1, 1]
    assert found.people == []


def test_nothing_and_a_single_face() -> None:
    empty = library([someone(1, 0, 0)])
    assert grouped(empty).person.tolist() == [-1]


def test_each_face_that_joins_changes_the_mean_of_its_group() -> None:
    def unit(*parts: float) -> np.ndarray:
        return np.array([*parts, (1 - sum(part**2 for part in parts)) ** 0.5, *[0.0] * (DIMENSION - 1 - len(parts))])

    first, second = unit(1, 0, 0, 0), unit(0.999, 0, 0, 0)
    near, nearer_to_that_one = unit(0.34, 0.93, 0, 0), unit(0.28, 0.5, 0, 0)
    sound = np.array([True, True, True, False])
    found = grouped(library([first, second, near, nearer_to_that_one], sound=sound)).person
    assert (found == found[0]).all()
    assert (grouped(library([first, second, nearer_to_that_one], sound=sound[[0, 1, 3]])).person[2]) == -1


def test_vectors_are_compared_only_where_both_groups_can_be_camps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nearly every join adds one face to a group; to copy the vectors of the group each time takes minutes."""
    copied: list[int] = []
    plain = Units.sound_vectors

    def counted(units: Units, unit: int) -> Vectors:
        copied.append(len(units.faces(unit)))
        return plain(units, unit)

    monkeypatch.setattr(Units, "sound_vectors", counted)
    grouped(two_camps(0.95))
    assert all(size >= camps.LEAST for size in copied)
    assert len(copied) < 30


# --- small libraries of which every cosine is known -------------------------------------------------------------------


def face(number: int, **cosines: float) -> np.ndarray:
    """A face with these cosines to the axes a0, a1, …; what is left of it points where no other face points."""
    row = np.zeros(DIMENSION)
    for axis, cosine in cosines.items():
        row[int(axis[1:])] = cosine
    row[20 + number] = (1 - (row**2).sum()) ** 0.5
    return row


def two_people(*more: np.ndarray, **columns: object) -> Library:
    """Person 0 with three faces along a0, person 1 with three along a1, and more faces without a person."""
    rows = [face(number, **{f"a{number // 3}": 0.95}) for number in range(6)]
    known = {"person": np.array([0, 0, 0, 1, 1, 1, *[-1] * len(more)]), "decided": np.ones(2, bool)}
    return library([*rows, *more], **{**known, "born": np.full(2, NO_DAY), **columns})


def grouped_again(given: Library, fresh: list[int]) -> Grouping:
    """Only what these new faces touch."""
    rows = np.array(fresh, np.int64)
    return group(given, edges(given.vectors, rows, PLAIN.near), PLAIN, rows)


def test_similarities_are_cosines_to_the_mean() -> None:
    found = grouped(two_people(face(6, a0=0.6), face(7, a5=0.9)))
    length = (3 * 0.95**2 + (1 - 0.95**2)) ** 0.5  # of the mean of three, times the root of three
    assert found.similarity[3:6] == pytest.approx((3 * 0.95**2 + 1 - 0.95**2) / (3**0.5 * length), abs=1e-5)
    assert found.similarity[7] == 0
    assert found.similarity.dtype == np.float32
    assert found.similarity[6] > 0.6


def test_a_new_face_joins_and_who_is_near_its_person_is_looked_at_again() -> None:
    near_that_person, near_the_other = face(6, a0=0.25, a7=0.6), face(7, a1=0.25, a8=0.6)
    far, new = face(8, a9=0.9), face(9, a0=0.8)
    found = grouped_again(two_people(near_that_person, near_the_other, far, new), [9])
    assert found.person.tolist() == [0, 0, 0, 1, 1, 1, -1, -1, -1, 0]
    assert found.examined.tolist() == [6]
    assert [(number, person) for number, person, _ in found.faces] == [(6, 0)]
    assert 0.2 < found.faces[0][2] < 0.3


def test_a_new_face_that_joins_nobody_is_looked_at_alone() -> None:
    found = grouped_again(two_people(face(6, a0=0.25, a7=0.6), face(7, a9=0.9)), [7])
    assert found.examined.tolist() == [7]
    assert (found.faces, found.people) == ([], [])
    found = grouped_again(two_people(face(6, a0=0.25, a7=0.6), face(7, a1=0.25)), [7])
    assert found.examined.tolist() == [7]
    assert [(number, person) for number, person, _ in found.faces] == [(7, 1)]


def test_everything_is_looked_at_where_everything_is_new() -> None:
    given = two_people(face(6, a0=0.25, a7=0.6), face(7, a9=0.9))
    everything = grouped_again(given, [*range(8)])
    assert everything.examined.tolist() == grouped(given).examined.tolist() == [6, 7]


def test_a_new_face_lets_one_join_that_waited() -> None:
    """The mean of its person has come nearer to it."""
    waiting = face(6, a0=0.3, a2=0.9)
    assert grouped(two_people(waiting)).person[6] == -1
    between = [face(number, a0=0.75, a2=0.6) for number in (7, 8, 9)]
    found = grouped_again(two_people(waiting, *between), [7, 8, 9])
    assert found.person[6:].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("block", [1, 2, 5])
def test_blocks_make_no_difference(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, _ = crowd(6, 4, spread=0.9)
    between = [someone(1, 0, 0) + someone(2, 0, 0), someone(3, 0, 0) + someone(4, 0, 0)]
    poor = np.array([number % 5 != 4 for number in range(len(rows) + len(between) + 3)])
    given = library([*rows, *between, *(someone(200 + number, 0, 0.6) for number in range(3))], sound=poor)
    whole = grouped(given)
    fresh = grouped_again(given, [1, 9, 20, 24])
    monkeypatch.setattr("people.grouping.clusters.BLOCK", block)
    for one, other in ((whole, grouped(given)), (fresh, grouped_again(given, [1, 9, 20, 24]))):
        assert one.person.tolist() == other.person.tolist()
        assert [row[:2] for row in one.faces] == [row[:2] for row in other.faces]
        assert sorted(row[:2] for row in one.people) == sorted(row[:2] for row in other.people)
        assert one.examined.tolist() == other.examined.tolist()


def test_of_two_faces_in_one_photo_the_more_similar_joins() -> None:
    photo = np.array([0, 1, 2, 3, 4, 5, 9, 9, 9])
    faces = face(6, a0=0.5), face(7, a0=0.7), face(8, a0=0.6)
    for sound in (np.ones(9, bool), np.array([True] * 6 + [False] * 3)):
        found = grouped(two_people(*faces, photo=photo, sound=sound)).person
        assert found[6:].tolist() == [-1, 0, -1]


def test_a_poor_face_hardly_moves_the_mean_of_its_group() -> None:
    """What is similar to the poor face alone does not follow it into the group."""
    poor, follower = face(6, a0=0.5, a3=0.8), face(7, a3=0.95)
    sound = np.array([True] * 6 + [False, False])
    assert grouped(two_people(poor, follower, sound=sound)).person[6:].tolist() == [0, -1]


def test_who_is_born_on_the_day_may_be_in_its_photos() -> None:
    new = face(6, a0=0.7)
    for day, person in ((9, -1), (10, 0), (11, 0)):
        given = two_people(
            new, day=np.array([20] * 6 + [day]), born=np.array([10, NO_DAY]), sound=np.array([True] * 6 + [False])
        )
        assert grouped(given).person[6] == person


def test_a_group_that_is_left_with_one_face_is_nobody() -> None:
    """Of two strangers that were joined, one is rather the person whom it is nearly as similar to."""
    first, second = face(6, a2=0.8), face(7, a2=0.7, a0=0.68)
    found = grouped(two_people(first, second))
    assert found.person[6] == -1
    assert (found.person[:6] == [0, 0, 0, 1, 1, 1]).all()


def test_new_people_are_numbered_one_after_the_other() -> None:
    new = [face(6 + number, **{f"a{2 + number // 2}": 0.95}) for number in range(6)]
    assert grouped(two_people(*new)).person.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 4]


def test_all_faces_that_may_be_somebody_are_asked_about() -> None:
    """Those before them, who are similar to nobody, end nothing."""
    faces = face(6, a9=0.9), face(7, a0=0.25), face(8, a10=0.9), face(9, a1=0.25), face(10, a0=0.3, a1=0.29)
    found = grouped(two_people(*faces, sound=np.array([True] * 6 + [False] * 5)))
    assert [(number, person) for number, person, _ in found.faces] == [(7, 0), (9, 1), (10, 0)]


def test_each_pair_of_people_is_asked_about_once_and_in_spite_of_those_that_are_not() -> None:
    rows = [face(number, a0=0.9, a1=0.0) if number < 3 else face(number, a0=0.7) for number in range(9)]
    columns = {"person": np.array([0, 0, 0, 1, 1, 1, 2, 2, 2]), "born": np.full(3, NO_DAY), "decided": np.ones(3, bool)}
    found = grouped(library(rows, **columns))
    assert sorted(tuple(sorted(pair[:2])) for pair in found.people) == [(0, 1), (0, 2), (1, 2)]
    apart = grouped(library(rows, **columns, separated=frozenset({(0, 1)})))
    assert sorted(tuple(sorted(pair[:2])) for pair in apart.people) == [(0, 2), (1, 2)]
    assert all(value > PLAIN.ask for _, _, value in found.people)
