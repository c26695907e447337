"""Tree to query: which photos a search finds.

Other apps call `select`. A valid search never fails here: a name that nobody has finds nothing and becomes a notice in
`Found.notices`, with its place in the text like a mistake.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo
from difflib import get_close_matches
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any, TypeVar

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from mirage.web.time_limit import check_time
from photos.access import visible_photos
from photos.gallery import labels, looks
from photos.models import DetectedObject, Photo, PhotoQuerySet
from photos.models.among import among
from search import hearing
from search.conditions.meanings import Asked, Meaning
from search.index import fulltext
from search.index.text_index import every, some
from search.language.grammar import Mistake, parse
from search.language.keys import KEYS, Kind
from search.language.languages.voices import language_read
from search.language.spoken.describing import describing
from search.language.spoken.reading import bare, token_of
from search.language.spoken.senses import KIND, Sense, Spoken, Unit
from search.language.spoken.spelling import otherwise
from search.language.tree import And, Node, Not, Or, Term, Tree, Value, Word, both, either, walk
from search.language.words import fold, words
from search.looks import Description, alike, described

Read = TypeVar("Read")
NOTHING = Q(pk__in=[])
STACKED = 20_000  # photos of stacks that are looked up for the tiles
MOST_CONDITIONS = 150  # of one query, including those of smart albums that it refers to
MOST_SEEN = 5  # descriptions of looks in one search: each costs the model some hundredths of a second
MOST_FORGIVEN = 10  # words in which typing mistakes are looked for, where they stand apart
LIKE = "like"  # the key that joins with words
MOST_GUESSES = 5  # unknown names for which a similar one is looked for


class TooMuch(Mistake):
    """The search is valid but would take the database too long."""


def any_of(conditions: Iterable[Q]) -> Q:
    """What any of these finds; nothing if there are none."""
    return reduce(or_, conditions, NOTHING)


@dataclass(frozen=True)
class Notice:
    """A value that finds nothing because nobody has that name: its place in the text, and a similar name."""

    message: str
    start: int
    end: int
    meant: str = ""


@dataclass(frozen=True)
class Found:
    """The photos of a search, its order, and the names that were not found."""

    tree: Tree
    photos: PhotoQuerySet
    notices: list[Notice]
    descriptions: list[Description] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)  # what its plain words were read as

    @property
    def by_looks(self) -> bool:
        """Whether photos were found by what they look like."""
        return any(one.ids for one in self.descriptions)

    @property
    def sort(self) -> str:
        """The order: best match first if photos were found by looks and the search names no order."""
        return self.tree.sort or ("relevance" if self.by_looks else "")

    @cached_property
    def tiles(self) -> PhotoQuerySet:
        """One photo of each stack: its cover if that was found, or else the first (as PhotoQuerySet.as_tiles).

        The few photos in stacks are looked up beforehand: a subquery would run the search once for each row.
        """
        in_stacks = Photo.objects.filter(stack__gt=0)  # SQLite uses an index for a comparison only
        if not in_stacks.exists():
            return self.photos
        # Stated twice: SQLite begins with the ids of photos in stacks, PostgreSQL with the column.
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
    compiler = Compiler(user, language=tree.language or language_read())
    shared, photos = compiler.shared, photos.filter(compiler.whole(tree))
    return Found(tree, photos, shared.notices, shared.descriptions, shared.spoken)


def asks_for_words(node: Node) -> bool:
    return isinstance(node, Word) or (isinstance(node, Term) and KEYS[node.key].kind is Kind.TEXT)


@dataclass
class Shared:
    """What the compilers of one search share: notices, counts and results of queries."""

    notices: list[Notice] = field(default_factory=list)
    descriptions: list[Description] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)  # conditions, and descriptions that pictures were looked for
    read: dict[str, Any] = field(default_factory=dict)


@dataclass
class Compiler:
    """Turns nodes into conditions for one user, and collects the notices."""

    user: User
    depth: int = 0  # nesting of smart albums
    seeing: bool = True  # whether words may find pictures by looks; not inside a negation
    shared: Shared = field(default_factory=Shared)
    language: str = ""  # that its plain words are read in before English

    @property
    def notices(self) -> list[Notice]:
        return self.shared.notices

    @property
    def zone(self) -> tzinfo:
        return self.user.zone

    @property
    def today(self) -> date:
        return timezone.localdate(timezone=self.zone)

    def of_album(self, owner: User, depth: int, language: str = "") -> "Compiler":
        """A compiler for a smart album in this search. Its notices are shown on the album's own page instead."""
        shared = Shared(counted=self.shared.counted)
        return Compiler(owner, depth, shared=shared, language=language or language_read())

    def remembered(self, what: str, read: Callable[[], Read]) -> Read:
        """The result for an earlier part of the same search, or a new one."""
        if what not in self.shared.read:
            self.shared.read[what] = read()
        return self.shared.read[what]

    def whole(self, tree: Tree) -> Q:
        """The condition of a search. If it needs the full-text index, changed photos are indexed first."""
        if any(map(asks_for_words, walk(tree.root))):
            fulltext.refresh()
        return self.condition(tree.root) if tree.root else Q()

    def condition(self, node: Node) -> Q:
        """The condition of a part. Raises Mistake if there are too many for one query."""
        return self.condition_of(self.meaning(node))

    def meaning(self, node: Node) -> Meaning:
        match node:
            case Word():
                return self.words([node])
            case Term():
                return self.term(node)
            case Not():
                return self.none_of(node.child)
            case And():
                return self.all_of(node.children)
            case Or():
                return self.one_of(node.children)

    def one_of(self, nodes: Iterable[Node]) -> Meaning:
        """What any of the nodes finds."""
        wanted, left_out = parted(nodes)
        meanings = list(map(self.meaning, wanted))
        if left_out:
            meanings.append(self.none_of(both(left_out)))
        return self.one_of_meanings(meanings)

    def one_of_meanings(self, meanings: Iterable[Meaning]) -> Meaning:
        """What has one of these meanings or more."""
        meanings = list(meanings)
        asked = [meaning.asked for meaning in meanings if meaning.asked]
        return Meaning(
            Asked.joined(some, asked) if asked else None,
            frozenset().union(*(meaning.things for meaning in meanings)),
            tuple(condition for meaning in meanings for condition in meaning.conditions),
        )

    def all_of(self, nodes: Sequence[Node]) -> Meaning:
        """What every node finds."""
        wanted, left_out = parted(nodes)
        words = [node for node in nodes if isinstance(node, Word)]
        others = [node for node in wanted if not isinstance(node, Word)]
        meanings = []
        if like := next((node for node in others if isinstance(node, Term) and node.key == LIKE), None):
            others.remove(like)
            found, words = self.like(like, words)
            meanings.append(found)
        meanings += [self.words(words)] if words else []
        meanings += [self.meaning(node) for node in others]
        if left_out:
            meanings.append(self.none_of(either(left_out)))
        return self.both_of(meanings)

    def both_of(self, meanings: Sequence[Meaning]) -> Meaning:
        """Photos with all of these meanings."""
        asked = [meaning.asked for meaning in meanings if meaning.asked and meaning.is_words]
        joined = [Meaning(Asked.joined(every, asked))] if asked else []
        joined += [meaning for meaning in meanings if not meaning.is_words]
        if len(joined) == 1:
            return joined[0]
        return Meaning(conditions=(reduce(and_, map(self.condition_of, joined)),))

    def none_of(self, node: Node) -> Meaning:
        """All photos except those that the node finds."""
        return Meaning(conditions=(~replace(self, seeing=False).condition(node),))

    def condition_of(self, meaning: Meaning) -> Q:
        """The meaning as one condition."""
        parts = list(meaning.conditions)
        if meaning.things:
            parts.append(self.with_objects(meaning.things))
        if meaning.asked:
            parts += self.with_words(meaning.asked)
        return any_of(parts) if len(parts) != 1 else parts[0]

    def with_words(self, asked: Asked) -> list[Q]:
        """What has the words: the user's own photos, and those of others.

        The owner stands first, so that the database looks only for the words of whom there are photos.
        """
        if asked.own == asked.anywhere:
            return [self.count(fulltext.having(asked.anywhere))]
        mine = Q(owner=self.user)  # in them everything is looked for that is looked for anywhere
        return [
            self.count(mine & fulltext.having(asked.own)),
            self.count(~mine & fulltext.having(asked.anywhere)),
        ]

    def like(self, term: Term, words: Sequence[Word] = ()) -> tuple[Meaning, list[Word]]:
        """Photos like that one and as words say; and the words that narrow them down instead."""
        value = term.values[0]
        photo = visible_photos(self.user).present().filter(key=value.text).first()
        description = alike(self.user, photo, words) if photo else None
        if description is None:
            told = _("It is not known yet what this photo looks like. Try again later.")
            told = told if photo else _("There is no photo with the key “%(key)s”.") % {"key": value.text}
            return Meaning(conditions=(self.note(told, value),)), list(words)
        if self.seeing:
            self.shared.descriptions.append(description)
        left = [word for word in words if word not in description.words]
        return Meaning(conditions=(self.count(among(description.ids)),)), left

    def count(self, condition: Q) -> Q:
        """Count the condition. Raises TooMuch if there are too many."""
        self.shared.counted["conditions"] += 1
        if self.shared.counted["conditions"] > MOST_CONDITIONS:
            raise TooMuch(_("This search is too long. Leave some of it out."), 0, 1)
        return condition

    def term(self, term: Term) -> Meaning:
        made = KEYS[term.key].condition
        assert made, "sort: is no part of a tree"
        check_time()
        try:
            found = made(self, term)
        except TooMuch as mistake:
            raise TooMuch(mistake.message, term.start, term.end) from mistake
        return Meaning(conditions=(self.count(found),)) if isinstance(found, Q) else Meaning(Asked(found, found))

    def note(self, message: str, value: Value, names: Iterable[str] = ()) -> Q:
        """Note that this value finds nothing, and which of the names is similar."""
        known = {fold(name): name for name in names if name} if len(self.notices) < MOST_GUESSES else {}
        close = get_close_matches(fold(value.text), known, n=1)
        self.notices.append(Notice(message, value.start, value.end, known[close[0]] if close else ""))
        return NOTHING

    def words(self, words: Sequence[Word]) -> Meaning:
        """All that the words mean, read as people say them; or a picture that looks like what they describe."""
        said = self.heard(words)
        if self.seeing:
            self.shared.spoken.append(said)
        return self.together([unit for unit in said.units if unit.words])

    def heard(self, words: Sequence[Word]) -> Spoken:
        known = self.remembered("names", lambda: hearing.names_of(self.user))
        self.shared.counted["heard"] += len(words)
        is_short = self.shared.counted["heard"] <= MOST_FORGIVEN or self.shared.counted["heard"] == len(words)
        return hearing.hear(self.user, words, known, self.language, forgiving=self.seeing and is_short)

    def together(self, units: Sequence[Unit]) -> Meaning:
        """What has all that these units mean, or looks like what they describe and has the rest."""
        meanings = [(unit, self.unit(unit)) for unit in units]
        meant = self.both_of([meaning for _, meaning in meanings])
        seen = [condition for words in describing(units) if (condition := self.looking_like(words, meanings))]
        return replace(meant, conditions=(*meant.conditions, *seen))

    def unit(self, unit: Unit) -> Meaning:
        """Words that belong together: what they mean, and what has them in its text."""
        if unit.left_out:
            apart = replace(self, shared=replace(self.shared, descriptions=[]))  # what is left out is no reason
            return Meaning(conditions=(~apart.condition_of(apart.together([replace(unit, left_out=False)])),))
        if unit.others:
            return self.one_of_meanings([self.together([one]) for one in (replace(unit, others=()), *unit.others)])
        if not unit.senses:
            return self.both_of([self.word(word) for word in unit.words])
        meanings = [] if unit.sure else [self.phrase(unit)]
        meanings += [self.meaning(found) for sense in unit.senses if not sense.indexed and (found := node_of(sense))]
        if unit.inner:
            meanings.append(self.both_of([self.unit(inner) for inner in unit.inner]))
        return self.one_of_meanings(meanings)

    def phrase(self, unit: Unit) -> Meaning:
        """The words of a unit in the text, as they stand; of a kind in one word for one and for many."""
        text = " ".join(bare(token_of(word).form) for word in unit.words)
        is_kind = len(unit.words) == 1 and unit.senses[0].kind == KIND
        others = (f"{text}s", *otherwise(fold(text))) if is_kind else ()
        asked = some(fulltext.phrase_of(form, exact=True) for form in (text, *others))
        return Meaning(Asked(asked, some([asked, fulltext.naming(text, exact=True)])) if words(text) else None)

    def looking_like(self, words: Sequence[Word], meanings: Sequence[tuple[Unit, Meaning]]) -> Q | None:
        """What looks like what the words describe, and has the rest of the units, whose meanings are known."""
        description = self.described(words)
        if description is None or not description.ids:
            return None
        rest = [meaning for unit, meaning in meanings if not set(description.words) & set(unit.words)]
        return reduce(and_, map(self.condition_of, rest), among(description.ids))

    def described(self, words: Sequence[Word]) -> Description | None:
        """What the words describe, if looks are searched."""
        if not self.seeing or self.shared.counted["seen"] >= MOST_SEEN or not self.remembered("sight", self.can_see):
            return None
        if description := described(self.user, words):
            self.shared.counted["seen"] += 1
            self.shared.descriptions.append(description)
        return description

    def can_see(self) -> bool:
        """Whether words can be compared with pictures."""
        return looks.can_find(self.user)

    def word(self, word: Word) -> Meaning:
        """In the text, or a thing in the picture called so; quoted, only what bears just that name."""
        written = [fulltext.phrase_of(word.text, word.exact)]
        if not word.exact:
            written += [fulltext.phrase_of(form, True) for form in otherwise(fold(bare(token_of(word).form)))]
        asked = Asked(some(written), some([*written, fulltext.naming(word.text, word.exact)]))
        names = labels.meant(word.said) or labels.meant(word.text)
        if word.exact:
            names = {name: sure for name, sure in names.items() if name == labels.folded(word.text)}
        return Meaning(asked, frozenset(names))

    def with_objects(self, names: Iterable[str]) -> Q:
        """With an object of one of these names. Users without automatic labels get only accepted ones."""
        things = DetectedObject.objects.not_rejected().filter(label__in=list(names))
        if not self.user.automatic_labels:
            things = things.filter(state=DetectedObject.State.ACCEPTED)
        return self.count(Q(pk__in=things.values("photo")))


def node_of(sense: Sense) -> Node | None:
    """The sense as a part of a tree."""
    return parse(sense.text).root


def parted(nodes: Iterable[Node]) -> tuple[list[Node], list[Node]]:
    """The nodes without duplicates, and separately what is negated."""
    distinct = dict.fromkeys(nodes)
    left_out = [node.child for node in distinct if isinstance(node, Not)]
    return [node for node in distinct if not isinstance(node, Not)], left_out
