"""What an index over many vectors has to offer, and which one this installation uses."""

import logging
from collections.abc import Callable
from importlib import import_module
from typing import Protocol, cast

import django_rq
from django.conf import settings
from redis.exceptions import RedisError

from photos.vectors.exact import Ids, Vectors
from photos.vectors.kinds import Kind

log = logging.getLogger(__name__)

ASKED_FOR = 600  # seconds within which asking again is asking once
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
    queue = django_rq.get_queue("index")
    try:
        if queue.connection.set(_asked(kind_name), "1", nx=True, ex=ASKED_FOR):
            queue.enqueue("photos.vectors.refresh", kind_name, result_ttl=0, failure_ttl=86_400, job_timeout=6 * 3600)
    except RedisError as error:
        log.debug("A refresh of %s could not be asked for, the next vectors will: %s", kind_name, error)


def forget_the_asking(kind_name: str) -> None:
    """Let the next asking count at once: an index may break again right after it was built."""
    try:
        django_rq.get_queue("index").connection.delete(_asked(kind_name))
    except RedisError as error:
        log.debug("That %s were refreshed could not be noted, askings count again later: %s", kind_name, error)


def _asked(kind_name: str) -> str:
    return f"mirage:refresh:{kind_name}"
