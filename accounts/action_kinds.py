"""The kinds of actions: how the history describes each one, and how it is undone. Apps add theirs in `AppConfig.ready`.

    ACTION_KINDS.add("tags", ActionKind("Tags", tell, revert, can_undo))

The part of an action's verb before a full stop names its kind. Where there is none, its type of target does.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from accounts.models import Activity, User
from mirage.registry import Registry
from mirage.wording import Words


class Told(NamedTuple):
    """An action in words, the address of its target, and its progress in percent while it is running."""

    sentence: str
    address: str = ""
    going_on: int | None = None


class Batches(ABC):
    """How to do and undo an action on thousands of rows, one batch at a time (accounts/batches.py)."""

    size: ClassVar[int]  # rows in a batch
    at_once: ClassVar[int]  # the most rows that a request handles itself; a worker does more

    @abstractmethod
    def rows(self, activity: Activity) -> Sequence[Any]:
        """All rows that the action applies to, in the same order every time."""

    @abstractmethod
    def do(self, activity: Activity, rows: Sequence[Any]) -> Any:
        """Do a batch. Returns what undo needs as JSON, or nothing if nothing changed. May count in the detail."""

    @abstractmethod
    def revert(self, activity: Activity, before: Any) -> None:
        """Undo the batch for which `do` returned `before`. May count in the detail."""


@dataclass(frozen=True)
class ActionKind:
    """The actions of one kind. `revert` undoes a whole action, or raises NotPossible."""

    label: Words
    tell: Callable[[Sequence[Activity]], Mapping[int, Told]]
    revert: Callable[[Activity, User], object] | None = None
    can_undo: Callable[[Activity], bool] = lambda activity: True
    batches: Batches | None = None  # for the actions that `accounts.batches.begin` starts
    also: tuple[str, ...] = ()  # verbs of other kinds that the history lists here


ACTION_KINDS: Registry[ActionKind] = Registry("kind of action")
