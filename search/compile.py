"""Tree to query: which photos a search finds.

`select` is what other apps call. A search that can be read never fails here: a name that nobody has finds nothing, and
is told in `Found.notices`, pointed at in the text as a mistake would be.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, tzinfo
from difflib import get_close_matches
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.lookups import Exact, In
from django.utils import timezone

from accounts.models import User
from albums.access import visible_albums
from albums.models import Album, AlbumItem
from duplicates.models import DuplicateGroup, DuplicateMember
from media.mediatypes import RAW_MIMES
from people.access import shared_people
from people.models import Face, Person
from photos.access import visible_photos
from photos.gallery import clip_search, labels, similar
from photos.models import Comment, DetectedObject, Photo, PhotoEdit, PhotoQuerySet, PhotoText
from search import near
from search.expressions import DayOfMonth, Hour, Weekday
from search.index import fulltext
from search.keys import ALL, ALONE, KEYS, Kind
from search.language import dates
from search.language.grammar import Mistake, parse
from search.language.numbers import Range, parse_number
from search.language.tree import And, Node, Not, Or, Term, Tree, Value, Word, walk
from search.language.words import fold
from search.names import meant, meant_paths
from tags.access import GIVEN, shared_tags, tags_of
from tags.models import PhotoTag
from vision.coco import LABELS

NOTHING = Q(pk__in=[])
STACKED = 20_000  # photos of stacks that are made into tiles
SIMILAR = 200  # photos that similar: finds at most
Chooser = Callable[[Value, dict[int, str]], set[int]]
ALBUMS_DEEP = 3  # smart albums that ask for smart albums
COLUMNS = {
    "rating": "rating", "iso": "iso", "f": "aperture", "focal": "focal_length", "size": "size", "duration": "duration",
}  # fmt: skip
HOURS = {
    "morning": range(5, 12), "afternoon": range(12, 17), "evening": range(17, 22), "night": (22, 23, 0, 1, 2, 3, 4),
}  # fmt: skip
WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
FORMATS = {"jpeg": "image/jpeg", "tiff": "image/tiff", "mp4": "video/mp4", "mov": "video/quicktime"}


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


def find(photos: PhotoQuerySet, user: User, tree: Tree, depth: int = 0) -> Found:
    """What a tree finds among the photos. `depth` counts smart albums within smart albums."""
    if tree.root is None:
        return Found(tree, photos, [])
    if needs_words(tree):
        fulltext.refresh()
    compiler = Compiler(user, depth)
    return Found(tree, photos.filter(compiler.condition(tree.root)), compiler.notices)


def needs_words(tree: Tree) -> bool:
    """Whether the full-text index is asked."""
    return any(
        isinstance(node, Word) or (isinstance(node, Term) and KEYS[node.key].kind is Kind.TEXT)
        for node in walk(tree.root)
    )


@dataclass
class Compiler:
    """Turns nodes into conditions for one user, and collects what it has to tell."""

    user: User
    depth: int = 0
    notices: list[Notice] = field(default_factory=list)
    seeing: bool = True  # whether words find pictures that they fit (vision/clip.py); not where they are left out

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.user.home_zone or settings.MIRAGE_HOME_ZONE)

    @property
    def today(self) -> date:
        return timezone.localdate(timezone=self.zone)

    def condition(self, node: Node) -> Q:
        match node:
            case Word():
                return self.word(node)
            case Term():
                return self.term(node)
            case Not():
                return ~replace(self, seeing=False).condition(node.child)
            case And() | Or():
                parts = [self.condition(child) for child in node.children]
                joined = parts[0]
                for part in parts[1:]:
                    joined = joined & part if isinstance(node, And) else joined | part
                return joined

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

    # --- terms --------------------------------------------------------------------------------------------------------

    def term(self, term: Term) -> Q:
        """The condition of a key."""
        special: dict[str, Callable[[Term], Q]] = {
            "person": self.people, "tag": self.tags, "album": self.albums, "object": self.objects,
            "near": self.near, "added": self.added, "date": self.taken, "similar": self.similar,
        }  # fmt: skip
        if term.key in special:
            return special[term.key](term)
        kinds = {Kind.NUMBER: self.number, Kind.CHOICE: self.choice, Kind.TEXT: self.text}
        one = kinds[KEYS[term.key].kind]
        found = NOTHING
        for value in term.values:
            found |= one(term.key, value)
        return found

    def people(self, term: Term) -> Q:
        known = dict(Person.objects.filter(owner=self.user, merged_into=None).values_list("pk", "name"))
        known |= dict(shared_people(self.user).values_list("pk", "name"))
        faces = Face.objects.filter(not_a_face=False)
        asked = [meant(value, known) or self.person_by_key(value) for value in term.values]
        for value, people in zip(term.values, asked, strict=True):
            if not people:
                self.note(f"Nobody is called “{value.text}”.", value, known.values())
        if term.mode in (ALL, ALONE):
            found = Q()
            for people in asked:
                found &= Q(pk__in=faces.filter(person__in=people).values("photo"))
            if term.mode == ALONE:
                everyone = set().union(*asked)
                others = faces.filter(photo=OuterRef("pk")).exclude(person__in=everyone, person__isnull=False)
                found &= ~Q(Exists(others))
            return found
        return Q(pk__in=faces.filter(person__in=set().union(*asked)).values("photo"))

    def person_by_key(self, value: Value) -> set[int]:
        """Those without a name are asked for by the key that is in the address of their page."""
        return set(Person.objects.filter(owner=self.user, key=value.text).values_list("pk", flat=True))

    def tags(self, term: Term) -> Q:
        """Each tree by itself: how others call their tags does not change what the own ones mean."""
        trees: dict[int, dict[int, str]] = {}
        for tag in [*tags_of(self.user), *shared_tags(self.user)]:
            trees.setdefault(tag.owner_id, {})[tag.pk] = tag.path
        known = {pk: path for tree in trees.values() for pk, path in tree.items()}

        def chosen(value: Value, _: dict[int, str]) -> set[int]:
            return set().union(*(meant_paths(value, tree) for tree in trees.values()))

        return self.sets(term, known, chosen, self.with_tags)

    def with_tags(self, tags: set[int]) -> Q:
        """With one of the tags; what Mirage learnt is its owner's alone to find."""
        own = Q(tag__owner=self.user, rejected=False)
        return Q(pk__in=PhotoTag.objects.filter(own | GIVEN, tag__in=tags).values("photo"))

    def albums(self, term: Term) -> Q:
        known = dict(visible_albums(self.user).values_list("pk", "name"))
        return self.sets(term, known, meant, self.in_albums)

    def in_albums(self, ids: set[int]) -> Q:
        """In one of the albums, smart ones and those in folders too."""
        found = Q(pk__in=AlbumItem.objects.filter(album__in=ids).values("photo"))
        others = Album.objects.filter(pk__in=ids).exclude(kind=Album.Kind.MANUAL).select_related("owner")
        for album in others if self.depth < ALBUMS_DEEP else ():
            inside = Compiler(album.owner, self.depth + 1)
            if album.kind == Album.Kind.FOLDER:
                found |= inside.in_albums(set(album.children.values_list("pk", flat=True)))
            else:
                found |= inside.smart(album)
        return found

    def smart(self, album: Album) -> Q:
        """What the album's search finds among its owner's photos."""
        try:
            tree = parse(album.query)
        except Mistake:  # told on the album's own page
            return NOTHING
        if needs_words(tree):
            fulltext.refresh()
        return Q(owner=album.owner) & self.condition(tree.root) if tree.root else NOTHING

    def sets(self, term: Term, known: dict[int, str], chosen: Chooser, condition: Callable[[set[int]], Q]) -> Q:
        """Things with names, any of them or all."""
        asked = [chosen(value, known) for value in term.values]
        for value, things in zip(term.values, asked, strict=True):
            if not things:
                self.note(f"There is no {term.key} “{value.text}”.", value, known.values())
        if term.mode != ALL:
            together = set().union(*asked)
            return condition(together) if together else NOTHING
        found = Q()
        for things in asked:
            found &= condition(things) if things else NOTHING
        return found

    def objects(self, term: Term) -> Q:
        found = Q() if term.mode == ALL else NOTHING
        for value in term.values:
            names = labels.meant(value.text)
            one = self.with_objects(names) if names else self.unknown_object(value)
            found = found & one if term.mode == ALL else found | one
        return found

    def unknown_object(self, value: Value) -> Q:
        return self.note(f"Things called “{value.text}” are not recognised.", value, LABELS)

    def near(self, term: Term) -> Q:
        place = near.position_of(term.values[0].text)
        if place is None:
            return self.note(f"There is no town “{term.values[0].text}” on the map.", term.values[0])
        return near.within(*place, term.km)

    def similar(self, term: Term) -> Q:
        """The photos most like those of the keys."""
        found = NOTHING
        visible = visible_photos(self.user).present()
        for value in term.values:
            photo = visible.filter(key=value.text).first()
            if photo is None:
                self.note(f"There is no photo with the key “{value.text}”.", value)
                continue
            try:
                hits = similar.to_photo(photo, visible, SIMILAR)
            except similar.NotYetKnown as error:
                self.note(str(error), value)
                continue
            found |= Q(pk__in=[hit.photo.pk for hit in hits])
        return found

    def taken(self, term: Term) -> Q:
        return self.days(term, "taken_local", UTC)

    def added(self, term: Term) -> Q:
        return self.days(term, "added_at", self.zone)

    def days(self, term: Term, column: str, zone: tzinfo) -> Q:
        found = NOTHING
        for value in term.values:
            if value.operator:
                span: dates.Days = dates.compared(value.operator, value.text, self.today)
            else:
                span = dates.parse(value.text, self.today)
            found |= in_days(span, column, zone)
        return found

    def number(self, key: str, value: Value) -> Q:
        column = COLUMNS[key]
        number = parse_number(value.text, KEYS[key].units)
        if isinstance(number, Range):
            return between(column, number.low, number.high)
        amount, half = number
        slack = abs(amount) * 1e-6
        match value.operator:
            case ">":
                return Q(**{f"{column}__gt": amount + slack})
            case ">=":
                return Q(**{f"{column}__gte": amount - slack})
            case "<":
                return Q(**{f"{column}__lt": amount - slack})
            case "<=":
                return Q(**{f"{column}__lte": amount + slack})
        return Q(**{f"{column}__gte": amount - half, f"{column}__lt": amount + half})

    def text(self, key: str, value: Value) -> Q:
        return fulltext.having(fulltext.phrase_of_key(key, value))

    def choice(self, key: str, value: Value) -> Q:
        tables: dict[str, Callable[[str], Q]] = {"is": self.is_, "has": has, "taken": at_time, "type": of_type}
        return tables[key](value.text)

    def is_(self, what: str) -> Q:
        faces = Face.objects.filter(not_a_face=False)
        waiting = DuplicateMember.objects.filter(group__owner=self.user, group__status=DuplicateGroup.Status.OPEN)
        conditions: dict[str, Callable[[], Q]] = {
            "favourite": lambda: Q(favourite=True),
            "archived": lambda: Q(archived=True),
            "panorama": lambda: Q(panorama=True),
            "animated": lambda: Q(animated=True),
            "doubtful": lambda: Q(taken_doubtful=True),
            "trashed": lambda: Q(trashed_at__isnull=False),
            "live": lambda: ~Q(live_id="") | Q(pk__in=moving()),
            "stacked": lambda: Q(stack__isnull=False),
            "untagged": lambda: ~Q(pk__in=PhotoTag.objects.filter(rejected=False).values("photo")),
            "unnamed": lambda: Q(pk__in=faces.filter(Q(person=None) | Q(person__name="")).values("photo")),
            "duplicate": lambda: Q(pk__in=waiting.values("photo")),
            "edited": lambda: Q(pk__in=PhotoEdit.objects.values("photo")),
        }
        return conditions[what]()


