"""Words of one field, by the full-text index."""

from django.db.models import Q

from search.compile import Compiler, any_of
from search.index.fulltext import having, phrase_of, under_key
from search.language.tree import Term

CODE = 2  # letters of a country's code, which is never the beginning of a name


def scoped(compiler: Compiler, term: Term) -> Q:
    """Words that are indexed under the name of the key."""
    return any_of(having(under_key(term.key, value)) for value in term.values)


def country(compiler: Compiler, term: Term) -> Q:
    return any_of(having(under_key(term.key, value, exact=len(value.text) == CODE)) for value in term.values)


def in_picture(compiler: Compiler, term: Term) -> Q:
    """Words that are written in the picture."""
    return any_of(having(phrase_of(value.text, value.exact, "pictured")) for value in term.values)
