"""What was done with duplicates, in words."""

from collections.abc import Sequence
from typing import Any

from accounts.history import Telling, Told, register
from accounts.models import Activity, User
from duplicates import resolving, resolving_many
from mirage.wording import counted
from photos.history import percent, tell_plainly


def tell_duplicates(activities: Sequence[Activity]) -> dict[int, Told]:
    """One group, or a run over many with how far it is."""
    found = tell_plainly(activities)
    for activity in filter(resolving_many.is_run, activities):
        progress = resolving_many.progress_of(activity)
        sentence = (
            f"Kept the best of {progress.done:,} groups of duplicates, {counted(progress.trashed)} into the trash"
        )
        found[activity.pk] = Told(sentence, "", None if progress.finished else percent(progress.done, progress.total))
    return found


def undo_duplicates(activity: Activity, user: User) -> Any:
    return resolving_many.undo(activity) if resolving_many.is_run(activity) else resolving.undo(activity)


def can_undo_duplicates(activity: Activity) -> bool:
    return not activity.detail.get("undoing")


def register_all() -> None:
    """Make them known to the history."""
    register(
        resolving.TARGET,
        Telling("Duplicates", tell_duplicates, undo_duplicates, can_undo_duplicates, (resolving.CannotResolve,)),
    )
