"""A family of sixty photos, as every program could know it; the samples of programs are written from it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from people.models import Face, FaceScan
from photos.models import Photo

COUNT = 60
NAMES = ("Emma", "Tom", "Grandma Rose", "Åsa Öberg", "O'Brien'); DROP TABLE people;--")
SIZE = (4000, 3000)
FOLDER = "/home/anna/Pictures"
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Shot:
    """A photo, with what somebody told another program about it."""

    number: int
    name: str
    folder: str  # below FOLDER
    size: int
    taken: datetime
    faces: tuple[tuple[str, Box], ...] = ()
    title: str = ""
    description: str = ""
    rating: int | None = None
    label: str = ""
    favourite: bool = False
    archived: bool = False
    trashed: bool = False
    tags: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return f"{FOLDER}/{self.folder}/{self.name}"

    @property
    def sha1(self) -> str:
        return hashlib.sha1(self.name.encode()).hexdigest()

    @property
    def key(self) -> int:
        """Its id in databases that count."""
        return self.number + 1


@dataclass(frozen=True)
class Family:
    shots: tuple[Shot, ...]
    albums: dict[str, tuple[int, ...]] = field(default_factory=dict)  # numbers of shots by name
    stacks: tuple[tuple[int, ...], ...] = ()

    def named(self) -> list[str]:
        return list(NAMES)

    def person(self, name: str) -> int:
        """Their id in databases that count."""
        return 100 + NAMES.index(name)


def make_family(count: int = COUNT) -> Family:
    shots = tuple(make_shot(number) for number in range(count))
    albums = {"Summer": tuple(range(20)), "Rome; '2024'": tuple(range(19, 30))}
    return Family(shots, albums, ((40, 41), (42, 43, 44)))


def make_shot(number: int) -> Shot:
    """Every field is set on some photos."""
    faces: list[tuple[str, Box]] = []
    if number % 2 == 0:
        faces.append((NAMES[number % 5], (0.2, 0.2, 0.1, 0.14)))
    if number % 6 == 0:
        faces.append((NAMES[(number + 1) % 5], (0.6, 0.3, 0.1, 0.14)))
    return Shot(
        number=number,
        name=f"IMG_{number:04d}.jpg",
        folder=f"2024/{'Rome' if number < 30 else 'Home'}",
        size=100_000 + number,
        taken=datetime(2024, 5, 1, 12) + timedelta(minutes=number),
        faces=tuple(faces),
        title=f"Title {number}" if number % 10 == 1 else "",
        description=f"Words {number} — “ünï”" if number % 10 == 2 else "",
        rating=1 + number % 5 if number % 4 == 0 else None,
        label="Red" if number % 15 == 3 else "",
        favourite=number % 9 == 0,
        archived=number % 13 == 5,
        trashed=number % 29 == 7,
        tags=("travel/italy", "sun") if number % 8 == 0 else (),
    )


def make_library(make_photo: Callable[..., Photo], family: Family, *, unseen: Sequence[int] = (6,)) -> dict[int, Photo]:
    """The same photos here, with faces that Mirage found, except in some photos."""
    photos = {}
    for shot in family.shots:
        photo = make_photo(
            name=shot.name, path=f"anna/{shot.folder}/{shot.name}", sha1=shot.sha1, size=shot.size, taken=shot.taken,
            width=SIZE[0], height=SIZE[1],
        )  # fmt: skip
        FaceScan.objects.create(photo=photo, model="test")
        for _, (x, y, width, height) in () if shot.number in unseen else shot.faces:
            Face.objects.create(photo=photo, x=x + 0.004, y=y + 0.01, width=width, height=height - 0.01, score=0.9)
        photos[shot.number] = photo
    return photos


def counts(photos: dict[int, Photo]) -> dict[str, int]:
    """What is known here, field by field, as the table of docs/measured/switching.md has it."""
    ids = [photo.pk for photo in photos.values()]
    rows = Photo.objects.filter(pk__in=ids)
    faces = Face.objects.filter(photo__in=ids, assignment="confirmed")
    any_row: Any = rows
    return {
        "people": len(set(faces.values_list("person__name", flat=True))),
        "faces": faces.count(),
        "titles": any_row.exclude(title="").count(),
        "descriptions": any_row.exclude(description="").count(),
        "ratings": any_row.exclude(rating=None).count(),
        "labels": any_row.exclude(label="").count(),
        "favourites": any_row.filter(favourite=True).count(),
        "archived": any_row.filter(archived=True).count(),
        "trashed": any_row.exclude(trashed_at=None).count(),
        "tags": any_row.values("photo_tags").exclude(photo_tags=None).count(),
        "photos in albums": any_row.values("album_items").exclude(album_items=None).count(),
        "photos in stacks": any_row.exclude(stack=None).count(),
    }
