"""Why a photo was found, if some were found by looks: the headings of the results."""

from collections.abc import Sequence
from functools import reduce
from operator import and_

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from photos.gallery import labels
from photos.models import Photo
from search.compile import NOTHING, Compiler, any_of
from search.index import fulltext
from search.language.spoken.small import is_small
from search.language.tree import Word
from search.looks import Description

SAID = ("names", "notes", "details")  # columns of the index with what somebody wrote, not with what is in the picture
OTHERWISE = _lazy("Found by words")
Group = tuple[str, list[int]]


def grouped(compiler: Compiler, descriptions: Sequence[Description], ids: Sequence[int]) -> list[Group]:
    """The ids under their headings, each under the first reason that applies, in the order they had."""
    left, groups = list(ids), []
    for description in descriptions:
        for heading, condition in reasons(compiler, description) if description.photo is None else ():
            held = set(Photo.objects.filter(pk__in=left).filter(condition).values_list("pk", flat=True))
            groups.append((heading, [photo_id for photo_id in left if photo_id in held]))
            left = [photo_id for photo_id in left if photo_id not in held]
    for description in descriptions:
        alike = set(description.ids)
        groups.append((description.heading, [photo_id for photo_id in left if photo_id in alike]))
        left = [photo_id for photo_id in left if photo_id not in alike]
    groups.insert(-len(descriptions), (str(OTHERWISE), left))
    return [group for group in groups if group[1]]


def reasons(compiler: Compiler, description: Description) -> list[tuple[str, Q]]:
    """The reasons that can apply to photos for which all words of the description were found."""
    kinds = (
        (_("Named “%(words)s”"), called),
        (_("Recognised: %(words)s"), recognised),
        (_("“%(words)s” is written in it"), written),
    )
    telling = [word for word in description.words if word.said and not is_small(word.said.lower())] or description.words
    return [
        (heading % {"words": description.text}, reduce(and_, [condition(compiler, word) for word in telling]))
        for heading, condition in kinds
    ]


def called(compiler: Compiler, word: Word) -> Q:
    """In a title, a description, a tag, a name or the like."""
    return any_of(fulltext.having(fulltext.phrase_of(word.text, word.exact, column)) for column in SAID)


def recognised(compiler: Compiler, word: Word) -> Q:
    names = labels.meant(word.said)
    return compiler.with_objects(names) if names else NOTHING


def written(compiler: Compiler, word: Word) -> Q:
    return fulltext.having(fulltext.phrase_of(word.text, word.exact, "pictured"))
