"""Registries of what apps contribute to parts of Mirage that do not know them: stages, lists, search keys, chores …

CHORES: Registry[Chore] = Registry("chore")  # in the module that uses them
CHORES.add("albums", purge_deleted)  # in AppConfig.ready of the contributing app
"""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class Registry(Mapping[str, Entry], Generic[Entry]):
    """Entries by name, in the order they were added."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._entries: dict[str, Entry] = {}

    def add(self, name: str, entry: Entry) -> None:
        """Add an entry. Raises ValueError if another one has that name."""
        if self._entries.get(name, entry) != entry:
            raise ValueError(f"There is already a {self.what} called {name!r}.")
        self._entries[name] = entry

    def update(self, entries: Mapping[str, Entry]) -> None:
        """Add these entries. Raises ValueError if another one has a name of theirs."""
        for name, entry in entries.items():
            self.add(name, entry)

    def replace(self, name: str, entry: Entry) -> None:
        """Add an entry, or replace the one with that name."""
        self._entries[name] = entry

    def __getitem__(self, name: str) -> Entry:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
