"""What somebody at a terminal sees of long work."""

import io
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db.models import QuerySet
from rich.console import Console
from rich.progress import Progress

from accounts.models import User
from photos import pipeline
from photos.ingest import in_use
from photos.management.commands import use_folder
from photos.management.terminal import RateColumn, show_left
from photos.models import StageRun

STOPS = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture
def own_handlers() -> Iterator[None]:
    kept = [signal.getsignal(number) for number in STOPS]
    yield
    for number, handler in zip(STOPS, kept, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize("number", STOPS)
def test_work_that_is_stopped_ends_without_a_word(
    monkeypatch: pytest.MonkeyPatch, own_handlers: None, number: signal.Signals
) -> None:
    handed_back: list[str] = []
    monkeypatch.setattr(pipeline, "drain", lambda: os.kill(os.getpid(), number))
    monkeypatch.setattr(pipeline, "hand_back", handed_back.append)
    with pytest.raises(SystemExit) as stopped:
        call_command("drain")
    assert stopped.value.code == 128 + number
    assert handed_back == [pipeline.worker_name()]


def test_the_rate_is_of_all_the_time_even_when_work_is_added() -> None:
    now = 0.0
    with Progress(get_time=lambda: now, console=Console(stderr=True, quiet=True)) as progress:
        bar = progress.add_task("Finding faces", total=10)
        for now, left in ((10.0, 5), (10.1, 20), (20.0, 1), (25.0, 0)):  # noqa: B007
            show_left(progress, bar, left)
        assert (progress.tasks[0].completed, progress.tasks[0].total) == (25, 25)
        assert str(RateColumn().render(progress.tasks[0])) == "1.0/s"
        now = 100.0
        assert str(RateColumn().render(progress.tasks[0])) == "1.0/s"


@pytest.mark.parametrize(("outcome", "told"), [("failed", ["Needs attention: 1"]), ("done", [])])
def test_use_folder_says_how_many_need_attention(
    owner: User, make_picture: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, outcome: str, told: list[str]
) -> None:
    def read(_seconds: float) -> None:
        if folder := in_use.take():
            in_use.read(folder)

    def prepare(_progress: Progress, _label: str, runs: QuerySet[StageRun]) -> None:
        runs.filter(stage="metadata").update(status=outcome)

    monkeypatch.setattr(use_folder, "time", SimpleNamespace(sleep=read))
    monkeypatch.setattr(use_folder, "run_to_end", prepare)
    out = io.StringIO()
    call_command("use_folder", str(make_picture("a.jpg").parent), owner="anna", stdout=out)
    counts, *lines, watching = out.getvalue().splitlines()
    assert (counts, lines) == ("1 photos, 1 of them new; 0 files failed", told)
    assert watching.startswith("Watching ")
