"""Taking actions back: each once, whole or not at all. Each app registers how its own are reverted."""

from django.db import transaction

from accounts import batches
from accounts.action_kinds import ACTION_KINDS
from accounts.models import Activity, User
from mirage.refusals import NotPossible


def can_undo(activity: Activity) -> bool:
    """Whether it can be taken back, as far as one sees without trying."""
    kind = ACTION_KINDS.get(activity.kind)
    if kind is None or activity.undone_at:
        return False
    if batches.is_batched(activity):
        return batches.can_turn_back(activity)
    return kind.revert is not None and kind.can_undo(activity)


def undo(activity: Activity, by: User) -> None:
    """Take it back; one of many rows is left to a worker. Raises NotPossible."""
    with transaction.atomic():
        locked = Activity.objects.locked(activity.pk)
        if locked.undone_at or batches.is_turning_back(locked):
            raise NotPossible("This was undone already.")
        if not can_undo(locked):
            raise NotPossible("This cannot be undone.")
        if batches.is_batched(locked):
            batches.turn_back(locked)
        elif revert := ACTION_KINDS[locked.kind].revert:
            revert(locked, by)
            locked.mark_undone()
    if batches.is_batched(locked):
        batches.run(locked)
    activity.refresh_from_db()
