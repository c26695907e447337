"""Jobs that workers do besides the stages. Each app registers its own in `AppConfig.ready`.

RQ knows one function, `photos.pipeline.work`, which takes the name of a stage or of a job, and ids.
"""

from dataclasses import dataclass
from typing import Any

from mirage.registry import Registry
from mirage.runtime import queues

WORK = "photos.pipeline.work"


@dataclass(frozen=True)
class Job:
    """A function that workers call with ids as arguments."""

    function: str  # dotted, so that a web process never imports what the job needs
    queue: str = "io"
    once: int = 0  # seconds within which a second `enqueue` does nothing
    timeout: int | None = None  # seconds it may take; None is RQ's default


JOBS: Registry[Job] = Registry("job")


def enqueue(name: str, *arguments: Any) -> bool:
    """Enqueue the job. Returns False if Redis cannot be reached."""
    job = JOBS[name]
    return queues.enqueue(job.queue, WORK, name, *arguments, once=job.once, timeout=job.timeout)


def forget(name: str, *arguments: Any) -> None:
    """Let the next `enqueue` take effect, however soon it comes."""
    queues.forget(JOBS[name].queue, WORK, name, *arguments)
