"""Giving jobs to RQ's workers."""

import logging
from typing import Any

import django_rq
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

KEEP_FAILED = 86_400  # seconds that RQ shows a failed job


def enqueue(queue: str, function: str, *arguments: Any, once: int = 0, timeout: int | None = None) -> bool:
    """Let a worker of the queue call the function with this dotted name. Returns False if Redis cannot be reached.

    With `once`, the same call is not enqueued again within that many seconds, unless `forget` was called.
    """
    try:
        named = django_rq.get_queue(queue)
        if not once or named.connection.set(asked_key(function, *arguments), "1", nx=True, ex=once):
            named.enqueue(function, *arguments, result_ttl=0, failure_ttl=KEEP_FAILED, job_timeout=timeout)
    except RedisError as error:
        log.debug("%s%s could not be enqueued: %s", function, arguments, error)
        return False
    return True


def forget(queue: str, function: str, *arguments: Any) -> None:
    """Let this call be enqueued again immediately."""
    try:
        django_rq.get_queue(queue).connection.delete(asked_key(function, *arguments))
    except RedisError as error:
        log.debug("%s%s cannot be enqueued again before it expires: %s", function, arguments, error)


def asked_key(function: str, *arguments: Any) -> str:
    """Redis' key for a call that is not enqueued again."""
    return ":".join(["mirage:asked", function, *map(str, arguments)])
