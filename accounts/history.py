"""The history of a library: what was done in it, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from accounts import undoing
from accounts.action_kinds import ACTION_KINDS, Told
from accounts.models import Activity, ActivityQuerySet, User


@dataclass(frozen=True)
class Action:
    """A line of the history."""

    activity: Activity
    told: Told
    can_undo: bool


def of(user: User, kind: str = "") -> ActivityQuerySet:
    """The actions in the user's library, newest first: those of one kind, or all."""
    rows = Activity.objects.filter(owner=user).order_by("-pk")
    if not kind:
        return rows
    by_target = Q(target_type=kind) & ~Q(verb__contains=".")
    return rows.filter(Q(verb__startswith=f"{kind}.") | by_target | Q(verb__in=ACTION_KINDS[kind].also))


def told(activities: Sequence[Activity]) -> list[Action]:
    """The actions, each described by its app."""
    words: dict[int, Told] = {}
    for kind in {activity.kind for activity in activities} & ACTION_KINDS.keys():
        words |= ACTION_KINDS[kind].tell([activity for activity in activities if activity.kind == kind])
    return [
        Action(activity, words.get(activity.pk) or Told(verb_alone(activity)), undoing.can_undo(activity))
        for activity in activities
    ]


def verb_alone(activity: Activity) -> str:
    """The description of an action that no app describes."""
    return activity.verb.rpartition(".")[2].replace("_", " ").capitalize()
