"""The interface of indexes over vectors, and the choice of this installation."""

from collections.abc import Callable
from importlib import import_module
from typing import Protocol, cast

from django.conf import settings

from photos.pipeline import jobs
from photos.vectors.exact import Ids, Vectors
from photos.vectors.kinds import Kind

MODULES = {"hnswlib": "photos.vectors.files", "pgvector": "photos.vectors.postgres"}


class Published(Protocol):
    """A published index. It holds the rows up to `last_id`, some of which may have been deleted since."""

    last_id: int

    def nearest(self, queries: Vectors, count: int) -> tuple[list[Ids], list[Vectors]]:
        """For each query, the ids and similarities of about `count` nearest rows, best first."""


class Backend(Protocol):
    """A module that stores indexes."""

    def published(self, kind: Kind) -> Published | None:
        """The newest usable index, or None. Every search calls this, so it must be cheap."""

    def build(self, kind: Kind, *, from_scratch: bool, on_progress: Callable[[int, int], None]) -> int:
        """Update the index from the database and publish it. Returns how many vectors it holds."""

    def examine(self, kind: Kind) -> list[str]:
        """The problems of the published index, in words."""

    def glance(self, kind: Kind) -> list[str]:
        """The problems that can be found quickly."""

    def held_ids(self, kind: Kind) -> Ids:
        """The sorted ids of the rows in the published index. Empty if it cannot be used."""


def chosen() -> Backend:
    """The backend that VECTOR_BACKEND names."""
    return cast(Backend, import_module(MODULES[settings.VECTOR_BACKEND]))


def ask_for_refresh(kind_name: str) -> None:
    """Ask the worker of the queue `index` to update an index."""
    jobs.enqueue("refresh_index", kind_name)
