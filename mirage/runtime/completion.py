"""Says that work was done, to those who wait until all is done: they sleep, and ask nothing meanwhile.

Workers say it through Redis, which passes it on to whoever listens. Processes that somebody has started to do the work
in the place of workers also say it through a pipe, as there may be no Redis; its end says that none of them is left.
"""

import contextlib
import os
import select
from collections.abc import Iterator

from redis import Redis
from redis.connection import Connection
from redis.exceptions import RedisError

CHANNEL = "mirage:done"
PIPE = "MIRAGE_COMPLETION_PIPE"  # in the environment of processes that announce through a pipe: its number


def announce(redis: Redis) -> None:
    """Tell those who wait that something was done. If nobody listens, nothing happens."""
    with contextlib.suppress(ValueError, OSError):  # a full pipe says enough
        os.write(int(os.environ.get(PIPE, "")), b".")
    with contextlib.suppress(RedisError, OSError):
        redis.publish(CHANNEL, "")


class Listener:
    """Hears what others announce, from the moment it is made. Something is heard once at the beginning."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._connection: Connection | None = None
        self._pipe: int | None = None  # from our own processes
        self._listen()

    @property
    def hears_workers(self) -> bool:
        """Whether there is a connection to Redis."""
        return self._connection is not None

    @property
    def hears_our_own(self) -> bool:
        """Whether a process is left that was started with the pipe."""
        return self._pipe is not None

    def wait(self, seconds: float) -> bool:
        """Sleep until something is heard, or so long. Returns whether it was; several at once are one."""
        self._listen()
        ready, _, _ = select.select([*self._sources()], [], [], seconds)
        for number in ready:
            self._take(number)
        return bool(ready)

    @contextlib.contextmanager
    def pipe(self) -> Iterator[int]:
        """The end of a pipe for processes that are started in the block. From then on they are heard as well."""
        self._forget_pipe()
        self._pipe, theirs = os.pipe()
        for end in (self._pipe, theirs):
            os.set_blocking(end, False)
        try:
            yield theirs
        finally:
            os.close(theirs)

    def close(self) -> None:
        """Stop listening."""
        self._forget_pipe()
        self._forget_connection()

    def _listen(self) -> None:
        if self._connection is not None:
            return
        with contextlib.suppress(RedisError, OSError):
            connection = self._redis.connection_pool.get_connection()
            connection.send_command("SUBSCRIBE", CHANNEL)
            self._connection = connection

    def _sources(self) -> Iterator[int]:
        if self._connection is not None:
            yield self._connection._sock.fileno()  # type: ignore[attr-defined]
        if self._pipe is not None:
            yield self._pipe

    def _take(self, number: int) -> None:
        """Take what has come; it is not read, because there is one thing to say. Nothing means the end."""
        try:
            ended = not os.read(number, 1 << 16)
        except BlockingIOError:
            return
        except OSError:
            ended = True
        if ended:
            (self._forget_pipe if number == self._pipe else self._forget_connection)()

    def _forget_pipe(self) -> None:
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None

    def _forget_connection(self) -> None:
        if self._connection is not None:
            self._connection.disconnect()
            self._redis.connection_pool.release(self._connection)
            self._connection = None
