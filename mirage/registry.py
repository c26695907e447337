"""What apps bring to a part of Mirage that does not know them: stages, lists, search keys, chores …

CHORES: Registry[Chore] = Registry("chore")  # where they are used
CHORES.add("albums", purge_deleted)  # in the AppConfig.ready of the app that brings one
"""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class Registry(Mapping[str, Entry], Generic[Entry]):
    """Entries by name, in the order in which they were added. Apps add theirs in `AppConfig.ready`."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._entries: dict[str, Entry] = {}

    def add(self, name: str, entry: Entry) -> Entry:
        """Add an entry. Raises ValueError where another one has the name already."""
        if self._entries.get(name, entry) != entry:
            raise ValueError(f"There is a {self.what} called {name!r} already.")
        self._entries[name] = entry
        return entry

    def replace(self, name: str, entry: Entry) -> Entry:
        """Add an entry, or replace the one with that name."""
        self._entries[name] = entry
        return entry

    def __getitem__(self, name: str) -> Entry:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
