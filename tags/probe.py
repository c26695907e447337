"""A tag learned from examples: a linear probe on the embeddings of photos. Arrays in, arrays out.

The probe is logistic regression with an L2 penalty, found by Newton's method. Its probability for an example that it
has not seen is computed without fitting again, from the leverage of the example (approximate leave-one-out: Rad and
Maleki, A scalable estimate of the out-of-sample prediction error, 2020).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PENALTY = 0.003  # on the squared length of the weights, per unit of the examples' total weight
LEAST_USUAL = 0.2  # mean probability of unseen examples of yes; below it, nothing was learned
STEPS = 8
CLOSE = 1e-3  # the search ends at steps below this


@dataclass(frozen=True, slots=True)
class Probe:
    """What was learned: the probability of a vector x is 1 / (1 + exp(-(weights · x + bias)))."""

    weights: NDArray[np.float32]
    bias: float

    def probabilities(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """The probability of each row, 0 to 1."""
        return _sigmoid(vectors.astype(np.float64) @ self.weights + self.bias).astype(np.float32)

    def of_cosine(self, cosine: float) -> float:
        """The probability of a unit vector with this cosine to the weights, which a search by the weights returns."""
        return float(_sigmoid(np.array([cosine * np.linalg.norm(self.weights) + self.bias]))[0])


@dataclass(frozen=True, slots=True)
class Fitted:
    """A probe, and the probability of each example by a probe that has not seen it."""

    probe: Probe
    unseen: NDArray[np.float32]


def fit_with_background(
    vectors: NDArray[np.float32], yes: NDArray[np.bool_], background: NDArray[np.float32]
) -> Fitted:
    """Learn from examples of yes and no, and from a background of unknown examples, most of which are no.

    The whole background counts as much as the examples of yes, and as no. Examples of yes in it lower the
    probabilities, by as much as those of unseen examples of yes fall short of one (Elkan and Noto, Learning
    classifiers from only positive and unlabeled data, 2008). So half of the mean of these becomes 0.5.
    """
    share = yes.sum() / max(len(background), 1)
    importance = np.concatenate([np.ones(len(yes)), np.full(len(background), share)]).astype(np.float32)
    target = np.concatenate([yes, np.zeros(len(background), bool)])
    fitted = fit(np.concatenate([vectors, background]), target, importance)
    unseen = fitted.unseen[: len(yes)].astype(np.float64)
    usual = float(np.clip(unseen[yes].mean(), LEAST_USUAL, 0.999)) if yes.any() else 1.0
    shift = float(np.log((1 - usual / 2) / (usual / 2)))
    odds = np.log(np.clip(unseen, 1e-9, 1 - 1e-9)) - np.log1p(-np.clip(unseen, 1e-9, 1 - 1e-9))
    return Fitted(Probe(fitted.probe.weights, fitted.probe.bias + shift), _sigmoid(odds + shift).astype(np.float32))


def fit(vectors: NDArray[np.float32], yes: NDArray[np.bool_], importance: NDArray[np.float32]) -> Fitted:
    """Learn from unit vectors (n × dimensions), whether each is an example of yes, and its importance."""
    target, weight = yes.astype(np.float64), importance.astype(np.float64)
    centre = np.average(vectors, axis=0, weights=weight)
    rows = np.concatenate([vectors - centre, np.ones((len(vectors), 1))], axis=1).astype(np.float64)
    penalty = np.full(rows.shape[1], PENALTY * weight.sum())
    penalty[-1] = 1e-6  # the bias is free
    found = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        curvature, slope, _ = _state(rows, target, weight, penalty, found)
        step = np.linalg.solve(curvature, slope)
        found += step
        if np.abs(step).max() < CLOSE:
            break
    curvature, _, chance = _state(rows, target, weight, penalty, found)
    leverage = np.einsum("nd,dn->n", rows, np.linalg.solve(curvature, rows.T))
    spread = weight * chance * (1 - chance)
    unseen = rows @ found - leverage * weight * (target - chance) / np.maximum(1 - spread * leverage, 1e-3)
    probe = Probe(found[:-1].astype(np.float32), float(found[-1] - centre @ found[:-1]))
    return Fitted(probe, _sigmoid(unseen).astype(np.float32))


def _state(
    rows: Floats, target: Floats, weight: Floats, penalty: Floats, found: Floats
) -> tuple[Floats, Floats, Floats]:
    """Curvature and slope of the objective, and the probabilities, at this point."""
    chance = _sigmoid(rows @ found)
    spread = weight * np.maximum(chance * (1 - chance), 1e-9)
    curvature = rows.T @ (rows * spread[:, None]) + np.diag(penalty)
    return curvature, rows.T @ (weight * (target - chance)) - penalty * found, chance


def _sigmoid(values: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(values, -40, 40)))
