"""Undoing actions, each once and completely or not at all. Each app registers how to revert its own."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import batches
from accounts.action_kinds import ACTION_KINDS
from accounts.models import Activity, User
from mirage.refusals import NotPossible


def can_undo(activity: Activity) -> bool:
    """Whether the action can be undone, as far as can be seen without trying."""
    kind = ACTION_KINDS.get(activity.kind)
    if kind is None or activity.undone_at:
        return False
    if batches.is_batched(activity):
        return batches.can_be_undone(activity)
    return kind.revert is not None and kind.can_undo(activity)


def undo(activity: Activity, by: User) -> None:
    """Undo the action; a worker does it if there are many rows. Raises NotPossible."""
    with transaction.atomic():
        locked = Activity.objects.locked(activity.pk)
        if locked.undone_at or batches.is_being_undone(locked):
            raise NotPossible(_("This was undone already."))
        if not can_undo(locked):
            raise NotPossible(_("This cannot be undone."))
        if batches.is_batched(locked):
            batches.start_undo(locked)
        elif revert := ACTION_KINDS[locked.kind].revert:
            revert(locked, by)
            locked.mark_undone()
    if batches.is_batched(locked):
        batches.run(locked)
    activity.refresh_from_db()
