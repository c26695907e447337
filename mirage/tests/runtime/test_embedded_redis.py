import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from redis import Redis

from mirage.runtime import embedded_redis


def test_socket_lies_in_the_data_folder(tmp_path: Path) -> None:
    assert embedded_redis.socket_path(Path("/srv/photos")) == Path("/srv/photos/redis/redis.sock")
    assert embedded_redis.url(Path("/srv/photos")) == "unix:///srv/photos/redis/redis.sock"


def test_long_data_folder_still_gets_a_socket_that_binds(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 20) / ("name" * 20)
    other = data.with_name("other")
    assert len(os.fsencode(embedded_redis.socket_path(data))) <= embedded_redis.SOCKET_PATH_LIMIT
    assert embedded_redis.socket_path(data) != embedded_redis.socket_path(other)
    with embedded_redis.running(data) as address, Redis.from_url(address) as connection:
        assert connection.ping()
    embedded_redis.socket_path(data).parent.rmdir()


def test_data_survives_a_restart(tmp_path: Path) -> None:
    with embedded_redis.running(tmp_path) as address, Redis.from_url(address) as connection:
        assert connection.config_get("appendfsync") == {"appendfsync": "everysec"}
        connection.rpush("jobs", "one", "two")
    assert not embedded_redis.answers(tmp_path)
    with embedded_redis.running(tmp_path) as address, Redis.from_url(address) as connection:
        assert connection.lrange("jobs", 0, -1) == [b"one", b"two"]


def test_one_server_for_one_data_folder(tmp_path: Path) -> None:
    with embedded_redis.running(tmp_path), pytest.raises(embedded_redis.NoRedis, match="already runs"):
        embedded_redis.lock(tmp_path, patience=0.1)


def test_server_is_not_reachable_over_the_network(tmp_path: Path) -> None:
    with embedded_redis.running(tmp_path) as address, Redis.from_url(address) as connection:
        assert connection.config_get("port") == {"port": "0"}
    assert embedded_redis.folder(tmp_path).stat().st_uid == os.getuid()


def test_falls_back_on_a_server_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(embedded_redis.NoRedis, match="REDIS_URL"):
        embedded_redis.binary()
    program = tmp_path / "redis-server"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert embedded_redis.binary() == program


def test_server_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import pathlib, sys, time; from mirage.runtime import embedded_redis\n"
        "with embedded_redis.running(pathlib.Path(sys.argv[1])):\n"
        "    print('up', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "up\n"
        assert embedded_redis.answers(tmp_path)
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while embedded_redis.answers(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not embedded_redis.answers(tmp_path)
    os.close(embedded_redis.lock(tmp_path))
