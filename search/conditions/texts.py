"""Words of one field, as questions to the full-text index."""

from search.compile import Compiler
from search.index.fulltext import phrase_of, under_key
from search.index.text_index import Question, some
from search.language.tree import Term

CODE = 2  # letters of a country code, which is never the beginning of a name


def scoped(compiler: Compiler, term: Term) -> Question:
    """Words that are indexed under the name of the key."""
    return some(under_key(term.key, value) for value in term.values)


def country(compiler: Compiler, term: Term) -> Question:
    return some(under_key(term.key, value, exact=len(value.text) == CODE) for value in term.values)


def in_picture(compiler: Compiler, term: Term) -> Question:
    """Words that are written in the picture."""
    return some(phrase_of(value.text, value.exact, "pictured") for value in term.values)