def moving() -> QuerySet[Any, Any]:
    """The photos that have a video of the moment inside."""
    return Photo.objects.filter(raw_metadata__fields__motion_video__isnull=False).values("pk")


def has(what: str) -> Q:
    faces = Face.objects.filter(not_a_face=False)
    conditions: dict[str, Callable[[], Q]] = {
        "gps": lambda: Q(latitude__isnull=False),
        "title": lambda: ~Q(title=""),
        "description": lambda: ~Q(description=""),
        "rating": lambda: Q(rating__isnull=False),
        "faces": lambda: Q(Exists(faces.filter(photo=OuterRef("pk")))),  # most photos have some: none are gathered
        "people": lambda: Q(pk__in=faces.filter(person__isnull=False).exclude(person__name="").values("photo")),
        "comments": lambda: Q(pk__in=Comment.objects.values("photo")),
        "text": lambda: Q(pk__in=PhotoText.objects.filter(rejected=False).values("photo")),
        "objects": lambda: Q(Exists(DetectedObject.objects.in_force().filter(photo=OuterRef("pk")))),
        "tags": lambda: Q(pk__in=PhotoTag.objects.filter(rejected=False).values("photo")),
        "albums": lambda: Q(pk__in=AlbumItem.objects.values("photo")),
    }
    return conditions[what]()


