"""What commands share: progress bars on the terminal, and finding the owner."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
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


class RateColumn(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.finished_speed or task.speed or 0:.1f}/s")


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
        disable=quiet,
    ) as progress:
        yield progress


@contextmanager
def counting(label: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """One bar, as a function that is told how many of how many are done."""
    with progress_bar(quiet=quiet) as progress:
        bar = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(bar, completed=done, total=total)


def show_left(progress: Progress, bar: TaskID, total: int, left: int) -> None:
    """Move a bar to where `left` of `total` are still to be done; work may be added meanwhile."""
    progress.update(bar, total=max(total, left), completed=max(total - left, 0))


def find_owner(name: str) -> User:
    """The user of this name; a CommandError names those that there are."""
    try:
        return User.objects.get(username=name)
    except User.DoesNotExist as error:
        names = ", ".join(User.objects.order_by("username").values_list("username", flat=True)[:20]) or "none yet"
        raise CommandError(f"There is no user {name!r}. Users: {names}.") from error
