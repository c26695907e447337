"""The processes of an installation: who rests, and who is always there."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as configured
from django_rq import get_connection
from pytest_django import Settings

from mirage.runtime import doorbell, programs
from mirage.runtime.supervisor import Supervisor
from photos.pipeline import all_stages


def test_all_workers_rest_but_the_one_that_uploads_wait_for(settings: Settings) -> None:
    settings.MIRAGE_IO_WORKERS = 2
    found = programs.workers({stage.queue for stage in all_stages()})
    assert [program.name for program in found] == ["io-1", "io-2", "ml-1", "index-1"]
    assert [program.doorbell is not None for program in found] == [False, True, True, True]
    assert ["--rest" in program.command for program in found] == [False, True, True, True]
    assert ["--afresh" in program.command for program in found] == [True, False, False, False]


def test_every_queue_has_a_worker_that_is_there_or_rings(settings: Settings) -> None:
    wanted = {stage.queue for stage in all_stages()}
    found = programs.workers(wanted)
    worked = {queue for program in found for queue in program.command[program.command.index("--queues") + 1].split(",")}
    assert wanted <= worked


@pytest.mark.django_db
def test_a_resting_worker_listens_under_the_name_that_it_works_under() -> None:
    program = programs.worker("ml-1", ("video", "ml"), rests=True)
    assert program.doorbell is not None
    bell = program.doorbell()
    try:
        (name,) = doorbell.resting(get_connection("io"))
        assert name == bell.name
        assert name.startswith("ml-1@")
    finally:
        bell.close()


def test_an_upgrade_ends_when_mirage_is_stopped_in_the_middle_of_it(tmp_path: Path) -> None:
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    touch = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch()"
    script = f"{touch}; time.sleep(1); pathlib.Path(sys.argv[2]).touch()"
    upgrade = replace(programs.prepare_database(), command=[sys.executable, "-c", script, str(begun), str(ended)])
    with Supervisor(tmp_path / "logs") as supervisor:
        supervisor.start(upgrade)
        assert supervisor.wait_for(begun.exists, 60)
        supervisor.stop()
        assert supervisor.statuses == {"database": 0}
    assert ended.exists()


def test_systemd_tells_only_the_supervisor_to_stop() -> None:
    """Otherwise it sends SIGTERM to every process, and so to an upgrade of the database."""
    unit = Path(configured.BASE_DIR, "deploy/systemd/mirage.service").read_text().splitlines()
    assert "KillMode=mixed" in unit
