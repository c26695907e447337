"""What is done by the clock: when each task is due, and who runs it.

The times are rows, so they outlive Redis and every process. The beats of all machines look at them; whoever moves a
row's `next_at` runs the task, in a process of its own, so that a backup of hours holds up nobody (docs/adr).
"""

import logging
import socket
import subprocess
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from mirage.runtime import programs
from mirage.runtime.processes import die_with_parent
from operations.models import ScheduledTask

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(minutes=10)  # that an interrupted task waits


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done by the clock. `when` is in the form of cron, in MIRAGE_HOME_ZONE; empty: never."""

    name: str
    title: str
    function: str  # dotted; returns what came of it, in words
    when: str
    light: bool = False  # done in the beat itself

    def next_after(self, moment: datetime) -> datetime | None:
        if not self.when:
            return None
        local = moment.astimezone(ZoneInfo(settings.MIRAGE_HOME_ZONE))
        following: datetime = croniter(self.when, local).get_next(datetime)
        return following


def tasks() -> dict[str, Task]:
    """All of them by name."""
    backup = settings.MIRAGE_BACKUP_AT if settings.MIRAGE_BACKUP_TO else ""
    known = (
        Task(
            "tidy", "Empty the trash of what is too old, remove leftovers", "operations.tasks.tidy", "7 * * * *", True
        ),
        Task("backup", "Back up", "operations.tasks.back_up", backup),
        Task("look", "Look whether every file is there", "operations.tasks.look", "10 5 * * *"),
        Task("check", "Read every original and compare it", "operations.tasks.check", settings.MIRAGE_CHECK_AT),
        Task("people", "Group faces, all of them together", "operations.tasks.group_people", "20 4 * * *"),
        Task("stages", "Look for photos that a stage forgot", "operations.tasks.complete_stages", "40 4 * * *"),
        Task("indexes", "Bring indexes up to the database", "operations.tasks.refresh_indexes", "50 4 * * *"),
    )
    return {task.name: task for task in known}


def begin() -> "Runner":
    """A beat starts: what is tidied up each hour is tidied up now, for a kill may have left something.

    And photos are completed: with the start come other settings, such as another model for faces.
    """
    prepare()
    make_due("tidy")
    make_due("stages")
    return Runner()


def prepare() -> None:
    """Make the rows that are missing, and follow the settings where a time has changed."""
    now = timezone.now()
    for task in tasks().values():
        row, _ = ScheduledTask.objects.get_or_create(name=task.name)
        following = task.next_after(now)
        if row.next_at is None or following is None or following < row.next_at:
            ScheduledTask.objects.filter(pk=row.pk, next_at=row.next_at).update(next_at=following)
    ScheduledTask.objects.exclude(name__in=tasks()).delete()
    interrupted().update(
        finished_at=now, succeeded=False, result="It was interrupted.", next_at=now + AGAIN_AFTER
    )  # the beat of this machine starts: nothing of it runs


def interrupted() -> QuerySet[ScheduledTask]:
    return ScheduledTask.objects.filter(host=socket.gethostname(), started_at__isnull=False, finished_at=None)


def make_due(name: str) -> None:
    """Let the next beat run it."""
    ScheduledTask.objects.filter(name=name).update(next_at=timezone.now())


def take_due() -> Task | None:
    """A task whose time has come, now ours to run; None where there is none, or others were faster."""
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
    """Do the task in this process and write down how it went. Whether it went well."""
    task, began = tasks()[name], time.monotonic()
    ScheduledTask.objects.filter(name=name, finished_at__isnull=False).update(
        started_at=timezone.now(), finished_at=None, host=socket.gethostname()
    )
    try:
        told, succeeded = import_string(task.function)(), True
    except Exception as error:
        log.exception("Task %s failed", name)
        told, succeeded = str(error) or type(error).__name__, False
    note(name, told, succeeded)
    log.info("Task %s: %s", name, told, extra={"seconds": round(time.monotonic() - began, 1), "succeeded": succeeded})
    return succeeded


def note(name: str, told: str, succeeded: bool) -> None:
    """Write down how a run went; one by hand counts too."""
    now = timezone.now()
    values = {"finished_at": now, "succeeded": succeeded, "result": told} | ({"succeeded_at": now} if succeeded else {})
    ScheduledTask.objects.update_or_create(name=name, defaults=values)


class Runner:
    """Runs what is due, one task at a time, in a child process that goes when we go."""

    def __init__(self) -> None:
        self.child: subprocess.Popen[bytes] | None = None
        self.running = ""

    def turn(self) -> None:
        """Start what is due, unless something still runs. Called at every beat."""
        if self.child is not None:
            if self.child.poll() is None:
                return
            if self.child.returncode < 0:
                note(self.running, f"It was ended by signal {-self.child.returncode}.", succeeded=False)
            self.child = None
        while (task := take_due()) is not None:
            if not task.light:
                self.running = task.name
                self.child = subprocess.Popen(programs.manage("run_task", task.name), preexec_fn=die_with_parent())
                return
            run(task.name)
