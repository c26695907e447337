"""Libraries of a few faces as arrays, for tests of grouping."""

from typing import Any

import numpy as np

from people.grouping.units import NO_DAY, Library


def library(vectors: Any, *, people: int = 0, **columns: Any) -> Library:
    """A library of these faces, normalised: without a person, good, each in a photo of its own unless given.

    `people`: how many people there are, undecided and without a birthday unless given.
    """
    array = np.array(vectors, np.float32)
    count = len(array)
    defaults = {
        "sound": np.ones(count, bool),
        "photo": np.arange(count),
        "day": np.zeros(count, np.int64),
        "person": np.full(count, -1, np.int64),
        "decided": np.zeros(people, bool),
        "born": np.full(people, NO_DAY),
    }
    given = {name: np.array(value) if isinstance(value, list) else value for name, value in columns.items()}
    return Library(vectors=array / np.linalg.norm(array, axis=1, keepdims=True), **{**defaults, **given})
