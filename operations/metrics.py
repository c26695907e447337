"""The metrics for Prometheus: requests, counted as they are answered, and numbers that are read on demand."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import django_rq
from django.conf import settings
from django.core.cache import cache as answers
from django.db import Error as DatabaseError
from django.db.models import Count, Q, Sum
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.process_collector import ProcessCollector
from redis.exceptions import RedisError
from rq.registry import FailedJobRegistry

from operations import health
from photos.models import Photo
from photos.pipeline import progress

SUMS_SECONDS = 60  # how long counts over all photos are cached

_REGISTRY = CollectorRegistry()
REQUESTS = Counter("mirage_requests", "Requests.", ("method", "view", "status"), registry=_REGISTRY)
SECONDS = Histogram(
    "mirage_request_seconds",
    "Time to the first byte of the response.",
    ("view",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=_REGISTRY,
)


class Collector:
    """Reads numbers from the database and Redis on demand. `mirage_sound` reports what does not answer."""

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("mirage", "The version.", {"version": settings.VERSION})
        yield soundness()
        for source in (library, work, queues, disk):
            try:
                yield from source()
            except (DatabaseError, RedisError, OSError):
                continue  # mirage_sound reports it


@cache
def registry() -> CollectorRegistry:
    """The registry of this process."""
    _REGISTRY.register(Collector())
    ProcessCollector(registry=_REGISTRY)
    return _REGISTRY


def gauge(name: str, text: str, labels: Iterable[str], rows: Iterable[tuple[Iterable[str], float]]) -> Metric:
    family = GaugeMetricFamily(f"mirage_{name}", text, labels=tuple(labels))
    for values, number in rows:
        family.add_metric(tuple(values), number)
    return family


def soundness() -> Metric:
    rows = [((condition.name,), float(condition.sound)) for condition in health.conditions()]
    return gauge("sound", "1 if a condition of /readyz holds.", ("condition",), rows)


def library() -> Iterator[Metric]:
    rows = by_owner_and_kind()
    yield gauge("photos", "Photos and videos, trash included.", ("owner", "kind"), [(row[:2], row[2]) for row in rows])
    yield gauge("original_bytes", "Bytes of originals.", ("owner", "kind"), [(row[:2], row[3]) for row in rows])


def by_owner_and_kind() -> list[tuple[str, str, int, int]]:
    """Owner, kind, count and bytes. It reads all photos, so it is cached."""

    def count() -> list[tuple[str, str, int, int]]:
        grouped = Photo.objects.order_by().values("owner__username", "kind")
        size = Sum("size", filter=Q(copy_number=0), default=0)  # copies share a file
        rows = grouped.annotate(count=Count("id"), bytes=size).order_by("owner__username", "kind")
        return [(row["owner__username"], row["kind"], row["count"], row["bytes"]) for row in rows]

    compute: Callable[[], list[tuple[str, str, int, int]]] = count
    return answers.get_or_set("metrics-library", compute, SUMS_SECONDS) or []


def work() -> Iterator[Metric]:
    stages = progress.stages()
    rows = [
        ((stage.stage.name, status), float(getattr(stage, status)))
        for stage in stages
        for status in ("waiting", "running", "failed", "done")
    ]
    yield gauge("stage_runs", "Photos of each stage by status.", ("stage", "status"), rows)


def queue_counts() -> list[tuple[str, int, int]]:
    """Name, waiting jobs and failed jobs of each queue. Raises RedisError."""
    queues = [django_rq.get_queue(name) for name in settings.RQ_QUEUES]
    return [(queue.name, queue.count, FailedJobRegistry(queue=queue).count) for queue in queues]


def queues() -> Iterator[Metric]:
    force = progress.workforce()
    yield gauge("workers", "Workers.", (), [((), force.workers)])
    yield gauge("workers_busy", "Workers that are doing a job.", (), [((), force.busy)])
    counts = queue_counts()
    yield gauge("queue_jobs", "Waiting jobs.", ("queue",), [((name,), waiting) for name, waiting, _ in counts])
    yield gauge("queue_failed_jobs", "Failed jobs.", ("queue",), [((name,), failed) for name, _, failed in counts])


def disk() -> Iterator[Metric]:
    usage = shutil.disk_usage(settings.MIRAGE_DATA)
    yield gauge("disk_free_bytes", "Free bytes on the disk of MIRAGE_DATA.", (), [((), usage.free)])
    yield gauge("disk_bytes", "Size of that disk.", (), [((), usage.total)])
