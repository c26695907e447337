"""Which names a value means: people, tags and albums are asked for by name, whole or in part."""

from collections.abc import Collection, Mapping
from typing import Generic, TypeVar

from search.language.tree import Value
from search.language.words import words

T = TypeVar("T")


def contains(text: list[str], part: list[str], exact: bool) -> bool:
    """Whether these words follow each other in the text; the last one may be only the beginning, unless exact."""
    *whole, last = part
    for start in range(len(text) - len(part) + 1):
        found = text[start + len(whole)]
        if text[start : start + len(whole)] == whole and (found == last if exact else found.startswith(last)):
            return True
    return False


class Names(Generic[T]):
    """Things by their names, which are cut into words once for all values that are asked for."""

    def __init__(self, names: Mapping[T, str]) -> None:
        self.names: Collection[str] = names.values()
        self.words = {thing: words(name) for thing, name in names.items()}

    def meant(self, value: Value) -> set[T]:
        """Those whose whole name it is; if there are none those that have the words, else whose words begin so."""
        asked = words(value.text)
        whole = {thing for thing, name in self.words.items() if name == asked}
        if whole or value.operator or not asked:
            return whole
        for exact in (True, False) if not value.exact else (True,):
            if found := {thing for thing, name in self.words.items() if contains(name, asked, exact)}:
                return found
        return set()


class Paths(Generic[T]):
    """Things by paths such as travel/japan: what lies below one is meant along with it."""

    def __init__(self, paths: Mapping[T, str]) -> None:
        self.names: Collection[str] = paths.values()
        self.known = {thing: tuple(tuple(words(part)) for part in path.split("/")) for thing, path in paths.items()}
        self.every = {path[:depth] for path in self.known.values() for depth in range(1, len(path) + 1)}
        self.ends = Names({path: " ".join(path[-1]) for path in self.every})

    def meant(self, value: Value) -> set[T]:
        """The path may be whole, or its end: japan is travel/japan, if no path is just that.

        A path that has only others below it is one as well.
        """
        parts = tuple(map(tuple, map(words, value.text.strip("/").split("/"))))
        top = {parts} & self.every
        if not top and not value.operator:
            top = {path for path in self.every if path[-len(parts) :] == parts}
        if not top and not value.operator and len(parts) == 1:
            top = self.ends.meant(value)
        return {thing for thing, path in self.known.items() if any(path[: len(root)] == root for root in top)}
