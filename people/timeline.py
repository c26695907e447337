"""The photos of a person as a listing: pages, months, neighbours in the viewer."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import BigIntegerField, Case, Count, Exists, F, FilteredRelation, Min, OuterRef, Q, When
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from people.access import person_or_404, shared_person_or_404
from people.models import Appearance, Person
from photos.access import photos_of, visible_photos
from photos.gallery.timeline import Listing, Month, Timeline
from photos.models import PhotoQuerySet, Stack

MONTHS = 1_000_000  # more than any yyyymm


@dataclass(frozen=True)
class InOrder(Timeline):
    """The photos of one person, in the order of an index (people/kept/appearances.py) instead of being sorted."""

    person: int = 0

    @property
    def time_column(self) -> str:
        return "seen_taken"

    @property
    def id_column(self) -> str:
        return "seen_id"

    def photos(self) -> PhotoQuerySet:
        within = Appearance.objects.filter(photo=OuterRef("pk"), person=self.person)
        shown = self.owned.present().displayable().filter(Exists(within)).as_tiles()
        seen = FilteredRelation("appearances", condition=Q(appearances__person=self.person))
        joined = shown.alias(seen=seen).filter(seen__person=self.person)
        # as aliases: a later filter by `seen__…` would join the table again
        joined = joined.alias(seen_taken=F("seen__taken_local"), seen_id=F("seen__photo"))
        return joined.order_by(f"-{self.time_column}", f"-{self.id_column}")

    def months(self) -> list[Month]:
        """The months with their counts, newest first. Of a whole library, the index alone has them."""
        if not self.owned.whole_of:
            return super().months()
        mine = Appearance.objects.filter(person=self.person).order_by()
        counts = Counter(dict(mine.filter(stack_id=None).values_list("taken_month").annotate(Count("pk"))))
        covers = Stack.objects.filter(pk=OuterRef("stack_id"), cover=OuterRef("photo"))
        first = Case(When(Exists(covers), then=0), default=F("photo"), output_field=BigIntegerField())
        stacked = mine.exclude(stack_id=None).values("stack_id")
        tiles = stacked.annotate(tile=Min(first * MONTHS + Cast("taken_month", BigIntegerField())))
        counts.update(tile % MONTHS for tile in tiles.values_list("tile", flat=True))
        return [Month(month // 100, month % 100, count) for month, count in sorted(counts.items(), reverse=True)]


def timeline(user: User, key: str) -> Timeline:
    """The listing `person.KEY` of the user; 404 if they have no such person."""
    return of_person(user, person_or_404(user, key))


def of_person(user: User, person: Person) -> Timeline:
    """The photos the person is in, archived ones too."""
    listing = Listing(
        f"person.{person.key}",
        person.name or _("No name yet"),
        "user",
        selected(person),
        address=reverse("people:person", args=[person.key]),
        is_unnamed=not person.name,
    )
    return InOrder(listing, photos_of(user), person=person.pk)


def shared_timeline(user: User, key: str) -> Timeline:
    """The listing `shared-person.KEY`: another user's person in photos shared with the user; 404 if there is none."""
    person = shared_person_or_404(user, key)
    listing = Listing(
        f"shared-person.{person.key}",
        person.name,
        "user",
        selected(person),
        address=reverse("people:shared", args=[person.key]),
    )
    return InOrder(listing, visible_photos(user).exclude(owner=user), person=person.pk)


def selected(person: Person) -> Callable[[PhotoQuerySet], PhotoQuerySet]:
    """Selects the photos the person is in."""
    seen = Appearance.objects.filter(person=person).values("photo")
    return lambda owned: owned.present().displayable().filter(pk__in=seen)
