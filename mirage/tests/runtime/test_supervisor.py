import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NoConnection
from rq import Queue

from mirage.runtime import doorbell
from mirage.runtime.supervisor import IMPORTANT_PER_MINUTE, Child, Program, Stopped, Supervisor, describe


def python(name: str, script: str, **options: object) -> Program:
    return Program(name, [sys.executable, "-uc", textwrap.dedent(script)], **options)  # type: ignore[arg-type]


SLEEPER = "import time; print('up'); time.sleep(60)"


@pytest.fixture
def console() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, console: list[str]) -> Iterator[Supervisor]:
    with Supervisor(tmp_path / "logs", console.append) as supervisor:
        yield supervisor


def pid_of(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path(f"/proc/{pid}/stat").exists() or Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def test_output_is_logged_and_errors_are_shown_on_the_console(supervisor: Supervisor, console: list[str]) -> None:
    supervisor.start(python("io-1", "print('quiet'); print('ERROR: loud'); print('tail', end='')", once=True))
    assert supervisor.wait_for(lambda: "io-1" in supervisor.statuses, 10)
    supervisor.wait_for(lambda: "tail" in (supervisor.logs / "io-1.log").read_text(), 5)
    assert (supervisor.logs / "io-1.log").read_text() == "quiet\nERROR: loud\ntail\n"
    assert console == ["io-1: ERROR: loud"]


def test_a_flood_of_errors_does_not_flood_the_console(supervisor: Supervisor, console: list[str]) -> None:
    supervisor.start(python("io-1", "for n in range(100): print('ERROR', n)", once=True))
    log = supervisor.logs / "io-1.log"
    assert supervisor.wait_for(lambda: log.exists() and "ERROR 99" in log.read_text(), 10)
    assert len(console) == IMPORTANT_PER_MINUTE


def test_a_killed_child_is_restarted(supervisor: Supervisor, console: list[str]) -> None:
    child = supervisor.start(python("io-1", SLEEPER))
    first = pid_of(child)
    os.kill(first, signal.SIGKILL)
    assert supervisor.wait_for(lambda: child.process is not None and child.process.pid != first, 10)
    assert "io-1 was ended by SIGKILL; starting it again in 0.25 s" in console[0]


def test_a_child_that_keeps_dying_is_restarted_more_and_more_slowly(supervisor: Supervisor, console: list[str]) -> None:
    child = supervisor.start(python("io-1", "raise SystemExit(3)"))
    assert supervisor.wait_for(lambda: child.deaths >= 3, 20)
    assert ["0.25 s" in console[0], "0.5 s" in console[1], "1 s" in console[2]] == [True] * 3
    assert "ended with status 3" in console[0]


def test_a_child_that_ends_by_itself_is_restarted_silently(supervisor: Supervisor, console: list[str]) -> None:
    child = supervisor.start(python("io-1", "import time; time.sleep(0.4)"))
    first = pid_of(child)
    assert supervisor.wait_for(lambda: child.process is not None and child.process.pid != first, 10)
    assert console == []


def test_a_child_that_rests_starts_when_its_bell_rings(
    supervisor: Supervisor, console: list[str], redis: Redis
) -> None:
    bell = partial(doorbell.Doorbell, "ml-1@here", ("ml",), redis)
    child = supervisor.start(python("ml-1", f"print('up'); raise SystemExit({doorbell.RESTING})", doorbell=bell))
    assert supervisor.wait_for(lambda: child.doorbell is not None, 10)
    assert not supervisor.wait_for(lambda: child.process is not None, 1)
    assert child.log_path.read_text() == "up\n"
    Queue("ml", connection=redis).enqueue("time.sleep", 0)
    assert supervisor.wait_for(lambda: child.log_path.read_text().startswith("up\nup\n"), 10)
    assert console == []


def test_a_bell_whose_connection_redis_has_reset_rings_and_is_taken_down(
    supervisor: Supervisor, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell = partial(doorbell.Doorbell, "ml-1@here", ("ml",), redis)
    child = supervisor.start(python("ml-1", f"print('up'); raise SystemExit({doorbell.RESTING})", doorbell=bell))
    assert supervisor.wait_for(lambda: child.doorbell is not None, 10)
    assert child.doorbell is not None
    (connection,) = child.doorbell._connections

    def reset(timeout: float) -> bool:
        raise ConnectionResetError

    monkeypatch.setattr(connection._parser, "can_read", reset)  # the connection then lets go of its socket
    assert supervisor.wait_for(lambda: child.log_path.read_text().startswith("up\nup\n"), 10)


def test_stopping_takes_the_bell_down(tmp_path: Path, redis: Redis) -> None:
    bell = partial(doorbell.Doorbell, "ml-1@here", ("ml",), redis)
    with Supervisor(tmp_path / "logs", print) as supervisor:
        child = supervisor.start(python("ml-1", f"raise SystemExit({doorbell.RESTING})", doorbell=bell))
        assert supervisor.wait_for(lambda: child.doorbell is not None, 10)
        assert doorbell.resting(redis) == {"ml-1@here": {"ml"}}
    assert doorbell.resting(redis) == {}


def test_without_redis_nobody_rests(supervisor: Supervisor) -> None:
    def bell() -> doorbell.Doorbell:
        raise NoConnection

    child = supervisor.start(python("ml-1", f"print('up'); raise SystemExit({doorbell.RESTING})", doorbell=bell))
    assert supervisor.wait_for(lambda: child.log_path.exists() and "up\nup" in child.log_path.read_text(), 10)


def test_processes_of_a_dead_child_are_killed(supervisor: Supervisor, tmp_path: Path) -> None:
    script = f"""
        import subprocess, sys, time
        with open({str(tmp_path / "grandchild")!r}, "w") as file:
            file.write(str(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid))
        time.sleep(60)
    """
    child = supervisor.start(python("web", script))
    note = tmp_path / "grandchild"
    assert supervisor.wait_for(lambda: note.exists() and note.read_text() != "", 10)
    os.kill(pid_of(child), signal.SIGKILL)
    supervisor.wait_for(lambda: child.deaths == 1, 10)
    until(lambda: not is_running(int(note.read_text())))


def test_the_child_that_others_need_is_stopped_last(tmp_path: Path) -> None:
    script = f"""
        import signal, sys, time
        def end(*_):
            time.sleep(float(sys.argv[2])); open({str(tmp_path / "order")!r}, "a").write(sys.argv[1] + " "); sys.exit()
        signal.signal(signal.SIGTERM, end)
        open({str(tmp_path)!r} + "/" + sys.argv[1], "w")
        time.sleep(60)
    """
    script = textwrap.dedent(script)
    with Supervisor(tmp_path / "logs", lambda line: None) as supervisor:
        supervisor.start(Program("redis", [sys.executable, "-c", script, "redis", "0"], last=True))
        supervisor.start(Program("io-1", [sys.executable, "-c", script, "io-1", "0.3"]))
        assert supervisor.wait_for(lambda: (tmp_path / "redis").exists() and (tmp_path / "io-1").exists(), 10)
    assert (tmp_path / "order").read_text() == "io-1 redis "


def test_a_child_that_will_not_stop_is_killed(tmp_path: Path) -> None:
    script = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(60)"
    with Supervisor(tmp_path, lambda line: None) as supervisor:
        child = supervisor.start(python("io-1", script, patience=0.2))
        assert supervisor.wait_for(lambda: (tmp_path / "io-1.log").exists(), 10)
    assert child.process is None


def test_waiting_ends_when_a_signal_comes(supervisor: Supervisor) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(Stopped):
        supervisor.wait_for(lambda: False, 5)


def test_killing_the_supervisor_leaves_nothing_running(tmp_path: Path) -> None:
    script = f"""
        import pathlib, sys
        from mirage.runtime.supervisor import Program, Supervisor
        with Supervisor(pathlib.Path({str(tmp_path)!r})) as supervisor:
            child = supervisor.start(Program("io-1", [sys.executable, "-c", "import time; time.sleep(60)"]))
            print(child.process.pid, flush=True)
            supervisor.wait_for(lambda: False)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_running(child)
        parent.kill()
    until(lambda: not is_running(child))


@pytest.mark.parametrize(
    ("status", "words"), [(2, "ended with status 2"), (-9, "was ended by SIGKILL"), (-200, "was ended by signal 200")]
)
def test_describes_how_a_process_ended(status: int, words: str) -> None:
    assert describe(status) == words
