"""People and faces while they are joined: which are one, and what forbids it."""

from typing import Any

import numpy as np
import pytest

from people.grouping.units import NO_DAY, POOR_WEIGHT, Units
from people.tests.grouping.libraries import library

EAST, NORTH, UP = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]
NORTH_EAST = [1.0, 1.0, 0.0]


def make(vectors: list[list[float]], **columns: Any) -> Units:
    return Units(library(vectors, **columns))


@pytest.fixture
def family() -> Units:
    """A person with two faces, one with one, and two faces without a person (units 2 + 3 and 2 + 4)."""
    return make([EAST, NORTH_EAST, NORTH, EAST, UP], people=2, person=[0, 0, 1, -1, -1])


def test_a_person_is_one_unit_and_every_other_face_is_its_own(family: Units) -> None:
    assert [family.of(face) for face in range(5)] == [0, 0, 1, 5, 6]
    assert [family.faces(unit) for unit in (0, 1, 5, 6)] == [[0, 1], [2], [3], [4]]


def test_a_person_without_faces_has_none() -> None:
    units = make([EAST], people=2)
    assert units.faces(0) == []
    assert units.of(0) == 2


def test_good_faces_without_a_person_count_as_one_each(family: Units) -> None:
    assert family.count == 4
    assert make([EAST, NORTH, UP], sound=[True, False, True]).count == 2


def test_similarity_is_the_cosine_of_the_means(family: Units) -> None:
    assert family.similarity(0, 5) == pytest.approx(np.cos(np.pi / 8))
    assert family.similarity(0, 1) == pytest.approx(np.sin(np.pi / 8))
    assert family.similarity(5, 6) == 0


def test_a_person_without_a_vector_is_similar_to_nobody() -> None:
    units = make([EAST], people=1)
    assert units.similarity(0, 1) == -1
    assert units.similarity(1, 0) == -1


def test_poor_faces_hardly_move_the_mean() -> None:
    units = make([EAST, NORTH, EAST], people=1, person=[0, 0, -1], sound=[True, False, True])
    assert units.sums[0].tolist() == pytest.approx([1, POOR_WEIGHT, 0])
    assert units.similarity(0, 3) > 0.999
    assert library([EAST, UP], sound=[True, False]).weights().tolist() == pytest.approx([1, POOR_WEIGHT])


def test_joined_units_share_one_number_and_one_mean(family: Units) -> None:
    family.join(5, 0)
    assert family.of(3) == 0
    assert family.find(5) == 0
    assert family.faces(0) == [0, 1, 3]
    assert family.count == 3
    assert family.sums[0].tolist() == pytest.approx([2 + 0.5**0.5, 0.5**0.5, 0])


def test_the_number_is_found_through_several_joinings() -> None:
    units = make([EAST, EAST, EAST, EAST, EAST])
    for unit, other in ((0, 1), (2, 3), (0, 2), (4, 0)):
        units.join(unit, other)
    assert {units.of(face) for face in range(5)} == {0}
    assert sorted(units.faces(0)) == [0, 1, 2, 3, 4]
    assert units.count == 1


@pytest.mark.parametrize(
    ("columns", "pair", "kept"),
    [
        # a decided person before one of more faces
        ({"people": 2, "person": [0, 1, 1], "decided": [True, False]}, (0, 1), 0),
        ({"people": 2, "person": [0, 0, 1], "decided": [False, True]}, (0, 1), 1),
        # a person before faces that are more
        ({"people": 1, "person": [0, -1, -1]}, (2, 0), 0),
        # the one of more faces
        ({"people": 2, "person": [0, 1, 1]}, (0, 1), 1),
        ({"people": 2, "person": [0, 0, 1]}, (1, 0), 0),
    ],
)
def test_whose_number_stays(columns: dict[str, Any], pair: tuple[int, int], kept: int) -> None:
    units = make([EAST, NORTH_EAST, NORTH], **columns)
    units.join(*pair)
    assert {units.find(unit) for unit in pair} == {kept}
    assert (set(pair) - {kept}).isdisjoint(units.members)


