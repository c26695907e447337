"""What an index over many vectors has to offer, and which one this installation uses."""

from collections.abc import Callable
from importlib import import_module
from typing import Protocol, cast

from django.conf import settings

from photos.pipeline import jobs
from photos.vectors.exact import Ids, Vectors
from photos.vectors.kinds import Kind

MODULES = {"hnswlib": "photos.vectors.files", "pgvector": "photos.vectors.postgres"}


class Published(Protocol):
    """An index as it was last published: it holds the rows up to `last_id`, some of which may be gone by now."""

    last_id: int

    def nearest(self, queries: Vectors, count: int) -> tuple[list[Ids], list[Vectors]]:
        """For each query the ids and similarities of about `count` nearest rows, best first."""


class Backend(Protocol):
    """A module that keeps indexes."""

    def published(self, kind: Kind) -> Published | None:
        """The newest usable index; None where there is none. Cheap: asked at every search."""

    def build(self, kind: Kind, *, anew: bool, on_progress: Callable[[int, int], None]) -> int:
        """Bring the index up to the database, one writer at a time, and publish it. How many vectors it holds."""

    def examine(self, kind: Kind) -> list[str]:
        """What is wrong with the published index itself, in words."""

    def glance(self, kind: Kind) -> list[str]:
        """What can be seen to be wrong with it at no cost."""

    def held_ids(self, kind: Kind) -> Ids:
        """The rows that the published index holds, sorted; none where it cannot be used."""


def chosen() -> Backend:
    """The one that VECTOR_BACKEND names."""
    return cast(Backend, import_module(MODULES[settings.VECTOR_BACKEND]))


def ask_for_refresh(kind_name: str) -> None:
    """Let the worker of the queue `index` bring an index up to the database."""
    jobs.enqueue("refresh_index", kind_name)
