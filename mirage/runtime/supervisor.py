"""Keeps a group of child processes running: starts and restarts them, logs their output, and stops them all.

Each child leads its own process group, so that Ctrl-C in the terminal reaches only the supervisor, and everything that
the child has started ends with it. On Linux, the kernel ends the children with the supervisor.
"""

import contextlib
import os
import re
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from logging import INFO, LogRecord
from pathlib import Path
from types import FrameType
from typing import IO

from redis.exceptions import RedisError

from mirage.runtime.doorbell import RESTING, Doorbell
from mirage.runtime.logging import AgeingFile, readable
from mirage.runtime.processes import die_with_parent

LOG_BYTES, LOG_DAYS = 5_000_000, 14
LONGEST_LINE = 1_000_000  # bytes; longer lines are split
FIRST_DELAY, LONGEST_DELAY = 0.25, 30.0  # seconds before a dead child is restarted; doubles each time
HEALTHY_AFTER = 30.0  # seconds after which a child's earlier deaths are forgotten
IMPORTANT = re.compile(r"\b(ERROR|CRITICAL)\b")
IMPORTANT_PER_MINUTE = 5  # lines of each child that are shown on the console; its log has them all


class Stopped(Exception):
    """The supervisor received SIGINT or SIGTERM."""


@dataclass(frozen=True)
class Program:
    """How to start and stop a child."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    pass_fds: tuple[int, ...] = ()
    once: bool = False  # not restarted when it ends
    on_terminal: bool = False  # writes to our own output instead of a log
    last: bool = False  # stopped after the others, which need it
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGKILL  # sent when the supervisor is killed
    patience: float = 10.0  # seconds from the stop signal to SIGKILL
    doorbell: Callable[[], Doorbell] | None = None  # starts it again when it has ended with RESTING


class Child:
    """A program and its process while it runs."""

    def __init__(self, program: Program, log: Path, log_bytes: int = LOG_BYTES, log_days: int = LOG_DAYS) -> None:
        self.program = program
        self.log_path, self.log_bytes, self.log_days = log, log_bytes, log_days
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.restart_at: float | None = None
        self.deaths = 0
        self.doorbell: Doorbell | None = None  # while it rests
        self._log: AgeingFile | None = None
        self._rest = b""
        self._echoed: list[float] = []

    def start(self) -> None:
        """Start the process. Unless it writes to the terminal, its output is in `process.stdout`."""
        piped = None if self.program.on_terminal else subprocess.PIPE
        self.process = subprocess.Popen(
            self.program.command,
            env={**os.environ, "MIRAGE_PROCESS": self.program.name, **self.program.environment},
            stdin=subprocess.DEVNULL,
            stdout=piped,
            stderr=None if self.program.on_terminal else subprocess.STDOUT,
            pass_fds=self.program.pass_fds,
            process_group=0,
            preexec_fn=die_with_parent(self.program.death_signal),
        )
        self.started_at, self.restart_at = time.monotonic(), None

    def take(self, piece: bytes) -> list[str]:
        """Log what the child has written; an empty piece means its end. Returns the lines worth showing."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if not piece or len(self._rest) > LONGEST_LINE:
            lines, self._rest = [*lines, self._rest], b""
        texts = [line.decode(errors="replace") for line in lines if line]
        for text in texts:
            self._write(text)
        return [text for text in texts if IMPORTANT.search(text) and self._may_show()]

    def signal(self, number: int) -> None:
        """Send the process a signal; it may already have ended."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, number)

    def kill(self) -> None:
        """SIGKILL the process and everything in its group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def reap(self) -> int | None:
        """The process's exit status if it has ended, otherwise None. Kills the rest of its group."""
        if self.process is None:
            return None
        if os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return None
        self.kill()  # before the pid is free, so that the group cannot belong to another process
        status = self.process.wait()
        self.process = None
        return status

    def _write(self, text: str) -> None:
        if self._log is None:
            self.log_path.parent.mkdir(parents=True, exist_ok=True)
            self._log = AgeingFile(self.log_path, self.log_bytes, self.log_days)
        self._log.emit(LogRecord(self.program.name, INFO, "", 0, text, None, None))

    def _may_show(self) -> bool:
        now = time.monotonic()
        self._echoed = [at for at in self._echoed if now - at < 60]
        if len(self._echoed) >= IMPORTANT_PER_MINUTE:
            return False
        self._echoed.append(now)
        return True


