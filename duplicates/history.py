"""The history of duplicates in words."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from accounts import batches
from accounts.action_kinds import ActionKind, Told
from accounts.models import Activity
from duplicates import resolving, resolving_many
from mirage.wording import listed, number_in_words

ONE = {  # what is done with one group, by the verb that is kept
    resolving.BEST: _lazy("Kept the best of duplicates"),
    resolving.ALL: _lazy("Kept all of a group"),
    resolving.STACKED: _lazy("Stacked duplicates"),
}


def tell(activities: Sequence[Activity]) -> dict[int, Told]:
    """One group, or many with the progress so far."""
    found = {activity.pk: Told(str(ONE.get(activity.verb, activity.verb))) for activity in activities}
    for activity in filter(batches.is_batched, activities):
        progress = resolving_many.progress_of(activity)
        found[activity.pk] = Told(of_many(progress), "", batches.percent(activity))
    return found


def of_many(progress: resolving_many.Progress) -> str:
    """What was done with many groups so far."""
    if progress.stacked and not progress.trashed:
        stacked = ngettext("Stacked %(bursts)s burst", "Stacked %(bursts)s bursts", progress.stacked)
        return stacked % {"bursts": number_in_words(progress.stacked)}
    kept = ngettext(
        "Kept the best of %(groups)s duplicate group", "Kept the best of %(groups)s duplicate groups", progress.done
    )
    # Translators: it follows another part of the sentence: Kept the best of 3 duplicate groups, moved …
    moved = ngettext("moved %(photos)s photo to the trash", "moved %(photos)s photos to the trash", progress.trashed)
    numbers = {"groups": number_in_words(progress.done), "photos": number_in_words(progress.trashed)}
    return listed([kept % numbers, moved % numbers])


DUPLICATES = ActionKind(_lazy("Duplicates"), tell, resolving.revert, batches=resolving_many.Plans())
