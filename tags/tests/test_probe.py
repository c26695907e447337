"""The probe: it learns from similar vectors, and estimates its probabilities for unseen ones."""

import numpy as np
import pytest

from tags.probe import Probe, fit, fit_with_background


def vectors(count: int, towards: np.ndarray, seed: int, spread: float = 1.0) -> np.ndarray:
    """Vectors of length one around a direction."""
    random = np.random.default_rng(seed)
    rows = towards + spread * random.normal(size=(count, len(towards))) / np.sqrt(len(towards))
    return (rows / np.linalg.norm(rows, axis=1)[:, None]).astype(np.float32)


@pytest.fixture
def one() -> np.ndarray:
    return np.eye(384)[0]


@pytest.fixture
def other() -> np.ndarray:
    return np.eye(384)[1]


def learnt(yes: np.ndarray, no: np.ndarray) -> tuple[Probe, np.ndarray]:
    fitted = fit_with_background(yes, np.ones(len(yes), bool), no)
    return fitted.probe, fitted.unseen


def test_five_examples_are_enough_to_tell_two_subjects_apart(one: np.ndarray, other: np.ndarray) -> None:
    probe, _ = learnt(vectors(5, one, 0), vectors(100, other, 1))
    assert (probe.probabilities(vectors(50, one, 2)) > 0.5).all()
    assert (probe.probabilities(vectors(50, other, 3)) < 0.5).all()


def test_examples_of_yes_in_the_background_do_no_harm(one: np.ndarray, other: np.ndarray) -> None:
    unknown = np.concatenate([vectors(40, one, 12), vectors(60, other, 13)])
    probe, _ = learnt(vectors(5, one, 0), unknown)
    chances = probe.probabilities(unknown)
    assert (chances[:40] > 0.5).all()
    assert (chances[40:] < 0.5).all()


def test_a_search_by_the_weights_gives_the_same_probability(one: np.ndarray, other: np.ndarray) -> None:
    probe, _ = learnt(vectors(5, one, 0), vectors(100, other, 1))
    row = vectors(1, one, 4)[0]
    cosine = float(row @ probe.weights / np.linalg.norm(probe.weights))
    assert probe.of_cosine(cosine) == pytest.approx(float(probe.probabilities(row[None])[0]), abs=1e-5)


def test_the_unseen_probability_matches_a_probe_without_the_example() -> None:
    random = np.random.default_rng(5)
    rows = vectors(40, np.eye(60)[0], 6, spread=2)
    target = random.random(40) < 1 / (1 + np.exp(-8 * (rows[:, 0] - 0.3)))
    weights = np.ones(40, np.float32)
    fitted = fit(rows, target, weights)
    seen = fitted.probe.probabilities(rows)
    for place in range(0, 40, 3):
        left = np.arange(40) != place
        without = fit(rows[left], target[left], weights[left]).probe.probabilities(rows[place : place + 1])[0]
        # near what leaving it out gives, and nearer than what the probe says of what it has seen
        assert abs(fitted.unseen[place] - without) < 0.15
        assert abs(fitted.unseen[place] - without) <= abs(seen[place] - without) + 0.02


def test_random_examples_teach_nothing() -> None:
    """If there is nothing to learn, the unseen probabilities show it, although the probe fits its examples."""
    random = np.random.default_rng(7)
    rows = vectors(60, np.eye(384)[0], 8)
    target = random.random(60) < 0.5
    fitted = fit(rows, target, np.ones(60, np.float32))
    right = (fitted.probe.probabilities(rows) > 0.5) == target
    right_unseen = (fitted.unseen > 0.5) == target
    assert right.mean() > 0.9
    assert right_unseen.mean() < 0.75


def test_examples_of_yes_only_do_no_harm(one: np.ndarray) -> None:
    rows = vectors(5, one, 9)
    fitted = fit(rows, np.ones(5, bool), np.ones(5, np.float32))
    assert np.isfinite(fitted.probe.weights).all()
    assert np.isfinite(fitted.unseen).all()
