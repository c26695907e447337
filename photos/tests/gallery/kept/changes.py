"""Random changes of a library, for tests that what is kept stays as what is counted."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from photos.models import Photo, PhotoQuerySet, Stack

MONTHS = [datetime(year, month, 28, 23, 59) for year in (1, 1999, 2024, 9999) for month in (1, 2, 12)]
PLACES = [(None, None), (38.7167, -9.1333), (38.7168, -9.1334), (-17.7, 180.0), (90.0, -180.0), (41.1496, -8.611)]


class Changes:
    """Does one change after the other, drawn with a seed."""

    def __init__(self, seed: int, owner: Any, make_photo: Callable[..., Photo]) -> None:
        self.chance, self.owner, self.make_photo = random.Random(seed), owner, make_photo
        self.done: list[str] = []  # told when a test fails
        for _ in range(6):
            self.add()

    def do(self) -> None:
        """One of them."""
        ways = (
            *(self.add, self.flag, self.flag, self.date, self.date_many, self.move, self.trash, self.restore),
            *(self.delete, self.stack, self.stack, self.unstack, self.cover, self.leave, self.take_apart),
        )
        way = self.chance.choice(ways)
        self.done.append(way.__name__)
        way()

    def some(self) -> PhotoQuerySet:
        """Up to three photos."""
        ids = list(Photo.objects.values_list("pk", flat=True))
        return Photo.objects.filter(pk__in=self.chance.sample(ids, min(len(ids), self.chance.randint(1, 3))))

    def flag_drawn(self) -> dict[str, Any]:
        name = self.chance.choice(("favourite", "archived", "displayable", "kind"))
        return {name: self.chance.choice(("photo", "video")) if name == "kind" else self.chance.random() < 0.5}

    def add(self) -> None:
        latitude, longitude = self.chance.choice(PLACES)
        self.make_photo(
            taken=self.chance.choice(MONTHS), latitude=latitude, longitude=longitude,
            stack=self.chance.choice([None, *Stack.objects.all()]), **self.flag_drawn(),
        )  # fmt: skip

    def flag(self) -> None:
        self.some().update(**self.flag_drawn())

    def date(self) -> None:
        for photo in self.some():
            photo.set_taken(self.chance.choice(MONTHS), None, "edited")
            photo.save()

    def date_many(self) -> None:
        moment = self.chance.choice(MONTHS).replace(tzinfo=UTC)
        self.some().update(taken_local=moment, taken_month=moment.year * 100 + moment.month)

    def move(self) -> None:
        latitude, longitude = self.chance.choice(PLACES)
        self.some().update(latitude=latitude, longitude=longitude)

    def trash(self) -> None:
        self.some().trash(timezone.now() - timedelta(days=self.chance.randint(0, 3)))

    def restore(self) -> None:
        self.some().restore()

    def delete(self) -> None:
        self.some().delete()

    def stack(self) -> None:
        photos = list(self.some())
        if photos:
            made = Stack.objects.create(owner=self.owner, cover=self.chance.choice([None, *photos]))
            Photo.objects.filter(pk__in=[photo.pk for photo in photos]).update(stack=made)

    def unstack(self) -> None:
        self.some().update(stack=None)

    def leave(self) -> None:
        self.some().update(stack=self.chance.choice([None, *Stack.objects.all()]))

    def cover(self) -> None:
        for stack in Stack.objects.all():
            Stack.objects.filter(pk=stack.pk).update(cover=self.chance.choice([None, *stack.photos.all()]))

    def take_apart(self) -> None:
        for stack in self.chance.sample(list(Stack.objects.all()), min(Stack.objects.count(), 1)):
            stack.delete()