def at_time(what: str) -> Q:
    """By the hour of the camera's clock, or by the day of the week."""
    if what in HOURS:
        return Q(In(Hour("taken_local"), list(HOURS[what])))
    days = [0, 6] if what == "weekend" else [WEEKDAYS.index(what)]
    return Q(In(Weekday("taken_local"), days))


def of_type(what: str) -> Q:
    if what in Photo.Kind.values:
        return Q(kind=what)
    if what == "raw":
        return Q(media_type__in=RAW_MIMES)
    if what == "heic":
        return Q(media_type__in=["image/heic", "image/heif"])
    return Q(media_type=FORMATS.get(what, f"image/{what}"))


def in_days(days: dates.Days, column: str, zone: tzinfo) -> Q:
    """The moments of a column that lie in these days, as they begin and end in a zone."""
    if isinstance(days, dates.Span):
        found = Q()
        if days.start != dates.FIRST:
            found &= Q(**{f"{column}__gte": midnight(days.start, zone)})
        if days.end != dates.LAST:
            found &= Q(**{f"{column}__lt": midnight(days.end, zone)})
        return found
    if column == "taken_local":
        found = Q(In(F("taken_month") % 100, list(days.months)))
        return found if days.day is None else found & Q(Exact(DayOfMonth(column), days.day))
    found = Q(**{f"{column}__month__in": list(days.months)})
    return found if days.day is None else found & Q(**{f"{column}__day": days.day})


def midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def between(column: str, low: float | None, high: float | None) -> Q:
    """From low to high, with what rounding may have taken away."""
    found = Q()
    if low is not None:
        found &= Q(**{f"{column}__gte": low - abs(low) * 1e-6})
    if high is not None:
        found &= Q(**{f"{column}__lte": high + abs(high) * 1e-6})
    return found
