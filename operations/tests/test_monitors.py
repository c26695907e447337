"""The pages for monitoring, and who may read them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings
from redis.exceptions import ConnectionError as NoConnection

from accounts.models import User
from operations import health
from photos.models import Photo

pytestmark = pytest.mark.django_db


def test_alive(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"alive\n"


def test_ready_without_workers(client: Client, library: Path) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    conditions = answer.json()["conditions"]
    assert [conditions[name]["sound"] for name in ("database", "redis", "disk", "indexes")] == [True] * 4
    assert conditions["workers"]["sound"] is False


def test_not_ready_without_redis(client: Client, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise NoConnection("refused")

    monkeypatch.setattr("django_rq.get_connection", fail)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)


def test_not_ready_without_a_database(client: Client, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(health.connection, "cursor", fail)
    assert health.database().sound is False


def test_not_ready_on_a_full_disk(client: Client, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_FREE", 1 << 60)
    assert client.get("/readyz").status_code == 503


def test_metrics_are_read_by_a_parser(client: Client, make_photo: Callable[..., Photo]) -> None:
    make_photo(size=1000)
    make_photo(size=500, kind="video")
    families = {f.name: f for f in text_string_to_metric_families(client.get("/metrics").content.decode())}
    photos = {
        (sample.labels["owner"], sample.labels["kind"]): sample.value for sample in families["mirage_photos"].samples
    }
    assert photos == {("anna", "photo"): 1, ("anna", "video"): 1}
    assert families["mirage_queue_jobs"].samples
    assert {sample.labels["condition"] for sample in families["mirage_sound"].samples} >= {"database", "redis"}


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-Ip"])
def test_requests_through_a_proxy_are_not_local(client: Client, header: str) -> None:
    assert client.get("/metrics", headers={header: "203.0.113.5"}).status_code == 403


def test_metrics_need_the_token_from_elsewhere(client: Client, settings: Settings, library: Path) -> None:
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.5").status_code == 403
    assert "text" not in client.get("/readyz", REMOTE_ADDR="203.0.113.5").json()["conditions"]["disk"]
    settings.MIRAGE_METRICS_TOKEN = "s3cret"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    answer = client.get("/metrics", REMOTE_ADDR="203.0.113.5", headers={"Authorization": "Bearer s3cret"})
    assert answer.status_code == 200


def test_counts_include_all_owners(client: Client, make_photo: Callable[..., Photo], stranger: User) -> None:
    make_photo()
    make_photo(owner=stranger)
    assert Photo.objects.count() == 2
    assert b'mirage_photos{kind="photo",owner="mallory"} 1.0' in client.get("/metrics").content
