"""The metrics: all numbers of the library and its queues, and what is left out if a source does not answer."""

from collections.abc import Callable
from typing import Any

import django_rq
import pytest
from django.db import DatabaseError
from prometheus_client.core import GaugeMetricFamily
from redis.exceptions import ConnectionError as NoRedis
from rq import Queue

from accounts.models import User
from operations import metrics
from photos.models import Photo, StageRun

Maker = Callable[..., Photo]
pytestmark = pytest.mark.django_db


def values(families: Any) -> dict[str, dict[tuple[str, ...], float]]:
    """The numbers by metric and labels."""
    return {
        family.name: {tuple(sample.labels.values()): sample.value for sample in family.samples} for family in families
    }


def test_a_gauge_has_a_row_for_each_of_its_labels() -> None:
    family = metrics.gauge("things", "Things.", ("owner", "kind"), [(("anna", "photo"), 2), (("ben", "video"), 0)])
    assert isinstance(family, GaugeMetricFamily)
    assert values([family]) == {"mirage_things": {("anna", "photo"): 2, ("ben", "video"): 0}}


def test_photos_and_bytes_by_owner_and_kind(make_photo: Maker, stranger: User, library: Any) -> None:
    make_photo(size=1000)
    make_photo(size=500)
    make_photo(size=7, kind="video")
    make_photo(size=1, owner=stranger)
    found = values(metrics.library())
    assert found["mirage_photos"] == {("anna", "photo"): 2, ("anna", "video"): 1, ("mallory", "photo"): 1}
    assert found["mirage_original_bytes"][("anna", "photo")] == 1500


def test_counts_over_all_photos_are_cached(make_photo: Maker, django_assert_num_queries: Any) -> None:
    make_photo()
    before = metrics.by_owner_and_kind()
    make_photo()
    with django_assert_num_queries(0):
        assert metrics.by_owner_and_kind() == before


def test_photos_of_each_stage_by_status(make_photo: Maker) -> None:
    for status in ("waiting", "waiting", "failed"):
        StageRun.objects.create(photo=make_photo(), stage="thumbnails", status=status)
    found = values(metrics.work())["mirage_stage_runs"]
    assert {status: found["thumbnails", status] for status in ("waiting", "running", "failed", "done")} == {
        "waiting": 2,
        "running": 0,
        "failed": 1,
        "done": 0,
    }


def test_jobs_of_each_queue() -> None:
    Queue("io", connection=django_rq.get_connection("io")).enqueue("operator.add", 1, 2)
    found = values(metrics.queues())
    assert found["mirage_queue_jobs"][("io",)] == 1
    assert found["mirage_queue_jobs"][("ml",)] == 0
    assert found["mirage_workers"] == {(): 0}
    assert found["mirage_queue_failed_jobs"][("io",)] == 0


def test_space_on_the_disk(library: Any) -> None:
    found = values(metrics.disk())
    assert 0 < found["mirage_disk_free_bytes"][()] < found["mirage_disk_bytes"][()]


@pytest.mark.parametrize(
    ("source", "error", "missing"),
    [
        ("library", DatabaseError, {"mirage_photos", "mirage_original_bytes"}),
        ("queues", NoRedis, {"mirage_workers", "mirage_queue_jobs"}),
        ("disk", OSError, {"mirage_disk_bytes"}),
    ],
)
def test_sources_that_do_not_answer_are_left_out(
    library: Any, monkeypatch: pytest.MonkeyPatch, source: str, error: type[Exception], missing: set[str]
) -> None:
    names = set(values(metrics.Collector().collect()))
    assert missing <= names

    def fail() -> None:
        raise error("gone")

    monkeypatch.setattr(metrics, source, fail)
    left = set(values(metrics.Collector().collect()))
    assert not missing & left
    assert left >= {"mirage", "mirage_sound"}
