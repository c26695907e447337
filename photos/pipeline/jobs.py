"""What workers do beside the stages: each app registers its own in `AppConfig.ready`.

RQ sees one function, `photos.pipeline.work`, with the name of a stage or of a job, and ids.
"""

from dataclasses import dataclass
from typing import Any

from mirage.registry import Registry
from mirage.runtime import queues

WORK = "photos.pipeline.work"


@dataclass(frozen=True)
class Job:
    """Something that is done now and then, with ids as arguments."""

    function: str  # dotted, so that a web process never imports what the job needs
    queue: str = "io"
    once: int = 0  # seconds within which asking again is asking once
    timeout: int | None = None  # seconds it may take; RQ's default where nothing is said


JOBS: Registry[Job] = Registry("job")


def enqueue(name: str, *arguments: Any) -> bool:
    """Let a worker do the job. False where no worker can be told."""
    job = JOBS[name]
    return queues.enqueue(job.queue, WORK, name, *arguments, once=job.once, timeout=job.timeout)


def forget(name: str, *arguments: Any) -> None:
    """Let the next `enqueue` count, however soon it comes."""
    queues.forget(JOBS[name].queue, WORK, name, *arguments)
