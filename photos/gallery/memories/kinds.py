"""What a memory is, and the kinds of memories. Apps add theirs in `AppConfig.ready`.

KINDS.add("trip", Kind(30, trips_for, trip_of))
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.http import Http404

from accounts.models import User
from mirage.registry import Registry
from photos.models import Photo, PhotoQuerySet


@dataclass(frozen=True)
class Memory:
    """Photos to look back at, under a title.

    `key` is how addresses call it: the name of its kind, a full stop, and what tells it from others of that kind.
    """

    key: str
    title: str
    text: str  # a smaller line, such as the date
    photos: PhotoQuerySet = field(repr=False, compare=False)
    cover: Photo | None = field(default=None, repr=False, compare=False)  # if it is known already
    lasting: str = field(default="", compare=False)  # what to call it later, where the title says how long ago it was

    @property
    def name(self) -> str:
        """What it is called among other things, on any day."""
        return self.lasting or (f"{self.title} · {self.text}" if self.text else self.title)

    @property
    def listing(self) -> str:
        """The name of its list (photos/gallery/lists.py)."""
        return f"memory.{self.key}"


@dataclass(frozen=True)
class Kind:
    """A kind of memories: which of them suit a day, the best first, and the one that a key means."""

    place: int  # the smallest comes first
    suiting: Callable[[User, date], list[Memory]]
    named: Callable[[User, str], Memory]  # takes the key behind its first full stop, raises Http404
    spare: bool = False  # only for a day that nothing else suits


KINDS: Registry[Kind] = Registry("kind of memory")


def memory_or_404(user: User, key: str) -> Memory:
    """The user's memory with that key. Raises Http404."""
    kind, _, rest = key.partition(".")
    if kind not in KINDS:
        raise Http404(f"no memory {key}")
    if "\0" in rest:  # which PostgreSQL refuses
        raise Http404(f"no memory {key!r}")
    return KINDS[kind].named(user, rest)


def named_date(text: str) -> date:
    """The date for yyyy-mm-dd. Raises Http404."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404("no such day") from error
