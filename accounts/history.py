"""What was done in a library, in words, and taking it back. Each app tells of its own actions.

history.register("albums", history.Telling("Albums", sentences, undo, can_undo))
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q

from accounts.models import Activity, ActivityQuerySet, User


class CannotUndo(Exception):
    """This cannot be taken back; the message says why, for the user."""


class Told(NamedTuple):
    """An action in words, where what it was done to is found, and how far it is while it goes on, of 100."""

    sentence: str
    address: str = ""
    going_on: int | None = None


@dataclass(frozen=True)
class Telling:
    """How the actions of one kind are told and taken back; `refusals` of `undo` say in words why not."""

    label: str
    tell: Callable[[Sequence[Activity]], Mapping[int, Told]]
    undo: Callable[[Activity, User], object]
    can_undo: Callable[[Activity], bool]
    refusals: tuple[type[Exception], ...] = ()
    also: tuple[str, ...] = ()  # verbs of other kinds that belong here for the reader


@dataclass(frozen=True)
class Action:
    """A line of the history."""

    activity: Activity
    told: Told
    can_undo: bool


TELLINGS: dict[str, Telling] = {}


def register(kind: str, telling: Telling) -> None:
    """Let the actions whose verb begins with `kind.`, or else those on that type of target, be told so."""
    TELLINGS[kind] = telling


def kind_of(activity: Activity) -> str:
    """Which of the kinds it is of, if any."""
    prefix, point, _ = activity.verb.partition(".")
    return prefix if point else activity.target_type


def of(user: User, kind: str = "") -> ActivityQuerySet:
    """What was done in the user's library, the newest first; of one kind, if any is named."""
    rows = Activity.objects.filter(owner=user).order_by("-pk")
    if not kind:
        return rows
    also = TELLINGS[kind].also if kind in TELLINGS else ()
    whole = Q(target_type=kind) & ~Q(verb__contains=".")
    return rows.filter(Q(verb__startswith=f"{kind}.") | whole | Q(verb__in=also))


def told(activities: Sequence[Activity]) -> list[Action]:
    """The actions in words."""
    words: dict[int, Told] = {}
    for kind in {kind_of(activity) for activity in activities} & TELLINGS.keys():
        words |= TELLINGS[kind].tell([activity for activity in activities if kind_of(activity) == kind])
    return [
        Action(activity, words.get(activity.pk) or Told(plainly(activity)), can_undo(activity))
        for activity in activities
    ]


def plainly(activity: Activity) -> str:
    """The verb alone, of what no app tells about."""
    return activity.verb.rpartition(".")[2].replace("_", " ").capitalize()


def can_undo(activity: Activity) -> bool:
    """Whether it can be taken back, as far as one sees without trying."""
    telling = TELLINGS.get(kind_of(activity))
    return activity.undone_at is None and telling is not None and telling.can_undo(activity)


def undo(activity: Activity, user: User) -> None:
    """Take it back. Raises CannotUndo."""
    telling = TELLINGS.get(kind_of(activity))
    if activity.undone_at:
        raise CannotUndo("This was undone already.")
    if telling is None or not telling.can_undo(activity):
        raise CannotUndo("This cannot be undone.")
    try:
        telling.undo(activity, user)
    except telling.refusals as error:
        raise CannotUndo(str(error)) from error
    activity.refresh_from_db()
