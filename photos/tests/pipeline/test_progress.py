"""How far the pipeline is, for one owner and for all, and who works."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django import Settings
from redis.exceptions import ConnectionError as NoRedis
from rq import SimpleWorker

from accounts.models import User
from photos.ingest import uploads
from photos.ingest.uploads import Announcement
from photos.models import Photo, StageRun
from photos.pipeline import STAGES, Stage, progress
from photos.pipeline.progress import StageProgress

Maker = Callable[..., Photo]
FIRST = Stage("first", "operator.add", "io", "First")
SECOND = Stage("second", "operator.add", "ml", "Second", after="first", needs=("sscd-distilled",))


@pytest.fixture(autouse=True)
def two_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(STAGES, "_entries", {stage.name: stage for stage in (SECOND, FIRST)})
    cache.clear()


def run(photo: Photo, stage: str = "first", status: str = "done", ago: float | None = None) -> None:
    finished = None if ago is None else timezone.now() - timedelta(seconds=ago)
    StageRun.objects.create(photo=photo, stage=stage, status=status, finished_at=finished)


def counted(owner: User | None = None) -> dict[str, tuple[int, int, int, int]]:
    cache.clear()
    return {each.stage.name: (each.waiting, each.running, each.done, each.failed) for each in progress.stages(owner)}


def test_every_stage_is_counted_those_wanted_first_come_first(make_photo: Maker) -> None:
    photo = make_photo()
    for status in ("waiting", "running", "done", "failed"):
        run(make_photo(), "first", status)
    run(photo, "second", "failed")
    run(photo, "unknown", "waiting")
    assert counted() == {"first": (1, 1, 1, 1), "second": (0, 0, 0, 1)}
    assert list(counted()) == ["first", "second"]


def test_an_owner_sees_only_his_own(owner: User, stranger: User, make_photo: Maker) -> None:
    run(make_photo())
    run(make_photo(owner=stranger))
    run(make_photo(owner=stranger), status="waiting")
    assert counted(owner)["first"] == (0, 0, 1, 0)
    assert counted(stranger)["first"] == (1, 0, 1, 0)
    assert counted()["first"] == (1, 0, 2, 0)


def test_an_owner_who_is_the_only_one_with_photos(owner: User, stranger: User, make_photo: Maker) -> None:
    assert progress.is_alone(owner)
    make_photo()
    assert progress.is_alone(owner)
    assert not progress.is_alone(stranger)
    make_photo(owner=stranger)
    assert not progress.is_alone(owner)


def test_a_stage_whose_weights_are_missing_cannot_begin(db: None, settings: Settings, tmp_path: Any) -> None:
    settings.MIRAGE_MODELS = tmp_path
    assert [each.blocked for each in progress.stages()] == [False, True]


def step(**fields: Any) -> StageProgress:
    counts = {"waiting": 0, "running": 0, "done": 0, "failed": 0, "per_minute": None}
    return StageProgress(FIRST, **{**counts, **fields})


@pytest.mark.parametrize(
    ("fields", "left", "total", "seconds"),
    [
        ({"waiting": 20, "running": 10, "done": 5, "failed": 1, "per_minute": 60.0}, 30, 36, 30.0),
        ({"waiting": 20}, 20, 20, None),  # no rate is known
        ({"done": 5, "per_minute": 60.0}, 0, 5, None),  # nothing is left
    ],
)
def test_photos_and_seconds_left(fields: dict[str, Any], left: int, total: int, seconds: float | None) -> None:
    found = step(**fields)
    assert (found.left, found.total, found.seconds_left) == (left, total, seconds)


def rate(owner: User | None = None) -> float | None:
    return progress.rate(progress.runs_of(owner), FIRST)


def test_the_rate_is_of_the_last_five_minutes(make_photo: Maker) -> None:
    for ago in (10, 60, 120, 400):
        run(make_photo(), ago=ago)
    assert rate() == pytest.approx(3 / 2, rel=0.05)


def test_the_rate_of_a_moment_is_not_boundless(make_photo: Maker) -> None:
    run(make_photo(), ago=0)
    assert rate() == pytest.approx(6)


def test_no_rate_where_nothing_was_done_of_late(make_photo: Maker) -> None:
    run(make_photo(), ago=400)
    run(make_photo(), status="failed", ago=5)
    run(make_photo(), "second", ago=5)
    assert rate() is None


def test_a_count_is_kept_for_a_time_that_its_cost_allows(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[float] = []
    monkeypatch.setattr(progress.cache, "get", lambda key: None)
    monkeypatch.setattr(progress.cache, "set", lambda key, value, timeout: kept.append(timeout))
    clock = iter([10.0, 12.5])
    monkeypatch.setattr(progress.time, "perf_counter", lambda: next(clock))
    assert progress._cached("key", lambda: "answer") == "answer"
    assert kept == [progress.COST_SHARE * 2.5]


def test_a_cached_count_is_used_again(db: None) -> None:
    cache.set("key", 5)
    assert progress._cached("key", lambda: pytest.fail("it was counted")) == 5


# --- who works -------------------------------------------------------------------------------------------------------


def test_nobody_is_there(db: None) -> None:
    force = progress.workforce()
    assert (force.reachable, force.workers, force.busy) == (True, 0, 0)
    assert force.unattended == (FIRST, SECOND)


def test_a_worker_attends_to_the_stages_of_its_queues(db: None) -> None:
    import django_rq

    worker = SimpleWorker([django_rq.get_queue("io")], connection=django_rq.get_connection("io"))
    worker.register_birth()
    try:
        force = progress.workforce()
        assert (force.workers, force.busy, force.unattended) == (1, 0, (SECOND,))
        worker.set_state("busy")
        assert progress.workforce().busy == 1
    finally:
        worker.register_death()


def test_a_worker_that_rests_attends_to_its_stages_too(db: None) -> None:
    import django_rq

    from mirage.runtime.doorbell import Doorbell

    bell = Doorbell("io-2@here", ("io",), django_rq.get_connection("io"))
    try:
        force = progress.workforce()
        assert (force.workers, force.busy, force.unattended) == (1, 0, (SECOND,))
    finally:
        bell.close()


def test_redis_does_not_answer(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise NoRedis

    monkeypatch.setattr(progress.queues, "connection_of", refuse)
    assert progress.workforce() == progress.Workforce(reachable=False)


# --- what came -------------------------------------------------------------------------------------------------------


def test_photos_that_came_in_of_late(owner: User, stranger: User, make_photo: Maker) -> None:
    make_photo()
    make_photo(added_at=timezone.now() - timedelta(minutes=6))
    make_photo(trashed_at=timezone.now())
    make_photo(owner=stranger)
    assert progress.recently_added(owner) == 1
    assert progress.recently_added() == 2


def test_uploads_the_liveliest_first(owner: User, stranger: User) -> None:
    first, second = (uploads.create(owner, Announcement(name, 3)) for name in ("a.jpg", "b.jpg"))
    theirs = uploads.create(stranger, Announcement("c.jpg", 3))
    type(first).objects.filter(pk=first.pk).update(touched_at=timezone.now() + timedelta(seconds=9))
    assert list(progress.uploads(owner)) == [first, second]
    assert set(progress.uploads()) == {first, second, theirs}
