"""Claims, retries, successors and recovery, with a real database and a real Redis."""

import os
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import django_rq
import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings
from redis import Redis
from rq import SimpleWorker

from mirage.runtime import queues
from photos.models import Photo, StageRun
from photos.pipeline import STAGES, Stage, runs

calls: list[list[int]] = []
refuse: dict[int, str] = {}
explode: set[int] = set()


def fake_stage(photo_ids: Sequence[int]) -> dict[int, str]:
    """What a stage is to the pipeline: ids in, refusals out."""
    calls.append(list(photo_ids))
    if explode & set(photo_ids):
        raise RuntimeError("the disk is on fire")
    return {photo_id: refuse[photo_id] for photo_id in photo_ids if photo_id in refuse}


@pytest.fixture(autouse=True)
def three_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    function = "photos.tests.pipeline.test_runs.fake_stage"
    stages = (
        Stage("metadata", function, "io", "first", batch=3),
        Stage("thumbnails", function, "io", "second", after="metadata", batch=3),
        Stage("playback", function, "idle", "third", after="thumbnails", kinds=frozenset({"video"})),
    )
    monkeypatch.setattr(STAGES, "_entries", {stage.name: stage for stage in stages})
    calls.clear()
    refuse.clear()
    explode.clear()


@pytest.fixture
def lookers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stages that look at pictures, as those of fingerprints, sketches, faces and text do."""
    function = "photos.tests.pipeline.test_runs.fake_stage"
    stages = (
        Stage("fingerprint", function, "ml", "first", batch=2, looks=True),
        Stage("sketch", function, "ml", "second", after="fingerprint", batch=32, looks=True),
        Stage("faces", function, "ml", "third", batch=3, looks=True),
        Stage("text", function, "idle", "fourth", batch=3, looks=True),
        Stage("other", function, "ml", "fifth", batch=3),
    )
    monkeypatch.setattr(STAGES, "_entries", {stage.name: stage for stage in stages})


def start(photos: list[Photo]) -> None:
    runs.start([photo.pk for photo in photos])


def statuses(stage: str) -> list[str]:
    return list(StageRun.objects.filter(stage=stage).order_by("photo_id").values_list("status", flat=True))


def test_every_stage_runs_in_order_and_only_for_its_kind(make_photo: Callable[..., Photo]) -> None:
    photos = [make_photo(), make_photo(kind="video")]
    start(photos)
    assert runs.drain() == 5
    assert statuses("metadata") == statuses("thumbnails") == ["done", "done"]
    assert list(StageRun.objects.filter(stage="playback").values_list("photo_id", flat=True)) == [photos[1].pk]


def test_a_batch_is_limited_and_the_newest_come_first(make_photo: Callable[..., Photo]) -> None:
    photos = [make_photo() for _ in range(5)]
    start(photos)
    runs.drain()
    assert calls[0] == [photo.pk for photo in reversed(photos)][:3]


def test_of_two_simultaneous_claims_one_wins(make_photo: Callable[..., Photo]) -> None:
    start([make_photo() for _ in range(4)])
    first = runs.claim(STAGES["metadata"])
    second = runs.claim(STAGES["metadata"])
    assert len(first) == 3
    assert len(second) == 1
    assert not {run.pk for run in first} & {run.pk for run in second}
    assert runs.claim(STAGES["metadata"]) == []


@pytest.mark.django_db(transaction=True)
def test_threads_that_race_do_everything_once(make_photo: Callable[..., Photo]) -> None:
    photos = [make_photo() for _ in range(30)]
    start(photos)

    def drain() -> None:
        try:
            runs.drain()
        finally:
            connection.close()

    threads = [threading.Thread(target=drain) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [photo_id for batch in calls for photo_id in batch]
    assert sorted(done) == sorted([photo.pk for photo in photos] * 2)  # once for each of the two stages
    assert set(statuses("thumbnails")) == {"done"}


def test_a_refusal_fails_at_once_with_its_reason(make_photo: Callable[..., Photo]) -> None:
    good, bad = make_photo(), make_photo()
    refuse[bad.pk] = "The file is cut short."
    start([good, bad])
    runs.drain()
    run = StageRun.objects.get(photo=bad, stage="metadata")
    assert (run.status, run.error, run.attempts) == ("failed", "The file is cut short.", 1)
    assert not StageRun.objects.filter(photo=bad, stage="thumbnails").exists()
    assert StageRun.objects.get(photo=good, stage="thumbnails").status == "done"


def test_an_exception_is_tried_three_times_and_harms_only_its_own_photo(make_photo: Callable[..., Photo]) -> None:
    good, bad = make_photo(), make_photo()
    explode.add(bad.pk)
    start([good, bad])
    runs.drain()
    run = StageRun.objects.get(photo=bad, stage="metadata")
    assert (run.status, run.attempts) == ("failed", 3)
    assert "the disk is on fire" in run.error
    assert StageRun.objects.get(photo=good, stage="metadata").status == "done"


def test_retry_gives_all_attempts_back(make_photo: Callable[..., Photo]) -> None:
    photo = make_photo()
    refuse[photo.pk] = "no"
    start([photo])
    runs.drain()
    refuse.clear()
    assert runs.retry(StageRun.objects.filter(status="failed")) == 1
    runs.drain()
    assert statuses("thumbnails") == ["done"]
    assert StageRun.objects.get(stage="metadata").error == ""


def test_a_dead_worker_gives_back_and_its_late_result_does_not_count(make_photo: Callable[..., Photo]) -> None:
    start([make_photo()])
    stage = STAGES["metadata"]
    held = runs.claim(stage)
    runs.release(runs.worker_name())
    assert statuses("metadata") == ["waiting"]
    runs.finish(stage, held)  # the worker was not dead after all, only slow
    assert statuses("metadata") == ["waiting"]
    assert statuses("thumbnails") == []


def test_a_run_that_kills_its_worker_fails_the_third_time(
    make_photo: Callable[..., Photo],
) -> None:
    photos = [make_photo() for _ in range(2)]
    start(photos)
    for expected in (2, 1, 1, 1, 1):
        assert len(runs.claim(STAGES["metadata"])) == expected
        runs.release(runs.worker_name())
    assert statuses("metadata") == ["failed", "failed"]
    assert "ended three times" in StageRun.objects.all()[0].error


def test_handing_back_does_not_count_as_an_attempt(make_photo: Callable[..., Photo]) -> None:
    start([make_photo()])
    for _ in range(runs.ATTEMPTS + 1):
        runs.claim(STAGES["metadata"])
        assert runs.hand_back(runs.worker_name()) == 1
    runs.drain()
    assert statuses("thumbnails") == ["done"]


def test_sweep_frees_the_claims_of_processes_that_are_gone(make_photo: Callable[..., Photo]) -> None:
    start([make_photo(), make_photo()])
    runs.claim(STAGES["metadata"])
    long_ago = timezone.now() - timedelta(minutes=1)
    mine, other = StageRun.objects.order_by("pk")
    StageRun.objects.filter(pk=mine.pk).update(started_at=long_ago)
    StageRun.objects.filter(pk=other.pk).update(started_at=long_ago, worker="io-1@nowhere")
    runs.sweep()
    assert statuses("metadata") == ["running", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_a_stage_is_enqueued_once_and_one_worker_does_it_all(make_photo: Callable[..., Photo], redis: Redis) -> None:
    with transaction.atomic():
        start([make_photo() for _ in range(4)])
        start([make_photo()])
        assert django_rq.get_queue("io").count == 0  # a worker must not look before the rows are there
    queue = django_rq.get_queue("io")
    assert queue.count == 1
    SimpleWorker([queue], connection=queue.connection).work(burst=True)
    assert statuses("metadata") == statuses("thumbnails") == ["done"] * 5
    assert not redis.exists(queues.asked_key("photos.pipeline.work", "metadata"))


def test_no_redis_loses_nothing(make_photo: Callable[..., Photo], monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        @staticmethod
        def set(*args: object, **options: object) -> None:
            raise ConnectionError

        connection = None

    from redis.exceptions import ConnectionError

    queue = Gone()
    queue.connection = queue  # type: ignore[assignment]
    monkeypatch.setattr(django_rq, "get_queue", lambda name, **_: queue)
    start([make_photo()])
    runs.enqueue("metadata")
    assert statuses("metadata") == ["waiting"]


def test_a_newer_version_makes_stale_and_reruns(
    make_photo: Callable[..., Photo], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    start([make_photo()])
    runs.drain()
    newer = Stage("thumbnails", STAGES["thumbnails"].function, "io", "second", after="metadata", version=2)
    assert runs.stale(newer).count() == 1
    assert runs.stale(STAGES["metadata"]).count() == 0


def test_missing_rows_are_made_where_the_stage_before_is_done(make_photo: Callable[..., Photo]) -> None:
    done, waiting = make_photo(), make_photo()
    StageRun.objects.create(photo=done, stage="metadata", status="done", version=1)
    StageRun.objects.create(photo=waiting, stage="metadata")
    assert runs.add_missing(STAGES["thumbnails"], Photo.objects.all()) == 1
    assert StageRun.objects.get(stage="thumbnails").photo == done


def test_a_process_of_this_machine_is_alive_as_long_as_it_runs() -> None:
    now = timezone.now()
    assert runs.is_alive(runs.worker_name(), now - timedelta(hours=2))
    assert not runs.is_alive(f"{os.uname().nodename}:4194305", now)  # above the kernel's highest pid


def test_a_process_elsewhere_is_believed_alive_for_an_hour() -> None:
    now = timezone.now()
    assert runs.is_alive("elsewhere:17", now - timedelta(minutes=50))
    assert not runs.is_alive("elsewhere:17", now - timedelta(minutes=70))


def test_stages_of_a_queue_look_at_the_same_pictures_in_one_go(make_photo: Callable[..., Photo], lookers: None) -> None:
    start([make_photo() for _ in range(3)])
    newest = list(Photo.objects.order_by("-pk").values_list("pk", flat=True)[:2])
    assert runs.work("fingerprint") == 6
    assert [sorted(some, reverse=True) for some in calls] == [newest] * 3
    assert statuses("sketch") == ["done", "done"]
    assert sorted(statuses("faces")) == ["done", "done", "waiting"]
    assert set(statuses("text")) == set(statuses("other")) == {"waiting"}


def test_a_row_that_failed_before_is_not_done_in_the_company_of_others(
    make_photo: Callable[..., Photo], lookers: None
) -> None:
    first, second = make_photo(), make_photo()
    start([first, second])
    StageRun.objects.filter(stage="faces", photo=first).update(attempts=1)
    runs.work("fingerprint")
    assert statuses("faces") == ["waiting", "done"]
    runs.work("faces")
    assert calls[-1] == [first.pk]
