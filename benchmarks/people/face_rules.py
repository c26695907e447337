"""How good groups are, and the rules by which other programs group, for benchmarks/faces.py."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[Any]


def contingency(truth: Labels, found: Labels) -> NDArray[np.float64]:
    _, rows = np.unique(truth, return_inverse=True)
    _, columns = np.unique(found, return_inverse=True)
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1)
    return table


def bcubed(truth: Labels, found: Labels) -> tuple[float, float]:
    """BCubed precision and recall (Bagga and Baldwin 1998)."""
    table = contingency(truth, found)
    squares = table**2
    return (
        float((squares / table.sum(axis=0)).sum() / table.sum()),
        float((squares / table.sum(axis=1, keepdims=True)).sum() / table.sum()),
    )


def pairwise(truth: Labels, found: Labels) -> tuple[float, float]:
    """Of the pairs put together how many belong together, and the other way round."""
    table = contingency(truth, found)

    def pairs(counts: NDArray[np.float64]) -> float:
        return float((counts * (counts - 1) / 2).sum())

    together = pairs(table)
    return together / max(pairs(table.sum(axis=0)), 1), together / max(pairs(table.sum(axis=1)), 1)


def peers(faces: list[Any], truth: Labels) -> Iterable[tuple[str, Labels]]:
    """Other programs' rules over the same vectors: with their own constants, and at the best that can be found."""
    from people.detection import vectors

    rows = vectors.from_bytes([bytes(face.vector) for face in faces])
    distance = 1 - rows @ rows.T
    yield "Lychee: DBSCAN, eps 0.3", connected(distance, 0.3)
    yield best_of("DBSCAN at its best", truth, {f"eps {e:.2f}": connected(distance, e) for e in steps(0.3, 0.75)})
    yield "Immich: 3 faces, distance 0.5", immich(distance, 0.5)
    yield best_of("Immich at its best", truth, {f"distance {e:.2f}": immich(distance, e) for e in steps(0.3, 0.75)})
    yield best_of("HDBSCAN at its best (LibrePhotos)", truth, hdbscan(rows))


def steps(first: float, last: float) -> NDArray[np.float64]:
    return np.arange(first, last + 0.001, 0.01)


def best_of(name: str, truth: Labels, tried: dict[str, Labels]) -> tuple[str, Labels]:
    def score(found: Labels) -> float:
        precision, recall = bcubed(truth, found)
        return 2 * precision * recall / (precision + recall)

    best = max(tried, key=lambda key: score(tried[key]))
    return f"{name}: {best}", tried[best]


def connected(distance: NDArray[np.float32], eps: float) -> Labels:
    """DBSCAN with min_samples 1: whoever is within eps of a member is a member."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    return connected_components(csr_array(distance <= eps), directed=False)[1]


def immich(distance: NDArray[np.float32], most: float, least_faces: int = 3) -> Labels:
    """Immich's rule (server/src/services/person.service.ts, handleRecognizeFaces), face by face in order of import.

    A face joins the person of the nearest face within the distance that has one; with enough faces near it founds a
    person; others are looked at once more at the end.
    """
    person = -np.arange(1, len(distance) + 1)
    assigned = np.zeros(len(distance), bool)
    deferred = []
    for face in range(len(distance)):
        near = np.flatnonzero(distance[face, : face + 1] <= most)
        if not place_immich(face, near, distance, person, assigned, len(near) >= least_faces):
            deferred.append(face)
    for face in deferred:
        near = np.flatnonzero(distance[face] <= most)
        place_immich(face, near, distance, person, assigned, len(near) >= least_faces)
    return person


def place_immich(face: int, near: Labels, distance: Labels, person: Labels, assigned: Labels, core: bool) -> bool:
    known = [other for other in near if assigned[other]]
    if known:
        person[face] = person[min(known, key=lambda other: distance[face, other])]
    elif core:
        person[face] = face
    assigned[face] = bool(known) or core
    return bool(assigned[face])


def hdbscan(rows: NDArray[np.float32]) -> dict[str, Labels]:
    from sklearn.cluster import HDBSCAN

    tried = {}
    for size in (2, 3, 4, 5):
        for method in ("eom", "leaf"):
            found = HDBSCAN(min_cluster_size=size, min_samples=1, cluster_selection_method=method, copy=True)
            labels = found.fit_predict(rows)
            tried[f"{size}, {method}"] = np.where(labels < 0, -np.arange(1, len(rows) + 1), labels)
    return tried
