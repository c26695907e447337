"""What somebody at a terminal sees of long work."""

import os
import signal
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from rich.console import Console
from rich.progress import Progress

from photos import pipeline
from photos.management.terminal import RateColumn, show_left

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
