"""Activity: counts, rates and words, for the administrator and for everybody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as NoRedis
from rq import Worker

from accounts.models import User
from mirage.testing.html import folded
from photos.ingest import uploads
from photos.ingest.uploads import Announcement
from photos.models import Photo, StageRun
from photos.pipeline import all_stages, progress
from photos.pipeline.progress import StageProgress
from photos.templatetags.progress import in_bytes, in_words, per_minute, percent_of

Maker = Callable[..., Photo]


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def make_run(make_photo: Maker) -> Callable[..., StageRun]:
    def make(status: str, stage: str = "thumbnails", *, ago: float = 0, **photo: Any) -> StageRun:
        finished = timezone.now() - timedelta(seconds=ago) if status == "done" else None
        return StageRun.objects.create(photo=make_photo(**photo), stage=stage, status=status, finished_at=finished)

    return make


def thumbnails(owner: User | None = None) -> StageProgress:
    cache.clear()
    return next(stage for stage in progress.stages(owner) if stage.stage.name == "thumbnails")


def page(client: Client, address: str = "/activity/") -> str:
    return folded(client.get(address))


# --- counting ---------------------------------------------------------------------------------------------------------


def test_counts_by_status(owner: User, make_run: Callable[..., StageRun]) -> None:
    for status, count in (("waiting", 4), ("running", 1), ("done", 3), ("failed", 2)):
        for _ in range(count):
            make_run(status)
    make_run("waiting", "metadata")
    counted = thumbnails()
    assert (counted.waiting, counted.running, counted.done, counted.failed) == (4, 1, 3, 2)
    assert (counted.left, counted.total) == (5, 10)


def test_everybody_counts_only_his_own(owner: User, stranger: User, make_run: Callable[..., StageRun]) -> None:
    make_run("waiting")
    make_run("waiting", owner=stranger)
    assert [thumbnails(user).waiting for user in (owner, stranger, None)] == [1, 1, 2]


def test_rate_and_time_left(owner: User, make_run: Callable[..., StageRun]) -> None:
    for ago in (120, 90, 60, 30):
        make_run("done", ago=ago)
    make_run("done", ago=400)  # long ago
    for _ in range(6):
        make_run("waiting")
    counted = thumbnails()
    assert counted.per_minute == pytest.approx(2, rel=0.05)  # four since two minutes ago
    assert counted.seconds_left == pytest.approx(180, rel=0.05)


def test_no_rate_without_work(owner: User, make_run: Callable[..., StageRun]) -> None:
    make_run("waiting")
    assert (thumbnails().per_minute, thumbnails().seconds_left) == (None, None)


def test_costly_counts_are_kept_for_a_while(
    owner: User, make_run: Callable[..., StageRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "COST_SHARE", 1e6)
    make_run("waiting")
    before = progress.stages()
    make_run("waiting")
    assert progress.stages() == before


def test_counting_takes_the_same_queries_however_many(
    owner: User, stranger: User, make_run: Callable[..., StageRun], django_assert_num_queries: Any
) -> None:
    make_run("waiting", owner=stranger)
    queries = 2 + 1 + 1 + len(all_stages())  # two counts, the others and their photos, a rate for each stage
    for _ in range(2):
        for status in ("waiting", "running", "done", "failed"):
            make_run(status)
        cache.clear()
        with django_assert_num_queries(queries):
            progress.stages(owner)


# --- workers ----------------------------------------------------------------------------------------------------------


def test_workers_that_are_there(redis: Any) -> None:
    worker = Worker(["io"], name="one", connection=redis)
    worker.register_birth()
    found = progress.workforce()
    assert (found.reachable, found.workers, found.busy) == (True, 1, 0)
    assert {stage.queue for stage in found.unattended} == {stage.queue for stage in all_stages()} - {"io"}


def test_page_says_that_no_worker_runs(client: Client, owner: User) -> None:
    client.force_login(owner)
    assert "No worker is running" in page(client)


def test_page_says_that_redis_is_gone(client: Client, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*args: Any, **kwargs: Any) -> None:
        raise NoRedis

    monkeypatch.setattr(Worker, "all", unreachable)
    client.force_login(owner)
    assert "Redis does not answer" in page(client)


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def worker(redis: Any) -> None:
    Worker(["io", "video", "ml", "index", "idle"], name="one", connection=redis).register_birth()


def test_page_while_working(client: Client, owner: User, worker: None, make_run: Callable[..., StageRun]) -> None:
    make_run("waiting")
    make_run("failed")
    client.force_login(owner)
    shown = page(client)
    assert "Working on your photos" in shown
    assert "Making thumbnails" in shown
    assert 'hx-trigger="every 2s"' in shown
    assert '<a href="/attention/">1</a>' in shown


def test_page_at_rest(client: Client, owner: User, worker: None) -> None:
    client.force_login(owner)
    shown = page(client)
    assert "Everything is done" in shown
    assert 'hx-trigger="every 10s"' in shown


def test_page_lists_uploads(client: Client, owner: User, stranger: User) -> None:
    uploads.create(owner, Announcement("mine.jpg", 10))
    uploads.create(stranger, Announcement("theirs.jpg", 10))
    client.force_login(owner)
    shown = page(client)
    assert "mine.jpg" in shown
    assert "theirs.jpg" not in shown


def test_administrator_sees_all_or_himself(client: Client, admin_user: User, make_run: Callable) -> None:
    make_run("waiting")
    client.force_login(admin_user)
    assert "<dt>Waiting</dt><dd>1</dd>" in page(client)
    cache.clear()
    assert "<dt>Waiting</dt><dd>1</dd>" not in page(client, "/activity/?whose=mine")


def test_others_cannot_ask_for_everybody(client: Client, stranger: User, make_run: Callable) -> None:
    make_run("waiting")
    client.force_login(stranger)
    assert "<dt>Waiting</dt><dd>1</dd>" not in page(client, "/activity/?whose=all")


def test_fragment_asks_for_itself_again(client: Client, owner: User) -> None:
    client.force_login(owner)
    response = client.get("/activity/?whose=mine", headers={"HX-Request": "true"})
    assert folded(response).startswith('<div class="page" id="activity"')
    assert 'hx-get="/activity/?whose=mine"' in response.content.decode()
    assert "HX-Request" in response.headers["Vary"]


def test_anonymous_and_bad_method(client: Client, owner: User) -> None:
    assert client.get("/activity/").status_code == 302
    client.force_login(owner)
    assert client.post("/activity/").status_code == 405


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""), (0, "less than a minute"), (59, "less than a minute"), (61, "1 minute"), (150, "2 minutes"),
        (3600, "60 minutes"), (5400, "2 hours"), (86_400, "24 hours"), (200_000, "2 days"),
    ],
)  # fmt: skip
def test_time_in_words(seconds: float | None, words: str) -> None:
    assert in_words(seconds) == words


def test_rate_and_share() -> None:
    assert [per_minute(rate) for rate in (None, 0.2, 7.4, 1234.5)] == ["", "under 1", "7", "1,234"]
    assert [percent_of(part, whole) for part, whole in ((0, 0), (999, 1000), (1000, 1000), (1, 3))] == [
        100,
        99,
        100,
        33,
    ]


def test_sizes() -> None:
    sizes = (0, 999, 1000, 1_234_567, 123_456_789, 48_000_000_000)
    assert [in_bytes(size) for size in sizes] == ["0 bytes", "999 bytes", "1 kB", "1.2 MB", "123 MB", "48.0 GB"]
