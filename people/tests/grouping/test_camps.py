"""Two people who look alike, as two camps of pictures: siblings are told apart, and one person is left whole."""

from typing import Any

import numpy as np
import pytest

from people.grouping import camps, clusters
from people.grouping.neighbours import edges
from people.tests.grouping.libraries import library
from vision.faces.calibration import Calibration

SIZE = 128
PLAIN = Calibration(np.zeros(SIZE, np.float32), group=0.44)
VARIED = 0.8  # pictures of one person have a cosine of 0.61 then, as real ones


def pictures(direction: Any, count: int, seed: int, spread: float = VARIED) -> Any:
    """Pictures of somebody."""
    noise = np.random.default_rng(seed).normal(0, SIZE**-0.5, (count, SIZE))
    rows = direction + spread * noise
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def siblings(alike: float) -> Any:
    """The directions of two people with this cosine."""
    first, other = np.linalg.qr(np.random.default_rng(7).normal(size=(SIZE, 2)))[0].T
    return first, alike * first + (1 - alike**2) ** 0.5 * other


@pytest.fixture
def sisters() -> Any:
    """20 and 17 pictures, whose means have a cosine of 0.59."""
    first, other = siblings(0.6)
    return pictures(first, 20, 1), pictures(other, 17, 2)


def group(rows: Any, **columns: Any) -> clusters.Grouping:
    found = library(rows, **columns)
    return clusters.group(found, edges(found.vectors, np.arange(len(rows)), PLAIN.near), PLAIN)


def all_sound(rows: Any) -> Any:
    return np.ones(len(rows), bool)


def test_sisters_are_apart_though_their_means_are_near(sisters: Any) -> None:
    first, other = sisters
    assert camps.likeness(first, other) > PLAIN.threshold_of_pair(300, 20, 17)  # which alone would join them
    assert camps.are_apart(first, other, PLAIN)


def test_one_person_is_not_apart_however_the_pictures_are_divided() -> None:
    rows = pictures(siblings(0.6)[0], 20, 1)
    assert camps.divided(rows, all_sound(rows), PLAIN) is None
    assert not camps.are_apart(rows[:10], rows[10:], PLAIN)


def test_a_group_of_two_sisters_is_divided_between_them(sisters: Any) -> None:
    rows = np.concatenate(sisters)
    camp = camps.divided(rows, all_sound(rows), PLAIN)
    assert camp is not None
    assert np.flatnonzero(camp).tolist() == list(range(20, 37))  # the smaller one


def test_poor_faces_go_with_the_camp_they_are_nearer_to_and_do_not_decide(sisters: Any) -> None:
    rows, sound = np.concatenate(sisters), np.ones(37, bool)
    sound[[0, 36]] = False
    camp = camps.divided(rows, sound, PLAIN)
    assert camp is not None
    assert (camp[36], camp[0]) == (True, False)
    assert camps.divided(rows, np.arange(37) < 23, PLAIN) is None  # three good ones are too few


def test_few_faces_lie_apart_by_chance(sisters: Any) -> None:
    first, other = sisters
    assert not camps.are_apart(first, other[: camps.LEAST - 1], PLAIN)
    assert camps.are_apart(first, other[: camps.LEAST], PLAIN)
    assert camps.divided(np.concatenate([first, other])[:7], np.ones(7, bool), PLAIN) is None


def test_two_bursts_of_one_person_are_no_camps() -> None:
    first, other = pictures(siblings(0.6)[0], 2, 1)
    bursts = pictures(first, 8, 2, spread=0.4), pictures(other, 8, 3, spread=0.4)
    assert camps.likeness(*bursts) > 0.55
    assert not camps.are_apart(*bursts, PLAIN)


def test_a_stray_picture_does_not_hide_two_camps(sisters: Any) -> None:
    first, other = sisters
    assert camps.are_apart(first, np.concatenate([other, first[:1] + other[:1]]), PLAIN)


def test_very_many_faces_are_compared_in_part(sisters: Any) -> None:
    many = pictures(siblings(0.6)[0], 1000, 4)
    assert len(camps.some(many)) <= camps.MOST
    assert camps.are_apart(many, sisters[1], PLAIN)


def test_new_groups_of_siblings_are_two_and_asked_about(sisters: Any) -> None:
    found = group(np.concatenate(sisters))
    assert len(set(found.person[:20].tolist())) == len(set(found.person[20:].tolist())) == 1
    assert found.person[0] != found.person[20]
    assert [{first, second} for first, second, _ in found.people] == [{0, 1}]
    assert not found.camps


def test_a_group_that_was_there_is_asked_about_and_stays(sisters: Any) -> None:
    found = group(np.concatenate(sisters), people=1, person=[0] * 37)
    assert set(found.person.tolist()) == {0}
    ((person, faces, likeness),) = found.camps
    assert (person, faces.tolist()) == (0, list(range(20, 37)))
    assert likeness == pytest.approx(camps.likeness(*sisters), abs=0.001)
    assert found.compared == [0]


def test_a_group_of_one_person_is_looked_at_and_not_asked_about() -> None:
    found = group(pictures(siblings(0.6)[0], 20, 1), people=1, person=[0] * 20)
    assert (found.camps, found.compared) == ([], [0])


def test_new_faces_of_a_sister_are_not_joined_with_whom_somebody_decided_about(sisters: Any) -> None:
    found = group(np.concatenate(sisters), people=1, decided=[True], person=[0] * 20 + [-1] * 17)
    assert set(found.person[:20].tolist()) == {0}
    assert 0 not in found.person[20:]
    assert [{first, second} for first, second, _ in found.people] == [{0, 1}]


def test_identical_faces_and_empty_ones_do_not_break_it() -> None:
    same = np.repeat(pictures(siblings(0.6)[0], 1, 1), 12, axis=0)
    assert camps.divided(same, all_sound(same), PLAIN) is None
    assert camps.divided(np.zeros((12, SIZE), np.float32), np.ones(12, bool), PLAIN) is None
    assert not camps.are_apart(same[:0], same, PLAIN)
