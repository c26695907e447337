"""What parts of a search find, kept apart until they are joined into conditions of one query."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q

from search.index.text_index import Question


@dataclass(frozen=True)
class Asked:
    """A question to the full-text index; for the user's own photos perhaps another, which includes names of people."""

    anywhere: Question
    own: Question

    @classmethod
    def joined(cls, join: Callable[[Iterable[Question]], Question], questions: "list[Asked]") -> "Asked":
        return cls(join(one.anywhere for one in questions), join(one.own for one in questions))


@dataclass(frozen=True)
class Meaning:
    """What a part of a search finds: photos that answer the question, show one of the objects, or meet a condition.

    The three are kept apart until parts are joined, so that many words become one question to the index and one to the
    objects.
    """

    asked: Asked | None = None
    things: frozenset[str] = frozenset()
    conditions: tuple[Q, ...] = ()

    @property
    def is_words(self) -> bool:
        return self.asked is not None and not self.things and not self.conditions
