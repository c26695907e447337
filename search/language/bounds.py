"""How much one search may ask for, so that each is answered soon."""

from django.utils.translation import gettext as _

from mirage.wording import number_in_words
from search.language.keys import KEYS, Kind
from search.language.reader import Mistake
from search.language.tree import Node, Term, Tree, Value, Word, walk
from search.language.words import words

MOST_PARTS = 100  # words, and values of keys
MOST_WORDS = 1_000  # in quotation marks, or in a script that is written without spaces
MOST_LETTERS = 10  # alone, each of which is the beginning of a large part of all words
FIRST_SPACELESS = "\u0e00"  # from here on a sign is a word (words.SPACELESS)
LOOKED_UP = {Kind.TEXT, Kind.NAME}  # what is cut into words


def within_bounds(tree: Tree) -> Tree:
    """The tree. Raises Mistake at the first part that is too much."""
    parts = spelled = letters = 0
    for node in walk(tree.root):
        for part in parts_of(node):
            found = words(part.text)
            parts, spelled, letters = parts + 1, spelled + len(found), letters + is_letter(part, found)
            if parts > MOST_PARTS:
                raise too_many(_("A search has at most %(most)s words and values. Leave some out."), MOST_PARTS, part)
            if spelled > MOST_WORDS:
                raise too_many(_("A search has at most %(most)s words in all. Leave some out."), MOST_WORDS, part)
            if letters > MOST_LETTERS:
                raise too_many(_("A search has at most %(most)s single letters. Leave some out."), MOST_LETTERS, part)
    return tree


def too_many(message: str, most: int, part: Word | Value) -> Mistake:
    return Mistake(message % {"most": number_in_words(most)}, part.start, part.end)


def parts_of(node: Node) -> list[Word | Value]:
    """What a node looks for; of dates and numbers, which are not cut into words, without the text."""
    if isinstance(node, Word):
        return [node]
    if not isinstance(node, Term):
        return []
    if KEYS[node.key].kind in LOOKED_UP:
        return list(node.values)
    return [Value("", start=value.start, end=value.end) for value in node.values]


def is_letter(part: Word | Value, found: list[str]) -> bool:
    """Whether it asks for all words that begin with a letter."""
    return not part.exact and bool(found) and len(found[-1]) == 1 and found[-1] < FIRST_SPACELESS
