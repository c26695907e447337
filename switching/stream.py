"""What any other program knows about photos, in one form. Readers make it and the writer takes it; no database here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from mirage.refusals import NotPossible


class Unreadable(NotPossible):
    """The file, folder or database cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class FaceBox:
    """A face with the key of its person. The box is in fractions of the upright picture, from its upper left corner."""

    key: str
    person: str
    x: float
    y: float
    width: float
    height: float
    sure: bool = True  # False: the place is unknown, or the other program only guessed: Mirage asks

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.width, self.height


@dataclass(frozen=True, slots=True)
class Asset:
    """A photo or video of the other program. Whatever is known of its file helps to find it here."""

    key: str
    name: str
    path: str = ""  # only compared with paths here, never opened
    any_extension: bool = False  # the name and the path have none: the first file called so is meant
    optional: bool = False  # it may be elsewhere: not missed if it is not here
    sha1: str = ""
    sha256: str = ""
    content: str = ""  # what the program calls the content: assets with the same are one file, which is here once
    copy_of: str = ""  # key of the asset whose file it shares, which comes before it
    size: int | None = None
    taken: datetime | None = None  # local time, naive
    title: str = ""
    description: str = ""
    rating: int | None = None  # 1 to 5; -1 is rejected
    label: str = ""
    picture_edit: dict[str, Any] | None = None  # as Mirage describes edits
    turn: int = 1  # one of EXIF's orientations, put onto the upright picture
    favourite: bool = False
    archived: bool = False
    trashed: bool = False
    tags: tuple[str, ...] = ()  # paths such as travel/japan
    faces: tuple[FaceBox, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a name."""

    key: str
    name: str
    birthday: date | None = None
    hidden: bool = False
    cover: str = ""  # key of a face


@dataclass(frozen=True, slots=True)
class Sharing:
    """With whom an album is shared: an e-mail address or a name, and whether they may add photos."""

    account: str
    may_add: bool = False


@dataclass(frozen=True, slots=True)
class Album:
    """An album, with the keys of its assets."""

    key: str
    name: str
    description: str = ""
    folders: tuple[str, ...] = ()  # the names of the folders above it
    assets: tuple[str, ...] = ()
    arranged: bool = False  # the order of the assets is somebody's own
    newest_first: bool = False
    cover: str = ""
    shares: tuple[Sharing, ...] = ()


@dataclass(frozen=True, slots=True)
class Stack:
    """Assets that are shown as one."""

    key: str
    assets: tuple[str, ...]
    cover: str = ""


@dataclass
class Library:
    """The library of one account of the other program.

    `lost` counts, in words, what Mirage has no place for; it may grow while the assets are read.
    """

    program: str
    version: str
    assets: Callable[[], Iterator[Asset]]
    count: int = 0
    people: dict[str, Person] = field(default_factory=dict)
    albums: list[Album] = field(default_factory=list)
    stacks: list[Stack] = field(default_factory=list)
    lost: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def lose(self, what: str, count: int = 1) -> None:
        """Count something that does not come along."""
        if count:
            self.lost[what] = self.lost.get(what, 0) + count
