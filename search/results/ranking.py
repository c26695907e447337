"""Orders other than by day, such as best match or largest file, as a listing without days.

Relevance merges two rankings by reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009): that of the full-text
index for words, and that of the models for what is in the pictures. Each list gives a photo 1 / (60 + rank).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from django.db.models import F, Max

from accounts.models import User
from photos.gallery import labels
from photos.gallery.timeline import EPOCH, PAGE_SIZE, TILE_FIELDS, Cursor, Day, Month, Page, Timeline
from photos.models import DetectedObject, Photo, PhotoQuerySet
from photos.models.among import among
from search.compile import Compiler, Found
from search.index import fulltext
from search.index.text_index import some, text_index
from search.language.spoken.senses import NAMES, Spoken, flat
from search.language.tree import Node, Not, Term, Word
from search.limits import in_time
from search.results.reasons import Group, grouped

FUSION = 60
CANDIDATES = 5_000  # of each list that is merged
MOST = 2_000  # photos of a listing in such an order
ORDERS = {
    "oldest": ("taken_local", "pk"),
    "largest": ("-size", "-pk"),
    "rating": (F("rating").desc(nulls_last=True), "-taken_local", "-pk"),
}


def ordered_ids(found: Found, user: User) -> list[int]:
    """The ids of the results in the order that the search asks for, MOST at most."""
    if found.sort == "relevance":
        return by_relevance(found, user)
    return list(found.tiles.order_by(*ORDERS[found.sort]).values_list("pk", flat=True)[:MOST])


def by_relevance(found: Found, user: User) -> list[int]:
    scores = merged(ranked_lists(found, user))
    tiles = found.tiles
    hits = tiles.filter(among(scores)).values_list("pk", "taken_local")
    best = sorted(hits, key=lambda hit: (scores[hit[0]], hit[1], hit[0]), reverse=True)[:MOST]
    ids = [photo_id for photo_id, _ in best]
    if len(ids) < MOST:
        rest = tiles.exclude(among(scores)).order_by("-taken_local", "-pk")
        ids += rest.values_list("pk", flat=True)[: MOST - len(ids)]
    return ids


def merged(lists: Sequence[Sequence[int]]) -> dict[int, float]:
    """The score of each id by reciprocal rank fusion."""
    scores: dict[int, float] = defaultdict(float)
    for ranked in lists:
        for rank, photo_id in enumerate(ranked, 1):
            scores[photo_id] += 1 / (FUSION + rank)
    return dict(scores)


def ranked_lists(found: Found, user: User) -> list[list[int]]:
    """For what is asked for (not what is left out): the hits of the words, and of what is in the pictures."""
    words = [word for spoken in found.spoken for word in telling(spoken)]
    terms = [node for node in wanted(found.tree.root) if isinstance(node, Term)]
    phrases = [make(word.text, word.exact) for word in words for make in (fulltext.phrase_of, fulltext.naming)]
    texts = [value for term in terms if term.key == "text" for value in term.values]
    phrases += [fulltext.phrase_of(value.text, value.exact, "pictured") for value in texts]
    lists = [text_index().ranked(some(phrases), CANDIDATES)] if phrases else []
    named = [word.said for word in words] + [
        value.said for term in terms if term.key == "object" for value in term.values
    ]
    lists += by_objects(named, user)
    lists += [description.ids for description in found.descriptions if description.ids]
    return lists


def telling(spoken: Spoken) -> list[Word]:
    """The words that photos may have in their texts: not those of dates and kinds, nor what is left out."""
    asked = [unit for unit in flat(spoken.units) if not unit.left_out]
    return [word for unit in asked if all(sense.kind in NAMES for sense in unit.senses) for word in unit.words]


def by_objects(texts: Iterable[str], user: User) -> list[list[int]]:
    """For each text that names objects, the photos with them, the highest score first."""
    asked = [names for text in dict.fromkeys(texts) if (names := labels.meant(text))]
    if not asked:
        return []
    things = DetectedObject.objects.not_rejected().filter(label__in=set().union(*asked), photo__owner=user)
    best = things.values("photo", "label").annotate(best=Max("score")).values_list("photo", "label", "best")
    scores = list(best)
    return [surest(names, scores) for names in asked]


def surest(names: Mapping[str, float], scores: Iterable[tuple[int, str, float]]) -> list[int]:
    """The photos with objects of these names, of (photo, name, score)."""
    sure: dict[int, float] = defaultdict(float)
    for photo_id, label, score in scores:
        if label in names:
            sure[photo_id] = max(sure[photo_id], score * names[label])
    return sorted(sure, key=lambda photo_id: (-sure[photo_id], photo_id))[:CANDIDATES]


def wanted(node: Node | None) -> list[Node]:
    """The words and terms of a tree that are not negated."""
    if node is None or isinstance(node, Not):
        return []
    if isinstance(node, Word | Term):
        return [node]
    return [part for child in node.children for part in wanted(child)]


@dataclass(frozen=True)
class Ranking(Timeline):
    """A listing in the order of `found`; the id in a cursor is a place in it, counted from one."""

    found: Found = field(kw_only=True)
    user: User = field(kw_only=True)

    @cached_property
    def groups(self) -> list[Group]:
        """All ids in their order, under headings that say why they were found if some were found by looks."""
        with in_time():
            ids = ordered_ids(self.found, self.user)
            if self.found.sort != "relevance" or not self.found.by_looks:
                return [("", ids)]
            descriptions = [description for description in self.found.descriptions if description.ids]
            return grouped(Compiler(self.user), descriptions, ids)

    @cached_property
    def ids(self) -> list[int]:
        return [photo_id for _, ids in self.groups for photo_id in ids]

    @cached_property
    def headings(self) -> dict[int, tuple[int, str]]:
        """The heading of each photo, and the number of its group."""
        return {photo_id: (at, name) for at, (name, ids) in enumerate(self.groups) for photo_id in ids}

    @cached_property
    def places(self) -> dict[int, int]:
        return {photo_id: place for place, photo_id in enumerate(self.ids, 1)}

    def photos(self) -> PhotoQuerySet:
        return self.owned.filter(pk__in=self.ids)

    def cursor(self, photo: Photo) -> Cursor | None:
        place = self.places.get(photo.pk)
        return Cursor(EPOCH, place) if place else None

    def place_of(self, text: str) -> Cursor:
        return Cursor(EPOCH, 0)

    def stretch(self, start: int, end: int) -> Page:
        """The photos at these places, counted from zero."""
        start, end = max(start, 0), min(end, len(self.ids))
        found = Photo.objects.only(*TILE_FIELDS).in_bulk(self.ids[start:end])
        photos = [found[photo_id] for photo_id in self.ids[start:end] if photo_id in found]
        days = [self.section(number, name, list(group)) for (number, name), group in groupby(photos, self.heading)]
        first, last = Cursor(EPOCH, start + 1), Cursor(EPOCH, end)
        return Page(days, first if start > 0 else None, last if end < len(self.ids) else None)

    def heading(self, photo: Photo) -> tuple[int, str]:
        return self.headings[photo.pk]

    def section(self, number: int, name: str, photos: list[Photo]) -> Day:
        """Photos under one heading."""
        first, last = (Cursor(EPOCH, self.places[photo.pk]) for photo in (photos[0], photos[-1]))
        return Day(photos[0].taken_local.date(), photos, first, last, name, number)

    def in_order(self, limit: int) -> list[Photo]:
        """The first photos."""
        found = Photo.objects.in_bulk(self.ids[:limit])
        return [found[photo_id] for photo_id in self.ids[:limit] if photo_id in found]

    def older(self, before: Cursor | None = None) -> Page:
        start = before.id if before else 0
        return self.stretch(start, start + PAGE_SIZE)

    def newer(self, after: Cursor) -> Page:
        return self.stretch(after.id - 1 - PAGE_SIZE, after.id - 1)

    def around(self, photo: Photo) -> Page:
        place = self.places.get(photo.pk, 1)
        return self.stretch(place - 1 - PAGE_SIZE // 2, place - 1 + PAGE_SIZE // 2)

    def part(self, start: Cursor, end: Cursor) -> Page:
        return replace(self.stretch(start.id - 1, end.id), newer=None, older=None)

    def neighbours(self, photo: Photo) -> tuple[Photo | None, Photo | None]:
        place = self.places.get(photo.pk)
        if place is None:
            return None, None
        around = self.ids[max(place - 2, 0) : place - 1] + self.ids[place : place + 1]
        found = Photo.objects.only(*TILE_FIELDS).in_bulk(around)
        before = found.get(self.ids[place - 2]) if place > 1 else None
        return before, found.get(self.ids[place]) if place < len(self.ids) else None

    def keys_of_day(self, text: str, limit: int) -> list[str]:
        """The keys of a group, by `section-` and its number."""
        number = text.removeprefix("section-")
        start = next((place - 1 for pk, place in self.places.items() if str(self.headings[pk][0]) == number), 0)
        count = sum(str(at) == number for at, _ in self.headings.values())
        return self.keys(start, start + count)[:limit]

    def keys_between(self, one: Photo, other: Photo, limit: int) -> list[str]:
        places = sorted(place for photo in (one, other) if (place := self.places.get(photo.pk)))
        return self.keys(places[0] - 1, places[1])[:limit] if len(places) == 2 else []

    def keys(self, start: int, end: int) -> list[str]:
        keys = dict(Photo.objects.filter(pk__in=self.ids[start:end]).values_list("pk", "key"))
        return [keys[photo_id] for photo_id in self.ids[start:end] if photo_id in keys]

    def months(self) -> list[Month]:
        return []
