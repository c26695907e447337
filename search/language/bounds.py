"""How much one search may ask for, so that each is answered soon."""

from search.language.keys import KEYS, Kind
from search.language.reader import Mistake
from search.language.tree import Node, Term, Tree, Word, walk
from search.language.words import words

MOST_PARTS = 100  # words, and values of keys
MOST_WORDS = 1_000  # in quotation marks, or in a script that is written without spaces
LOOKED_UP = {Kind.TEXT, Kind.NAME}  # what is cut into words


def within_bounds(tree: Tree) -> Tree:
    """The tree. Raises Mistake at the first part that is too much."""
    parts = spelled = 0
    for node in walk(tree.root):
        for text, start in texts_of(node):
            parts, spelled = parts + 1, spelled + len(words(text))
            if parts > MOST_PARTS:
                raise Mistake(f"A search has at most {MOST_PARTS} words and values. Leave some out.", start, node.end)
            if spelled > MOST_WORDS:
                raise Mistake(f"A search has at most {MOST_WORDS:,} words in all. Leave some out.", start, node.end)
    return tree


def texts_of(node: Node) -> list[tuple[str, int]]:
    """What a part looks for and where it says so; of dates and numbers, which are not cut into words, no text."""
    if isinstance(node, Word):
        return [(node.text, node.start)]
    if not isinstance(node, Term):
        return []
    looked_up = KEYS[node.key].kind in LOOKED_UP
    return [(value.text if looked_up else "", value.start) for value in node.values]