class Supervisor:
    """Runs programs until it is told to stop. It is a context manager that stops all children at its end."""

    def __init__(
        self,
        logs: Path,
        say: Callable[[str], None] = print,
        *,
        log_bytes: int = LOG_BYTES,
        log_days: int = LOG_DAYS,
    ) -> None:
        """`logs` is the folder for the children's output; `say` prints a line on the console."""
        self.logs, self.log_bytes, self.log_days = logs, log_bytes, log_days
        self.say = say
        self.children: dict[str, Child] = {}
        self.statuses: dict[str, int] = {}  # of programs that ran once
        self._selector = selectors.DefaultSelector()
        self._stop_asked = 0

    def __enter__(self) -> "Supervisor":
        self._wake, self._woken = socket.socketpair()
        for end in (self._wake, self._woken):
            end.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._old_wakeup = signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        self._old_handlers = {
            number: signal.signal(number, self._on_signal)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN  # ignored under nohup
        }
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        for key in list(self._selector.get_map().values()):
            if key.data is not None:
                self._read(*key.data)
                key.data[1].close()
        signal.set_wakeup_fd(self._old_wakeup)
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        self._selector.close()
        self._wake.close()
        self._woken.close()

    def start(self, program: Program) -> Child:
        """Start a child. If it runs `once`, its exit status will be in `statuses`."""
        child = self.children[program.name] = Child(
            program, self.logs / f"{program.name}.log", self.log_bytes, self.log_days
        )
        self._launch(child)
        return child

    def wait_for(self, condition: Callable[[], bool], seconds: float = float("inf")) -> bool:
        """Keep the children running until the condition holds (True) or time is up (False). Raises Stopped."""
        deadline = time.monotonic() + seconds
        while True:
            if self._stop_asked:
                raise Stopped
            if condition():
                return True
            if time.monotonic() >= deadline:
                return False
            self._turn(min([0.05 if seconds != float("inf") else 1.0, *self._delays()]))

    def watch(self, file: socket.socket) -> None:
        """Wake up when this socket is readable, until `forget`."""
        self._selector.register(file, selectors.EVENT_READ)

    def forget(self, file: socket.socket) -> None:
        """No longer wake up for this socket."""
        self._selector.unregister(file)

    def stop(self) -> None:
        """Stop all children, and those that others need last. A second Ctrl-C kills them."""
        asked = self._stop_asked
        for last in (False, True):
            group = [child for child in self.children.values() if child.program.last == last]
            for child in group:
                child.restart_at = None
                self._take_down(child)
                child.signal(child.program.stop_signal)
            begun = time.monotonic()
            while waited := [child for child in group if child.process is not None]:
                for child in waited:
                    if time.monotonic() - begun > child.program.patience or self._stop_asked > asked:
                        child.kill()
                self._turn(0.05, restart=False)

    def _delays(self) -> list[float]:
        now = time.monotonic()
        return [max(0.0, child.restart_at - now) for child in self.children.values() if child.restart_at is not None]

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self._stop_asked += 1

    def _turn(self, seconds: float, restart: bool = True) -> None:
        """Read output, notice children that have ended, and restart those whose delay is over."""
        for key, _events in self._selector.select(seconds):
            if key.fileobj is self._woken:
                with contextlib.suppress(BlockingIOError):
                    self._woken.recv(4096)
            elif key.data is not None:
                self._read(*key.data)
        now = time.monotonic()
        for child in list(self.children.values()):
            if child.doorbell is not None and child.doorbell.rang():
                self._take_down(child)
                child.restart_at = now
            if (status := child.reap()) is not None:
                self._ended(child, status, restart)
            if restart and child.restart_at is not None and child.restart_at <= now:
                self._launch(child)

    def _launch(self, child: Child) -> None:
        child.start()
        assert child.process is not None
        if child.process.stdout is not None:
            os.set_blocking(child.process.stdout.fileno(), False)
            self._selector.register(child.process.stdout, selectors.EVENT_READ, (child, child.process.stdout))

    def _read(self, child: Child, output: IO[bytes]) -> None:
        """Read a child's output. Its pipe stays open after its end until it is empty."""
        try:
            piece = os.read(output.fileno(), 65536)
        except BlockingIOError:
            return
        for line in child.take(piece):
            self.say(f"{child.program.name}: {readable(line)}")
        if not piece:
            self._selector.unregister(output)
            output.close()

    def _ended(self, child: Child, status: int, restart: bool) -> None:
        """Decide whether and when to restart a child that has ended."""
        program = child.program
        if program.once:
            self.statuses[program.name] = status
            del self.children[program.name]
            return
        if not restart:
            return
        if status == RESTING and program.doorbell is not None:
            self._let_rest(child, program.doorbell)
            return
        lived = time.monotonic() - child.started_at
        if status == 0 and lived > FIRST_DELAY:  # it ended by itself, like a worker after its jobs
            child.restart_at = time.monotonic()
            return
        child.deaths = 1 if lived > HEALTHY_AFTER else child.deaths + 1
        delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (child.deaths - 1))
        child.restart_at = time.monotonic() + delay
        self.say(f"{program.name} {describe(status)}; starting it again in {delay:g} s. Its log: {child.log_path}")

    def _let_rest(self, child: Child, doorbell: Callable[[], Doorbell]) -> None:
        """Start it when there is a job, or at once if Redis cannot be asked."""
        try:
            child.doorbell = doorbell()
        except (RedisError, OSError):
            child.restart_at = time.monotonic()
            return
        for number in child.doorbell.filenos():
            self._selector.register(number, selectors.EVENT_READ)

    def _take_down(self, child: Child) -> None:
        if child.doorbell is not None:
            for number in child.doorbell.filenos():
                self._selector.unregister(number)
            child.doorbell.close()
            child.doorbell = None


def describe(status: int) -> str:
    """An exit status of subprocess in words."""
    if status >= 0:
        return f"ended with status {status}"
    with contextlib.suppress(ValueError):
        return f"was ended by {signal.Signals(-status).name}"
    return f"was ended by signal {-status}"
