"""Handing work to RQ's workers."""

import logging
from typing import Any

import django_rq
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

KEEP_FAILED = 86_400  # seconds for which RQ shows a job that failed


def enqueue(queue: str, function: str, *arguments: Any, once: int = 0, timeout: int | None = None) -> bool:
    """Let a worker of the queue call the function, named by its dotted path. False where Redis cannot be reached.

    With `once` the same call is not enqueued again within so many seconds, unless `forget` was called meanwhile.
    """
    try:
        named = django_rq.get_queue(queue)
        if not once or named.connection.set(asked_key(function, *arguments), "1", nx=True, ex=once):
            named.enqueue(function, *arguments, result_ttl=0, failure_ttl=KEEP_FAILED, job_timeout=timeout)
    except RedisError as error:
        log.debug("%s%s could not be handed to a worker: %s", function, arguments, error)
        return False
    return True


def forget(queue: str, function: str, *arguments: Any) -> None:
    """Let the next `enqueue` of this call count, however soon it comes."""
    try:
        django_rq.get_queue(queue).connection.delete(asked_key(function, *arguments))
    except RedisError as error:
        log.debug("%s%s counts as asked for until it expires: %s", function, arguments, error)


def asked_key(function: str, *arguments: Any) -> str:
    """What Redis holds while a call is not enqueued again."""
    return ":".join(["mirage:asked", function, *map(str, arguments)])
