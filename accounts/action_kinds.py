"""The kinds of actions: how each is told in the history and taken back. Apps add theirs in `AppConfig.ready`.

    ACTION_KINDS.add("tags", ActionKind("Tags", tell, revert, can_undo))

An action is of the kind that its verb names before a point, else of the one that its type of target names.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from accounts.models import Activity, User
from mirage.registry import Registry


class Told(NamedTuple):
    """An action in words, the address of what it was done to, and how far it is while it goes on, of 100."""

    sentence: str
    address: str = ""
    going_on: int | None = None


class Batches(ABC):
    """How an action on thousands of rows is done and taken back, a batch at a time (accounts/batches.py)."""

    size: ClassVar[int]  # rows of a batch
    at_once: ClassVar[int]  # rows within a request's patience; more are left to a worker

    @abstractmethod
    def rows(self, activity: Activity) -> Sequence[Any]:
        """All rows that it is to be done to, in the same order every time."""

    @abstractmethod
    def do(self, activity: Activity, rows: Sequence[Any]) -> Any:
        """Do it to these; what undo needs, in JSON, and nothing where nothing changed. May count in the detail."""

    @abstractmethod
    def revert(self, activity: Activity, before: Any) -> None:
        """Take back the batch of which `do` returned this. May count in the detail."""


@dataclass(frozen=True)
class ActionKind:
    """The actions of one kind. `revert` takes one back whole; it raises NotPossible where it cannot be."""

    label: str
    tell: Callable[[Sequence[Activity]], Mapping[int, Told]]
    revert: Callable[[Activity, User], object] | None = None
    can_undo: Callable[[Activity], bool] = lambda activity: True
    batches: Batches | None = None  # how those of its actions are done that `accounts.batches.begin` began
    also: tuple[str, ...] = ()  # verbs of other kinds that belong here for the reader


ACTION_KINDS: Registry[ActionKind] = Registry("kind of action")
