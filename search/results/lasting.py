"""Searches that are kept: they mean the same when their owner reads Mirage in another language.

The text stays as it was typed. Where one of the other languages would read its words otherwise, the language that they
were read in is written behind it: `Mai 2024 language:de`, `(Strand OR Berg) language:de`.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import override

from search import hearing
from search.language.grammar import SEEN, Mistake, parse
from search.language.languages.tables import CALLED
from search.language.languages.voices import language_read, voice_of
from search.language.spoken.known import Known
from search.language.spoken.reading import in_english, read, token_of
from search.language.spoken.senses import flat
from search.language.tree import Term, Tree, Word, walk
from vision.words import translations

Reading = tuple[tuple[tuple[str, ...], str, bool], ...]


def lasting(text: str) -> str:
    """The text with the language of the reader, if its meaning depends on that. Raises Mistake."""
    tree = parse(text)
    said = [node for node in walk(tree.root) if isinstance(node, Word) and not node.exact]
    if tree.language:
        return text
    own = language_read()
    meant = reading(said, own) if said else ()
    if all(reading(said, code) == meant for code in CALLED if said) and is_english(text, tree):
        return text
    kept = str(replace(tree, language=own))
    parse(kept)  # with the language behind it, it may have become too long
    return kept


def is_english(text: str, tree: Tree) -> bool:
    """Whether dates after keys are written in English, which every language reads as well, and things as all do."""
    try:
        with override("en"):
            if parse(text).root != tree.root:
                return False
    except Mistake:
        return False
    seen = [value for node in walk(tree.root) if isinstance(node, Term) and node.key in SEEN for value in node.values]
    return all(translations.meant(value.text, code) == value.said for value in seen for code in CALLED)


def reading(said: Sequence[Word], language: str) -> Reading:
    """What words mean in a language, in a library without names."""
    voice = voice_of([token_of(word).form for word in said], language, lambda form: False, hearing.is_english)
    units = flat(read(in_english(said, Known(), voice), Known(), voice))
    return tuple(
        (tuple(sense.text for sense in unit.senses), " ".join(word.said.lower() for word in unit.words), unit.left_out)
        for unit in units
        if unit.words
    )
