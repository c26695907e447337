"""Giving jobs to RQ's workers."""

import logging
from functools import cache
from typing import Any

import django_rq
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

KEEP_FAILED = 86_400  # seconds that RQ shows a failed job


def enqueue(queue: str, function: str, *arguments: Any, once: int = 0, timeout: int | None = None) -> bool:
    """Let a worker of the queue call the function with this dotted name. Returns False if Redis cannot be reached.

    With `once`, the same call is not enqueued again within that many seconds, unless `forget` was called.
    """
    try:
        named = django_rq.get_queue(queue, connection=connection_of(queue))
        if not once or named.connection.set(asked_key(function, *arguments), "1", nx=True, ex=once):
            named.enqueue(function, *arguments, result_ttl=0, failure_ttl=KEEP_FAILED, job_timeout=timeout)
    except RedisError as error:
        log.debug("%s%s could not be enqueued: %s", function, arguments, error)
        return False
    return True


def forget(queue: str, function: str, *arguments: Any) -> None:
    """Let this call be enqueued again immediately."""
    try:
        connection_of(queue).delete(asked_key(function, *arguments))
    except RedisError as error:
        log.debug("%s%s cannot be enqueued again before it expires: %s", function, arguments, error)


def connection_of(queue: str) -> Redis:
    """This process' connections to Redis, which its threads share: to connect takes longer than to ask."""
    return connection_to(settings.RQ_QUEUES[queue]["URL"], queue)


@cache
def connection_to(_url: str, queue: str) -> Redis:
    return django_rq.get_connection(queue)


def asked_key(function: str, *arguments: Any) -> str:
    """Redis' key for a call that is not enqueued again."""
    return ":".join(["mirage:asked", function, *map(str, arguments)])
