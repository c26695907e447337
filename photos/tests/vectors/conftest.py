"""Rows with vectors, and a queue that notes what is asked of it."""

from collections.abc import Callable

import numpy as np
import pytest

from mirage.runtime import queues
from photos import vectors
from photos.models import Embedding, Photo
from photos.tests.vectors.rows import KIND, unit


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.fixture
def add(make_photo: Callable[..., Photo], rng: np.random.Generator) -> Callable[..., list[Embedding]]:
    """Fingerprints in rows: `add(20)` or `add(vectors)`, all of one photo unless told otherwise."""

    def make(what: int | np.ndarray, **photo: object) -> list[Embedding]:
        rows = unit(rng, what) if isinstance(what, int) else what
        owner = make_photo(**photo)
        made = [
            Embedding(photo=owner, kind=KIND.name, model=KIND.model, frame=number, vector=vectors.pack(row))
            for number, row in enumerate(rows)
        ]
        return Embedding.objects.bulk_create(made)

    return make


@pytest.fixture
def django_rq_calls(monkeypatch: pytest.MonkeyPatch) -> list:
    queue = queues.django_rq.get_queue("index")
    calls: list = []
    monkeypatch.setattr(queue, "enqueue", lambda *args, **options: calls.append(args))
    monkeypatch.setattr(queues.django_rq, "get_queue", lambda name, **_: queue)
    return calls
