"""Which words of a search describe what a picture looks like."""

from collections.abc import Callable, Iterator, Sequence

from search.language.spoken.reading import token_of
from search.language.spoken.senses import DATE, Unit
from search.language.spoken.small import ARTICLES, is_small
from search.language.tree import Word


def describing(units: Sequence[Unit]) -> list[tuple[Word, ...]]:
    """What the words may describe: the plain words alone, and together with names that describe too, so that a
    christmas tree is a tree of that kind."""
    plain = described_by(units, lambda unit: unit.is_plain)
    both = described_by(units, lambda unit: unit.is_plain or unit.is_soft)
    if not plain and any(sense.kind == DATE for unit in units if unit.is_soft for sense in unit.senses):
        return []
    return [words for words in dict.fromkeys((both, plain)) if words]


def described_by(units: Sequence[Unit], describes: Callable[[Unit], bool]) -> tuple[Word, ...]:
    """The words of these units, with the small words between them."""
    found: list[Word] = []
    for unit in units:
        if describes(unit):
            found += [*leading(unit, bool(found)), *unit.words]
    return tuple(found)


def leading(unit: Unit, has_begun: bool) -> Iterator[Word]:
    """The small words before a unit that belong to a description: on the, of a; at its beginning articles only."""
    for word in unit.before:
        form = token_of(word).said
        if (is_small(form) and (has_begun or form in ARTICLES)) or not form:
            yield word
