"""Which names a value means: people, tags and albums are asked for by name, whole or in part."""

from collections.abc import Mapping
from typing import TypeVar

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


def meant(value: Value, names: Mapping[T, str]) -> set[T]:
    """Those whose whole name it is; if there are none those that have the words, else those whose words begin so."""
    asked = words(value.text)
    known = {thing: words(name) for thing, name in names.items()}
    whole = {thing for thing, name in known.items() if name == asked}
    if whole or value.operator or not asked:
        return whole
    for exact in (True, False) if not value.exact else (True,):
        if found := {thing for thing, name in known.items() if contains(name, asked, exact)}:
            return found
    return set()


def meant_paths(value: Value, paths: Mapping[T, str]) -> set[T]:
    """As `meant`, for paths such as travel/japan: what lies below is meant along with it.

    The path may be whole, or its end: japan is travel/japan, if no path is just that. A path that has only others below
    it is one as well.
    """
    parts = tuple(map(tuple, map(words, value.text.strip("/").split("/"))))
    known = {thing: tuple(tuple(words(part)) for part in path.split("/")) for thing, path in paths.items()}
    every = {path[:depth] for path in known.values() for depth in range(1, len(path) + 1)}
    top = {parts} & every
    if not top and not value.operator:
        top = {path for path in every if path[-len(parts) :] == parts}
    if not top and not value.operator and len(parts) == 1:
        top = meant(value, {path: " ".join(path[-1]) for path in every})
    return {thing for thing, path in known.items() if any(path[: len(root)] == root for root in top)}
