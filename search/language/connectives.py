"""OR, AND and NOT that were typed in lower case, and so were looked for as words."""

from search.language.grammar import Mistake, parse
from search.language.tree import Tree, Word, walk

CONNECTIVES = {"or", "and", "not"}
LITTLE = 20  # photos below which it is asked whether something else was meant


def meant(text: str, tree: Tree) -> str:
    """The search with its connectives in capitals; empty where there are none, or where they connect nothing."""
    found = [node for node in walk(tree.root) if isinstance(node, Word) and not node.exact]
    typed = [word for word in found if word.text.lower() in CONNECTIVES]
    for word in typed:  # as long as before
        text = text[: word.start] + word.text.upper() + text[word.end :]
    try:
        parse(text)
    except Mistake:
        return ""
    return text if typed else ""
