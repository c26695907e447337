"""The history of duplicates in words."""

from collections.abc import Sequence

from accounts import batches
from accounts.action_kinds import ActionKind, Told
from accounts.models import Activity
from duplicates import resolving, resolving_many
from mirage.wording import counted
from photos.history import tell_plainly


def tell(activities: Sequence[Activity]) -> dict[int, Told]:
    """One group, or many with the progress so far."""
    found = tell_plainly(activities)
    for activity in filter(batches.is_batched, activities):
        progress = resolving_many.progress_of(activity)
        sentence = (
            f"Stacked {progress.stacked:,} bursts"
            if progress.stacked and not progress.trashed
            else f"Kept the best of {progress.done:,} duplicate groups, moved {counted(progress.trashed)} to the trash"
        )
        found[activity.pk] = Told(sentence, "", batches.percent(activity))
    return found


DUPLICATES = ActionKind("Duplicates", tell, resolving.revert, batches=resolving_many.Plans())
