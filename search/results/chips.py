"""A search as a row of chips, each of which can be taken away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
            less = without(tree, [rest for part in parts for rest in without_words(part, unit.all_words)], [])
            yield Chip(unit.label, as_written(unit, parts), less, unit.icon, left_out_by(unit))


def left_out_by(unit: Unit) -> str:
    """Anna of `without Anna`, people of `Without people`; empty where nothing is left out."""
    if unit.left_out:
        return unit.what
    return str(LACKING.get(unit.senses[0].text, "")) if unit.senses and not unit.others else ""


def without_words(part: Node, gone: Sequence[Word]) -> Iterator[Node]:
    """What is left of a part of the search without these words, of which it may have been several: 猫 of 猫2024年."""
    if not isinstance(part, Word) or not any(is_within(word, part) for word in gone):
        yield part
        return
    if part.exact or any(word.start <= part.start and part.end <= word.end for word in gone):
        return
    taken = {at for word in gone for at in range(word.start, word.end)}
    kept = "".join(" " if part.start + at in taken else sign for at, sign in enumerate(part.text))
    yield from map(Word, kept.split())


def is_within(word: Word, part: Word) -> bool:
    return word.start < part.end and part.start < word.end


def as_written(unit: Unit, parts: Sequence[Node]) -> str:
    """The words as they were typed, without the small ones before them."""
    small = {word.start for word in unit.before}
    typed = [word for word in unit.all_words if word.start not in small]
    said = []
    for part in parts:
        if isinstance(part, Word) and part.exact and any(word.start == part.start for word in typed):
            said.append(str(part))
        elif isinstance(part, Word) and not part.exact:
            said += [
                part.text[max(word.start - part.start, 0) : word.end - part.start]
                for word in typed
                if is_within(word, part)
            ]
    return " ".join(said) or unit.text


def without(tree: Tree, parts: Sequence[Node], gone: Sequence[Node]) -> str:
    """The search without some of its parts."""
    left = [part for part in parts if not any(part is one for one in gone)]
    return str(replace(tree, root=both(left) if left else None))
