"""Sandbox: what goes wrong in the child stays there and comes back as words."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from media import sandbox as sandbox_module
from media.mediatypes import MediaType
from media.sandbox import CRASHED, TOO_LARGE, TOO_SLOW, Sandbox, SandboxedError, UnreadableFile

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


def test_result_comes_back_and_the_child_stays(sandbox):
    assert sandbox.call("operator:add", 2, 3) == 5
    assert sandbox.call("os:getpid") == sandbox.call("os:getpid") != os.getpid()


def test_results_may_be_our_dataclasses_and_plain_types(sandbox, tmp_path):
    picture = tmp_path / "x.gif"
    picture.write_bytes(b"GIF89a")
    assert sandbox.call("media.mediatypes:identify", picture) == MediaType("image/gif", "photo", ".gif")
    assert sandbox.call("builtins:dict", at=datetime(2024, 1, 1, tzinfo=UTC), where=picture)["where"] == picture


@pytest.mark.parametrize(
    ("function", "args"), [("subprocess:CompletedProcess", ([], 0)), ("types:SimpleNamespace", ())]
)
def test_other_classes_are_refused(sandbox, function, args):
    with pytest.raises(Exception, match="may not come out of the sandbox"):
        sandbox.call(function, *args)
    assert sandbox.call("operator:add", 1, 1) == 2


def test_call_that_takes_too_long_is_killed_and_the_next_one_served(sandbox):
    with pytest.raises(UnreadableFile, match=TOO_SLOW):
        sandbox.call("time:sleep", 60, seconds=0.2)
    assert sandbox.call("operator:add", 1, 1) == 2


def test_call_stuck_in_a_signal_free_loop_is_killed(sandbox):
    with pytest.raises(UnreadableFile, match=TOO_SLOW):
        sandbox.call("builtins:sum", range(10**12), seconds=0.2)


def test_crash_of_the_decoder(sandbox):
    with pytest.raises(UnreadableFile, match=CRASHED):
        sandbox.call("ctypes:string_at", 0)
    assert sandbox.call("operator:add", 1, 1) == 2


def test_too_much_memory():
    with Sandbox(memory=1 << 30) as small:
        with pytest.raises(UnreadableFile, match=TOO_LARGE):
            small.call("builtins:bytearray", 2 << 30)
        assert small.call("builtins:len", b"x") == 1


def test_sigkill_from_outside_does_not_condemn_the_file(sandbox):
    victim = sandbox.call("os:getpid")
    timer = threading.Timer(0.3, os.kill, (victim, signal.SIGKILL))
    timer.start()
    assert sandbox.call("time:sleep", 0.8) is None
    assert sandbox.call("os:getpid") != victim


def test_sigkill_again_and_again_does(sandbox):
    with pytest.raises(UnreadableFile, match=TOO_LARGE):
        sandbox.call("signal:raise_signal", signal.SIGKILL)


def test_child_that_died_idle_is_replaced(sandbox):
    os.kill(sandbox.call("os:getpid"), signal.SIGKILL)
    assert sandbox.call("operator:add", 1, 1) == 2


def test_unreadable_file_keeps_its_words(sandbox, tmp_path):
    broken = tmp_path / "x.png"
    broken.write_bytes(b"")
    with pytest.raises(UnreadableFile, match="empty"):
        sandbox.call("media.thumbnails:render", broken, "image/png", tmp_path / "out")


def test_other_exceptions_come_back_named_with_their_traceback(sandbox):
    with pytest.raises(SandboxedError, match="ValueError: invalid literal") as caught:
        sandbox.call("builtins:int", "x")
    assert "sandbox_child.py" in caught.value.traceback


def test_result_that_cannot_travel(sandbox):
    with pytest.raises(SandboxedError, match="pickle"):
        sandbox.call("threading:Lock")


def test_child_is_replaced_after_its_share_of_calls():
    with Sandbox(calls=2) as sandbox:
        pids = [sandbox.call("os:getpid") for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_child_knows_no_secret_and_holds_no_file_of_ours(monkeypatch, tmp_path):
    monkeypatch.setenv("DJANGO_SECRET", "x")
    with (tmp_path / "open").open("w") as file, Sandbox() as sandbox:
        assert sandbox.call("os:getenv", "DJANGO_SECRET") is None
        folder = Path(f"/proc/{sandbox.call('os:getpid')}/fd")
        held = [os.readlink(link) for link in folder.iterdir()]
    assert file.name not in held
    assert len([link for link in held if link.startswith("pipe:")]) == 3
    assert not [link for link in held if link.startswith("socket:")]


def test_threads_share_one_child_safely(sandbox):
    results: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: results.extend(sandbox.call("operator:mul", n, i) for i in range(50)))
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == sorted(n * i for n in range(4) for i in range(50))


def test_child_outlives_the_thread_that_started_it():
    with Sandbox() as sandbox:
        pids: list[int] = []
        thread = threading.Thread(target=lambda: pids.append(sandbox.call("os:getpid")))
        thread.start()
        thread.join()
        assert sandbox.call("os:getpid") == pids[0]


def test_forked_process_gets_its_own():
    mine = sandbox_module.shared().call("os:getpid")
    read, write = os.pipe()
    if os.fork() == 0:
        os.write(write, str(sandbox_module.shared().call("os:getpid")).encode())
        sandbox_module.shared().close()
        os._exit(0)
    os.wait()
    assert int(os.read(read, 32)) != mine
    assert sandbox_module.shared().call("os:getpid") == mine
    os.close(read)
    os.close(write)


@pytest.mark.parametrize("busy", ["time:sleep', 60", "builtins:sum', range(10**12)"])
def test_child_dies_with_its_parent_even_in_the_middle_of_a_call(busy):
    code = f"""
from media.sandbox import Sandbox
sandbox = Sandbox()
print(sandbox.call("os:getpid"), flush=True)
sandbox.call('{busy})
"""
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert _gone(child)


def _gone(pid: int) -> bool:
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False
