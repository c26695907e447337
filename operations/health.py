"""Whether the installation works, for /readyz, /metrics and the dashboard."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

import django_rq
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils.translation import gettext_lazy as _lazy
from redis.exceptions import RedisError

from media.sentences import english
from mirage.runtime.groundwork import LEAST_FREE
from photos import vectors
from photos.pipeline import progress
from photos.storage import paths
from photos.vectors import backends

GIGABYTE = 1 << 30
TITLES = {
    "database": _lazy("Database"),
    "redis": "Redis",
    "disk": _lazy("Disk"),
    "storage": _lazy("Storage"),
    "indexes": _lazy("Indexes"),
    "workers": _lazy("Workers"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that the installation needs. Without a `needed` one, no page can be served."""

    name: str
    sound: bool
    text: str
    needed: bool = True

    @property
    def title(self) -> str:
        return str(TITLES[self.name])


def conditions() -> list[Condition]:
    """All conditions, the most basic first."""
    checks: tuple[Callable[[], Condition], ...] = (database, redis, disk, storage, indexes, workers)
    return [check() for check in checks]


def database() -> Condition:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Condition(
            "database", False, english("The database does not answer: %(error)s", error=str(error).strip())
        )
    return Condition("database", True, {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor])


def redis() -> Condition:
    try:
        django_rq.get_connection("io").ping()
    except RedisError as error:
        return Condition("redis", False, english("Redis does not answer: %(error)s", error=error))
    return Condition("redis", True, english("Redis answers"))


def disk() -> Condition:
    """Whether the data folder is writable and has room."""
    try:
        free = shutil.disk_usage(settings.MIRAGE_DATA).free
    except OSError as error:
        return Condition("disk", False, f"{settings.MIRAGE_DATA}: {error.strerror}")
    if not os.access(settings.MIRAGE_DATA, os.W_OK):
        return Condition("disk", False, english("%(folder)s cannot be written to", folder=settings.MIRAGE_DATA))
    return Condition("disk", free >= LEAST_FREE, english("%(gigabytes)s GB free", gigabytes=f"{free / GIGABYTE:.1f}"))


def storage() -> Condition:
    """Whether the originals can be reached, if they are in object storage."""
    try:
        paths.library().ping()
    except OSError as error:
        return Condition("storage", False, str(error.strerror))
    return Condition("storage", True, paths.library().description)


def indexes() -> Condition:
    """Whether the indexes are in order. They are not needed: without them, searches are exact and slower."""
    problems = []
    try:
        for kind in vectors.KINDS.values():
            problems += [f"{kind.name}: {text}" for text in backends.chosen().glance(kind)]
    except DatabaseError as error:
        problems = [str(error).strip()]
    return Condition("indexes", not problems, "; ".join(problems) or english("in order"), needed=False)


def workers() -> Condition:
    """Whether every queue in use has a worker. They are not needed: pages are served without them."""
    force = progress.workforce()
    if not force.reachable:
        return Condition("workers", False, english("unknown: Redis does not answer"), needed=False)
    idle = sorted({stage.queue for stage in force.unattended})
    if idle:
        text = english("none for %(queues)s", queues=", ".join(idle))
    else:
        text = english("%(workers)s, %(busy)s of them busy", workers=force.workers, busy=force.busy)
    return Condition("workers", not idle, text, needed=False)
