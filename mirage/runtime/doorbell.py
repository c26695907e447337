"""Workers that rest: processes that ended because nothing was to be done, and start again when a job comes.

A worker that has waited long enough ends with RESTING. Its supervisor then listens for its queues by a Redis command
that waits and takes nothing away, and starts the worker when there is a job. So models leave memory, and an idle
installation is a few sleeping processes. Other processes read in Redis which queues have a worker that rests.
"""

import contextlib
import time
from collections.abc import Sequence

from redis import Redis
from redis.connection import Connection
from redis.exceptions import RedisError
from rq import Queue

RESTING = 75  # the exit status of a worker that rests; EX_TEMPFAIL, which nothing else uses here
BOARD = "mirage:resting"  # a hash: the worker's name, and until when and for which queues it says so
SAID_EVERY, SAID_FOR = 60.0, 180.0  # seconds


class Doorbell:
    """Listens for jobs of some queues in the place of a worker."""

    def __init__(self, name: str, queues: Sequence[str], redis: Redis) -> None:
        """`name`: the worker's full name. Raises RedisError."""
        self.name, self.queues, self._redis = name, queues, redis
        self._said_at = -SAID_EVERY
        self._connections: list[Connection] = []
        self._numbers: list[int] = []  # a connection that Redis has reset no longer knows its own
        self._say()
        for queue in queues:
            connection = redis.connection_pool.get_connection()
            self._connections.append(connection)
            key = Queue(queue, connection=redis).key
            connection.send_command("BLMOVE", key, key, "LEFT", "LEFT", 0)  # from its place to its place
            self._numbers.append(connection._sock.fileno())  # type: ignore[attr-defined]

    def filenos(self) -> list[int]:
        """The sockets that become readable when it rings; the same ones until it is closed."""
        return self._numbers

    def rang(self) -> bool:
        """Whether there is a job, or Redis is gone: then the worker finds out. Does not wait."""
        try:
            if time.monotonic() - self._said_at >= SAID_EVERY:
                self._say()
            return any(connection.can_read(timeout=0) for connection in self._connections)
        except (RedisError, OSError):
            return True

    def close(self) -> None:
        """Stop listening."""
        for connection in self._connections:
            connection.disconnect()
            self._redis.connection_pool.release(connection)
        self._connections = []
        with contextlib.suppress(RedisError):
            self._redis.hdel(BOARD, self.name)

    def _say(self) -> None:
        self._said_at = time.monotonic()
        self._redis.hset(BOARD, self.name, f"{time.time() + SAID_FOR:.0f}|{','.join(self.queues)}")


def resting(redis: Redis) -> dict[str, set[str]]:
    """The workers that rest, and the queues for which they would start. Raises RedisError."""
    found = {}
    board: dict[bytes, bytes] = redis.hgetall(BOARD)  # type: ignore[assignment]
    for name, said in board.items():
        until, _, queues = said.decode().partition("|")
        if float(until) > time.time():
            found[name.decode()] = set(queues.split(","))
    return found
