"""The ways through Mirage, which apps declare: the doors of every page, and what stands behind three of them.

    navigation.DOORS.add("people", Entry("People", "users", "people:people", 40))  # in the AppConfig.ready of an app

`DOORS` are the rail of the desk and the bar of the phone. `LIBRARY` is listed on the page Library, `ACCOUNT` in the
menu behind the avatar, and `TASKS` on the page Tidy up, each with how much there is to do. `ADMINISTRATION` are the
pages of those who run the installation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import User
from mirage.registry import Registry
from mirage.wording import Words, number_in_words


@dataclass(frozen=True)
class Entry:
    """A link of the navigation to the page of the name `view`, with `query` behind its question mark."""

    title: Words
    icon: str
    view: str
    place: int  # the order, smallest first
    text: Words = ""  # what is behind it, where there is room for a line
    query: str = ""
    also: tuple[str, ...] = ()  # other pages on which it is marked as the current one
    on_phone: bool = False  # of a door: in the bar of the phone, not behind More
    allowed: Callable[[User], bool] = lambda user: True

    @property
    def url(self) -> str:
        address = reverse(self.view)
        return f"{address}?{self.query}" if self.query else address

    def covers(self, path: str) -> int:
        """How well the entry fits the page at this path: the length of what they share, 0 for another page."""
        homes = [reverse(view) for view in (self.view, *self.also)] if not self.query else []
        return max((len(home) for home in homes if path == home or (home != "/" and path.startswith(home))), default=0)


@dataclass(frozen=True)
class Task(Entry):
    """Something to tidy up. `count` says how much there is of it; `unit` has the words for so many."""

    unit: Callable[[int], str] = lambda number: ngettext("%(number)s photo", "%(number)s photos", number)
    count: Callable[[User], int] = lambda user: 0
    urgent: bool = False  # something went wrong: the number is shown on every page

    def amount(self, number: int) -> str:
        return self.unit(number) % {"number": number_in_words(number)}


Kind = TypeVar("Kind", bound=Entry)

DOORS: Registry[Entry] = Registry("door")
LIBRARY: Registry[Entry] = Registry("entry of the library")
ACCOUNT: Registry[Entry] = Registry("entry of the account menu")
TASKS: Registry[Task] = Registry("task")
ADMINISTRATION: Registry[Entry] = Registry("page of the administration")

BEHIND = "library"  # the door through which one comes to LIBRARY and TASKS


def ordered(entries: Registry[Kind], user: User) -> list[Kind]:
    """The entries that the user may follow, in their order."""
    return sorted((entry for entry in entries.values() if entry.allowed(user)), key=lambda entry: entry.place)


def current_door(path: str) -> str:
    """The name of the door behind which the page is; empty for a page behind none."""
    fits = {name: door.covers(path) for name, door in DOORS.items()}
    best = max(fits, key=lambda name: fits[name], default="")
    if best and fits[best]:
        return best
    inside = any(entry.covers(path) for entry in (*LIBRARY.values(), *TASKS.values()))
    return BEHIND if inside and BEHIND in DOORS else ""


def open_tasks(user: User) -> list[tuple[Task, int]]:
    """What there is to tidy up, with how much of it; what is done is left out."""
    counts = [(task, task.count(user)) for task in ordered(TASKS, user)]
    return [(task, count) for task, count in counts if count]


def urgent_count(user: User) -> int:
    """How much of it the user should not miss."""
    return sum(task.count(user) for task in TASKS.values() if task.urgent and task.allowed(user))
