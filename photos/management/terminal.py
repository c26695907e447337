"""What commands share: progress bars, reports, and finding the owner."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.core.management.base import CommandError, OutputWrapper
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from accounts.models import User
from media import names
from mirage.web.languages import in_language
from mirage.wording import number_in_words
from photos.models import StageRun
from photos.pipeline import draining

SHOWN = 20  # lines of each list; --json prints all
REFRESHES = 2  # a second; rich's default of ten costs five per cent of a core


class RateColumn(ProgressColumn):
    """The rate since the start. rich's own rate is lost whenever the total changes."""

    def render(self, task: Task) -> Text:
        seconds = task.finished_time or task.elapsed
        return Text(f"{task.completed / seconds if seconds else 0:.1f}/s")


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Progress]:
    """Bars with count, rate and time left, on standard error, so that --json stays clean."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        refresh_per_second=REFRESHES,
        disable=quiet,
    ) as progress:
        yield progress


@contextmanager
def counting(label: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """One bar, as a function that takes how many are done and how many there are."""
    with progress_bar(quiet=quiet) as progress:
        bar = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(bar, completed=done, total=total)


def run_to_end(progress: Progress, label: str, runs: QuerySet[StageRun]) -> int:
    """Wait until none of these stage runs is pending, with a progress bar. Returns how many were."""
    bar = progress.add_task(label, total=draining.pending(runs))
    draining.run_to_end(runs, partial(show_left, progress, bar))
    return int(_task(progress, bar).total or 0)


def show_left(progress: Progress, bar: TaskID, left: int) -> None:
    """Set how many are left. The total grows if work was added."""
    task = _task(progress, bar)
    added = max(left - int(task.remaining or 0), 0)
    total = int(task.total or 0) + added
    progress.update(bar, total=total, completed=total - left)


def _task(progress: Progress, bar: TaskID) -> Task:
    return progress.tasks[progress.task_ids.index(bar)]


def write_list(out: OutputWrapper, head: str, lines: Iterable[str]) -> None:
    """Write the first lines of a list, and how many there are."""
    if lines := [names.shown(line) for line in lines]:
        out.write(f"{head} ({len(lines)}):")
        for line in lines[:SHOWN]:
            out.write(f"  {line}")
        if (more := len(lines) - SHOWN) > 0:
            words = ngettext("… and %(number)s more; --json lists all", "… and %(number)s more; --json lists all", more)
            out.write(f"  {words % {'number': more}}")


def write_trash(out: OutputWrapper, restored: int, left: int) -> None:
    """Report how many imported files have photos that were restored from the trash, and that are still in it."""
    if restored:
        words = ngettext(
            "%(number)s photo restored from the trash; you can undo that under History",
            "%(number)s photos restored from the trash; you can undo that under History",
            restored,
        )
        out.write(words % {"number": number_in_words(restored)})
    if left:
        words = ngettext(
            "%(number)s photo of those already there are in the trash",
            "%(number)s photos of those already there are in the trash",
            left,
        )
        out.write(words % {"number": number_in_words(left)})


def told_absent(folder: str | Path, count: int) -> str:
    """That nothing was done about the photos of a folder that cannot be reached, and what to do."""
    words = ngettext(
        "%(folder)s is empty or cannot be reached. %(number)s photo should be in it. Nothing was changed. Connect its"
        " disk and run the same command again. If the photos are really gone, remove the empty folder first.",
        "%(folder)s is empty or cannot be reached. %(number)s photos should be in it. Nothing was changed. Connect its"
        " disk and run the same command again. If the photos are really gone, remove the empty folder first.",
        count,
    )
    return words % {"folder": names.shown(folder), "number": number_in_words(count)}


def write_outcome(
    out: OutputWrapper, counts: Mapping[str, int], failures: Mapping[str, str], told: str, left: str, *, as_json: bool
) -> None:
    """Report the counts and the failures (file -> reason), as JSON or as text that begins with `told`."""
    if as_json:
        listed = [{"file": file, "reason": reason} for file, reason in failures.items()]
        out.write(json.dumps({**counts, "failed": len(failures), "failures": listed}, ensure_ascii=False))
        return
    out.write(_("%(report)s, %(failed)s failed") % {"report": told, "failed": len(failures)})
    if left:
        out.write(left)
    for file, reason in failures.items():
        out.write(f"  {file}: {in_language(reason)}")


def find_owner(name: str) -> User:
    """The user with this name. A CommandError lists the names that exist."""
    try:
        return User.objects.get(username=name)
    except User.DoesNotExist as error:
        names = ", ".join(User.objects.order_by("username").values_list("username", flat=True)[:20]) or _("none yet")
        told = _("There is no user %(name)s. Users: %(names)s.") % {"name": repr(name), "names": names}
        raise CommandError(told) from error
