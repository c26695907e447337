"""Tree to query: which photos a search finds.

`select` is what other apps call. A search that can be read never fails here: a name that nobody has finds nothing, and
is told in `Found.notices`, pointed at in the text as a mistake would be.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo
from difflib import get_close_matches
from functools import cached_property, reduce
from operator import and_, or_

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from photos.access import visible_photos
from photos.gallery import clip_search, labels
from photos.models import DetectedObject, Photo, PhotoQuerySet
from search.index import fulltext
from search.language.grammar import parse
from search.language.keys import KEYS, Kind
from search.language.tree import And, Node, Not, Or, Term, Tree, Value, Word, walk
from search.language.words import fold

NOTHING = Q(pk__in=[])
STACKED = 20_000  # photos of stacks that are made into tiles


def any_of(conditions: Iterable[Q]) -> Q:
    """What any of these finds; nothing where there are none."""
    return reduce(or_, conditions, NOTHING)


@dataclass(frozen=True)
class Notice:
    """What finds nothing because nobody or nothing is called so, where in the text, and which name is like it."""

    message: str
    start: int
    end: int
    meant: str = ""


@dataclass(frozen=True)
class Found:
    """The photos of a search, its order, and what could not be found by its name."""

    tree: Tree
    photos: PhotoQuerySet
    notices: list[Notice]

    @property
    def sort(self) -> str:
        return self.tree.sort

    @cached_property
    def tiles(self) -> PhotoQuerySet:
        """One photo of each stack: its cover if that was found, else the first (as PhotoQuerySet.as_tiles).

        The few that are in stacks are looked up beforehand: a query within the query would search once for each row.
        """
        in_stacks = Photo.objects.filter(stack__gt=0)  # a comparison is what SQLite takes the index for
        if not in_stacks.exists():
            return self.photos
        # Said twice: by the ids SQLite begins with those in stacks, by the column PostgreSQL does.
        found = self.photos.filter(pk__in=in_stacks.values("pk"), stack__gt=0)
        stacked = found.order_by("pk").values_list("pk", "stack", "stack__cover")
        shown: dict[int, int] = {}
        ids = []
        for photo_id, stack_id, cover_id in stacked[:STACKED]:
            ids.append(photo_id)
            if photo_id == cover_id or stack_id not in shown:
                shown[stack_id] = photo_id
        hidden = set(ids) - set(shown.values())
        return self.photos.exclude(pk__in=hidden) if hidden else self.photos


def select(photos: PhotoQuerySet, user: User, text: str) -> PhotoQuerySet:
    """Those of the photos that the user's search finds, in no order. Raises Mistake."""
    return find(photos, user, parse(text)).photos


def find(photos: PhotoQuerySet, user: User, tree: Tree) -> Found:
    """What a tree finds among the photos."""
    compiler = Compiler(user)
    return Found(tree, photos.filter(compiler.whole(tree)), compiler.notices)


def asks_for_words(node: Node) -> bool:
    return isinstance(node, Word) or (isinstance(node, Term) and KEYS[node.key].kind is Kind.TEXT)


@dataclass
class Compiler:
    """Turns nodes into conditions for one user, and collects what it has to tell."""

    user: User
    depth: int = 0  # smart albums within smart albums
    notices: list[Notice] = field(default_factory=list)
    seeing: bool = True  # whether words find pictures that they fit (vision/clip.py); not where they are left out

    @property
    def zone(self) -> tzinfo:
        return self.user.zone

    @property
    def today(self) -> date:
        return timezone.localdate(timezone=self.zone)

    def whole(self, tree: Tree) -> Q:
        """The condition of a search. Where it asks the full-text index, this takes in first what has changed."""
        if any(map(asks_for_words, walk(tree.root))):
            fulltext.refresh()
        return self.condition(tree.root) if tree.root else Q()

    def condition(self, node: Node) -> Q:
        match node:
            case Word():
                return self.word(node)
            case Term():
                return self.term(node)
            case Not():
                return ~replace(self, seeing=False).condition(node.child)
            case And() | Or():
                return reduce(and_ if isinstance(node, And) else or_, map(self.condition, node.children))

    def term(self, term: Term) -> Q:
        made = KEYS[term.key].condition
        assert made, "sort: is no part of a tree"
        return made(self, term)

    def note(self, message: str, value: Value, names: Iterable[str] = ()) -> Q:
        """Say that this value finds nothing, and which of the names is like it."""
        known = {fold(name): name for name in names if name}
        close = get_close_matches(fold(value.text), known, n=1)
        self.notices.append(Notice(message, value.start, value.end, known[close[0]] if close else ""))
        return NOTHING

    def word(self, word: Word) -> Q:
        """In the text, or a thing in the picture that people call so; quoted, only what bears just that name."""
        written = fulltext.having(fulltext.phrase_of(word.text, word.exact))
        written |= Q(owner=self.user) & fulltext.having(fulltext.naming(word.text, word.exact))
        names = labels.meant(word.text)
        if word.exact:
            names = {name: sure for name, sure in names.items() if name == labels.folded(word.text)}
        if self.seeing and (fitting := clip_search.find(word.text, visible_photos(self.user))):
            written |= Q(pk__in=fitting)
        return written | self.with_objects(names) if names else written

    def with_objects(self, names: Iterable[str]) -> Q:
        """With a thing of one of these names; who does not want automatic labels has those that were accepted."""
        things = DetectedObject.objects.in_force().filter(label__in=list(names))
        if not self.user.automatic_labels:
            things = things.filter(state=DetectedObject.State.ACCEPTED)
        return Q(pk__in=things.values("photo"))
