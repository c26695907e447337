"""What photos look like, as the value of a key."""

from django.db.models import Q
from django.utils.translation import gettext as _

from photos.models.among import among
from search.compile import Compiler, any_of
from search.language.tree import Term, Value
from search.looks import of_value


def looks_like(compiler: Compiler, term: Term) -> Q:
    return any_of(like(compiler, value) for value in term.values)


def like_photo(compiler: Compiler, term: Term) -> Q:
    """What looks like a photo, where no words go with it."""
    found, _ = compiler.like(term)
    return compiler.condition_of(found)


def like(compiler: Compiler, value: Value) -> Q:
    description = of_value(compiler.user, value)
    if not description.ids:
        return compiler.note(_("Nothing here looks like “%(words)s”.") % {"words": value.text}, value)
    compiler.shared.descriptions.append(description)
    return among(description.ids)