def test_a_joined_unit_keeps_its_number_before_a_single_face() -> None:
    units = make([EAST, EAST, EAST])
    units.join(0, 1)
    units.join(2, 0)
    assert units.find(2) == 0


@pytest.mark.parametrize(
    ("columns", "pair", "expected"),
    [
        ({}, (0, 1), True),
        ({"decided": [True, False]}, (0, 1), True),
        ({"decided": [True, True]}, (0, 1), False),
        ({"decided": [True, True]}, (0, 4), True),
        ({"separated": frozenset({(0, 1)})}, (0, 1), False),
        ({"separated": frozenset({(0, 1)})}, (1, 0), False),
        ({"separated": frozenset({(0, 1)})}, (0, 4), True),
        ({"rejected": frozenset({(2, 0)})}, (0, 4), False),
        ({"rejected": frozenset({(2, 0)})}, (4, 0), False),
        ({"rejected": frozenset({(2, 0)})}, (4, 1), True),
        ({"rejected": frozenset({(1, 0)})}, (0, 1), False),
        ({"rejected": frozenset({(1, 0)})}, (0, 4), True),
        ({"photo": [7, 7, 8]}, (0, 1), False),
        ({"photo": [7, 8, 7]}, (0, 4), False),
        ({"photo": [7, 8, 7]}, (1, 4), True),
        ({"born": [10, NO_DAY], "day": [10, 9, 10]}, (0, 4), True),
        ({"born": [10, NO_DAY], "day": [10, 9, 9]}, (0, 4), False),
        ({"born": [10, NO_DAY], "day": [10, 9, 9]}, (1, 4), True),
        ({"born": [10, NO_DAY], "day": [10, 9, 10]}, (0, 1), False),
        ({"born": [10, NO_DAY], "day": [10, 9, 10]}, (1, 0), False),
    ],
)
def test_what_forbids_joining(columns: dict[str, Any], pair: tuple[int, int], expected: bool) -> None:
    units = make([EAST, EAST, EAST], people=2, person=[0, 1, -1], **columns)
    assert units.may_join(*pair) is expected


@pytest.mark.parametrize("columns", [{"decided": [True, True]}, {"separated": frozenset({(0, 1)})}])
def test_the_owner_may_join_what_grouping_must_not(columns: dict[str, Any]) -> None:
    units = make([EAST, EAST, EAST], people=2, person=[0, 1, -1], **columns)
    assert units.may_be_one(0, 1)
    assert not units.may_join(0, 1)


def test_photos_are_compared_with_all_faces_of_the_larger_unit() -> None:
    units = make([EAST] * 4, people=1, person=[0, 0, 0, -1], photo=[1, 2, 3, 3])
    assert not units.may_join(0, 4)
    assert not units.may_join(4, 0)


def test_who_is_separated_from_one_is_separated_from_both() -> None:
    units = make([EAST] * 4, people=3, person=[0, 1, 2, -1], separated=frozenset({(1, 2)}))
    units.join(0, 1)
    gone = 1 if units.find(1) == 0 else 0
    kept = 1 - gone
    assert not units.may_join(kept, 2)
    assert not units.may_join(2, kept)
    assert units.separations[2] >= {kept}
    assert gone not in units.separations


def test_people_separated_from_several() -> None:
    units = make([EAST] * 3, people=3, person=[0, 1, 2], separated=frozenset({(0, 1), (0, 2)}))
    assert units.separations == {0: {1, 2}, 1: {0}, 2: {0}}
    assert not units.may_join(0, 1)
    assert not units.may_join(0, 2)
    assert units.may_join(1, 2)


def test_a_face_rejected_by_several() -> None:
    units = make([EAST] * 3, people=2, person=[0, 1, -1], rejected=frozenset({(2, 0), (2, 1)}))
    assert units.rejections == {2: {0, 1}}
    assert not units.may_join(4, 0)
    assert not units.may_join(4, 1)


def test_only_people_are_decided() -> None:
    units = make([EAST] * 2, people=1, person=[0, -1], decided=[True])
    assert [units.is_decided(unit) for unit in (0, 1, 2)] == [True, False, False]
