"""The schedule: when each task is due, and which process runs it.

The times are rows, so they outlive Redis and all processes. The beats of all machines read them. The beat that moves a
row's `next_at` runs the task in a separate process, so that a backup of hours does not delay other work (docs/adr).
"""

import logging
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override, pgettext_lazy

from media import storage_template
from media.sentences import english
from mirage.runtime import programs
from mirage.runtime.clock import next_time
from mirage.runtime.processes import die_with_parent
from mirage.wording import Words
from operations.models import ScheduledTask

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(minutes=10)  # before an interrupted task runs again


@dataclass(frozen=True, slots=True)
class Task:
    """A scheduled task. `when` is a cron expression in MIRAGE_HOME_ZONE; empty means never."""

    name: str
    title: Words
    function: str  # dotted name; returns a sentence about the result
    when: str
    light: bool = False  # the beat runs it itself

    def next_after(self, moment: datetime) -> datetime | None:
        return next_time(self.when, moment) if self.when else None


def tasks() -> dict[str, Task]:
    """All tasks by name."""
    backup = settings.MIRAGE_BACKUP_AT if settings.MIRAGE_BACKUP_TO else ""
    late = storage_template.LATE & storage_template.words_in(settings.MIRAGE_STORAGE_TEMPLATE)
    known = (
        Task("tidy", _lazy("Empty old trash and remove leftovers"), "operations.tasks.tidy", "7 * * * *", light=True),
        Task("backup", pgettext_lazy("scheduled task", "Back up"), "operations.tasks.back_up", backup),
        Task("look", _lazy("Check that every file is there"), "operations.tasks.look", "10 5 * * *"),
        Task("check", _lazy("Read and compare every original"), "operations.tasks.check", settings.MIRAGE_CHECK_AT),
        Task(
            "originals",
            _lazy("Move originals to where they belong"),
            "photos.storage.rearranging.keep_up",
            "*/5 * * * *" if late else "",
            light=True,
        ),
        Task("albums", _lazy("Albums from folders"), "operations.tasks.follow_folders", "17 * * * *"),
        Task("people", _lazy("Group all faces again"), "operations.tasks.group_people", "20 4 * * *"),
        Task("memories", _lazy("Prepare the memories"), "operations.tasks.prepare_memories", "30 4 * * *"),
        Task("stages", _lazy("Find photos with missing stages"), "operations.tasks.complete_stages", "40 4 * * *"),
        Task("indexes", _lazy("Update the indexes"), "operations.tasks.refresh_indexes", "50 4 * * *"),
    )
    return {task.name: task for task in known}


def begin() -> "Runner":
    """Start the schedule when a beat starts.

    Tidying up runs now, because a kill may have left files. So does the search for missing stages, because settings
    such as the model for faces may have changed.
    """
    prepare()
    make_due("tidy")
    make_due("stages")
    return Runner()


def prepare() -> None:
    """Make missing rows, and update times that the settings have changed."""
    now = timezone.now()
    for task in tasks().values():
        row, _ = ScheduledTask.objects.get_or_create(name=task.name)
        following = task.next_after(now)
        if row.next_at is None or following is None or following < row.next_at:
            ScheduledTask.objects.filter(pk=row.pk, next_at=row.next_at).update(next_at=following)
    ScheduledTask.objects.exclude(name__in=tasks()).delete()
    # this machine's beat is just starting, so none of its tasks can be running
    interrupted = ScheduledTask.objects.filter(host=socket.gethostname(), started_at__isnull=False, finished_at=None)
    interrupted.update(
        finished_at=now, succeeded=False, result=english("It was interrupted."), next_at=now + AGAIN_AFTER
    )


def times() -> dict[str, datetime | None]:
    """When each task would run next by the settings."""
    now = timezone.now()
    return {name: task.next_after(now) for name, task in tasks().items()}


def reschedule(before: Mapping[str, datetime | None]) -> None:
    """Move the tasks whose times are others than `before` to their new times. What is due stays due."""
    for name, following in times().items():
        if following != before.get(name):
            waiting = ScheduledTask.objects.filter(name=name).exclude(next_at__lte=timezone.now())
            waiting.update(next_at=following)


def make_due(name: str) -> None:
    """Let the next beat run the task."""
    ScheduledTask.objects.filter(name=name).update(next_at=timezone.now())


def take_due() -> Task | None:
    """Claim a task that is due; None if there is none or other beats were faster."""
    now, known = timezone.now(), tasks()
    for row in ScheduledTask.objects.filter(next_at__lte=now).order_by("next_at"):
        task = known.get(row.name)
        if task is None or row.is_running:
            continue
        taken = ScheduledTask.objects.filter(pk=row.pk, next_at=row.next_at, started_at=row.started_at).update(
            next_at=task.next_after(now), started_at=now, finished_at=None, host=socket.gethostname()
        )
        if taken:
            return task
    return None


def run(name: str) -> bool:
    """Run the task in this process and record the result. Returns whether it succeeded."""
    task, began = tasks()[name], time.monotonic()
    ScheduledTask.objects.filter(name=name, finished_at__isnull=False).update(
        started_at=timezone.now(), finished_at=None, host=socket.gethostname()
    )
    try:
        with override("en"):  # the result is kept, and translated for whoever reads it
            result, succeeded = import_string(task.function)(), True
    except Exception as error:
        log.exception("Task %s failed", name)
        result, succeeded = str(error) or type(error).__name__, False
    note(name, result, succeeded)
    log.info("Task %s: %s", name, result, extra={"seconds": round(time.monotonic() - began, 1), "succeeded": succeeded})
    return succeeded


def note(name: str, result: str, succeeded: bool) -> None:
    """Record the result of a run, also of one that somebody started by hand."""
    now = timezone.now()
    values = {"finished_at": now, "succeeded": succeeded, "result": result}
    values |= {"succeeded_at": now} if succeeded else {}
    ScheduledTask.objects.update_or_create(name=name, defaults=values)


class Runner:
    """Runs tasks that are due, one at a time, in a child process that ends with this one."""

    def __init__(self) -> None:
        self.child: subprocess.Popen[bytes] | None = None
        self.running = ""

    def turn(self) -> None:
        """Start a task that is due, unless one is still running. Called at every beat."""
        if self.child is not None:
            if self.child.poll() is None:
                return
            if self.child.returncode < 0:
                note(
                    self.running, english("Signal %(signal)s ended it.", signal=-self.child.returncode), succeeded=False
                )
            self.child = None
        while (task := take_due()) is not None:
            if not task.light:
                self.running = task.name
                self.child = subprocess.Popen(programs.manage("run_task", task.name), preexec_fn=die_with_parent())
                return
            run(task.name)
