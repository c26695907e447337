"""A search as a row of chips, each of which can be taken away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import pgettext_lazy

from search.compile import Found
from search.language.labels import icon_of, label_of
from search.language.spoken.senses import Spoken, Unit
from search.language.tree import Node, Not, Tree, Word, both, conjuncts

LACKING = {  # what the kinds of photos lack that are called Without …
    "-has:gps": pgettext_lazy("With … too", "a place"),
    "-has:faces": pgettext_lazy("With … too", "people"),
    "-has:title": pgettext_lazy("With … too", "a title"),
    "-has:albums": pgettext_lazy("With … too", "an album"),
}


@dataclass(frozen=True)
class Chip:
    """A part of a search as people read it, how it was written, and the search without it.

    `left_out` is what it leaves out, as people read it: Anna of without Anna.
    """

    label: str
    written: str
    without: str
    icon: str = ""
    left_out: str = ""


def chips(found: Found) -> list[Chip]:
    """The parts of a search."""
    parts = conjuncts(found.tree.root)
    words = tuple(part for part in parts if isinstance(part, Word))
    spoken = next((one for one in found.spoken if one.words == words), None)
    chips = list(of_words(found.tree, parts, spoken)) if spoken else []
    at_words = {id(word) for word in words} if spoken else set()
    for part in parts:
        if id(part) not in at_words:
            label, less = label_of(part), without(found.tree, parts, [part])
            left_out = label_of(part.child) if isinstance(part, Not) else ""
            chips.append(Chip(label, str(part), less, icon_of(part), left_out))
    return chips


def of_words(tree: Tree, parts: Sequence[Node], spoken: Spoken) -> Iterator[Chip]:
    """A chip for what words mean together; the small words before them go with it."""
    for unit in spoken.units:
        if unit.words:
            starts = {word.start for word in unit.all_words}
            gone = [part for part in parts if isinstance(part, Word) and part.start in starts]
            less = without(tree, parts, gone)
            yield Chip(unit.label, as_written(unit, gone), less, unit.icon, left_out_by(unit))


def left_out_by(unit: Unit) -> str:
    """Anna of `without Anna`, people of `Without people`; empty where nothing is left out."""
    if unit.left_out:
        return unit.what
    return str(LACKING.get(unit.senses[0].text, "")) if unit.senses and not unit.others else ""


def as_written(unit: Unit, gone: Sequence[Node]) -> str:
    """The words as they were typed, without the small ones before them."""
    small = {word.start for word in unit.before}
    return " ".join(str(part) for part in gone if part.start not in small) or unit.text


def without(tree: Tree, parts: Sequence[Node], gone: Sequence[Node]) -> str:
    """The search without some of its parts."""
    left = [part for part in parts if not any(part is one for one in gone)]
    return str(Tree(both(left) if left else None, tree.sort))
