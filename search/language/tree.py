"""What a search means, as a tree of plain values that prints back as a search."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from search.language.keys import ANY, KEYS, Kind

BARE = re.compile(r'[^\s()",:<>=“”„：-][^\s()",“”„]*')
GREEDY = {Kind.DATE, Kind.NEAR}  # what takes in the words after it


@dataclass(frozen=True)
class Value:
    """One value of a key. `operator` compares; `exact` was quoted: whole words, where otherwise beginnings do.

    `english` is what the text is called there; None: the same.
    """

    text: str
    operator: str = ""
    exact: bool = False
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    english: str | None = field(default=None, compare=False)

    @property
    def said(self) -> str:
        """The value in English, as the models take it."""
        return self.text if self.english is None else self.english

    def __str__(self) -> str:
        return self.operator + (quoted(self.text) if self.exact else self.text)


@dataclass(frozen=True)
class Word:
    """A word anywhere; quoted, these words in this order. `english` is what it is called there; None: the same."""

    text: str
    exact: bool = False
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    english: str | None = field(default=None, compare=False)

    @property
    def said(self) -> str:
        """The word in English, as the models take it."""
        return self.text if self.english is None else self.english

    def __str__(self) -> str:
        return quoted(self.text) if self.exact else self.text


@dataclass(frozen=True)
class Term:
    """A key with its values. `mode` says how several combine; `km` is the reach of near:."""

    key: str
    values: tuple[Value, ...]
    mode: str = ANY
    km: float = 0
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return self.printed()

    def printed(self, following: str = "") -> str:
        """As text, safe from taking in the word that follows."""
        values = self.values
        if following and KEYS[self.key].kind in GREEDY:
            values = tuple(Value(value.text, value.operator, exact=True) for value in values)
        text = f"{self.key}:{','.join(map(str, values))}"
        if self.km:
            return f"{text} {self.km:g}km"
        if self.mode != ANY or following in KEYS[self.key].modes:
            return f"{text} {self.mode}"
        return text


@dataclass(frozen=True)
class Not:
    """All but these."""

    child: "Node"
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return self.printed()

    def printed(self, following: str = "") -> str:
        if isinstance(self.child, And | Or):
            return f"-({self.child})"
        return "-" + printed(self.child, following)


@dataclass(frozen=True)
class And:
    """What all children find."""

    children: "tuple[Node, ...]"
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def __str__(self) -> str:
        following = [child.text if isinstance(child, Word) and not child.exact else "" for child in self.children[1:]]
        return " ".join(
            f"({child})" if isinstance(child, Or) else printed(child, word)
            for child, word in zip(self.children, [*following, ""], strict=True)
        )


@dataclass(frozen=True)
class Or:
    """What any child finds."""

    children: "tuple[Node, ...]"
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return " OR ".join(map(str, self.children))


Node = Word | Term | Not | And | Or


@dataclass(frozen=True)
class Tree:
    """A whole search: what is looked for (None: everything) and in which order."""

    root: Node | None
    sort: str = ""
    language: str = ""  # that its plain words are read in; empty: the reader's

    def __str__(self) -> str:
        of_whole = (("language", self.language), ("sort", self.sort))
        added = [Term(key, (Value(value),)) for key, value in of_whole if value]
        parts = [*conjuncts(self.root), *added] if added else [self.root] if self.root else []
        return str(both(parts)) if parts else ""


def printed(node: Node, following: str) -> str:
    return node.printed(following) if isinstance(node, Term | Not) else str(node)


def in_english(node: Node) -> Node:
    """The part with its values in English, as links of pages have them."""
    if not isinstance(node, Term):
        return node
    return replace(
        node, values=tuple(value if value.said == value.text else written(value.said) for value in node.values)
    )


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def written(text: str) -> Value:
    """A value for a text as people would type it: quoted only where it must be."""
    return Value(text, exact=BARE.fullmatch(text) is None)


def both(nodes: Iterable[Node]) -> Node:
    """The nodes joined by AND, flat."""
    flat = [part for node in nodes for part in conjuncts(node)]
    return flat[0] if len(flat) == 1 else And(tuple(flat), flat[0].start, flat[-1].end)


def either(nodes: Iterable[Node]) -> Node:
    """The nodes joined by OR, flat."""
    flat = [part for node in nodes for part in (node.children if isinstance(node, Or) else (node,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat), flat[0].start, flat[-1].end)


def conjuncts(node: Node | None) -> tuple[Node, ...]:
    """The parts that must all be true: a search as a row of chips."""
    if node is None:
        return ()
    return node.children if isinstance(node, And) else (node,)


def walk(node: Node | None) -> Iterator[Node]:
    """The node and everything below it."""
    if node is None:
        return
    yield node
    below = node.children if isinstance(node, And | Or) else (node.child,) if isinstance(node, Not) else ()
    for child in below:
        yield from walk(child)
