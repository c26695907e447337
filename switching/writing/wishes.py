"""What is to be brought, as JSON: the wishes of a step. They name photos by ids, and people as the program does."""

from collections.abc import Sequence
from typing import Any, TypedDict

from media.text import clean, clean_line
from people.models import LONGEST_NAME
from switching.stream import Asset, FaceBox, Library
from tags.keywords import clean_paths

LONGEST_TITLE = 255
LONGEST_DESCRIPTION = 20_000
FLAGS = ("favourite", "archived", "trashed")

PHOTOS, PEOPLE, TAGS, STACKS, ALBUMS, COPIES = "photos", "people", "tags", "stacks", "albums", "copies"


class FaceWish(TypedDict):
    """A face of somebody. `cover`: it stands for them."""

    key: str
    person: str
    box: Sequence[float]
    sure: bool
    cover: bool


class PhotoWish(TypedDict):
    """What is to be known about a photo."""

    photo: int
    words: dict[str, Any]
    flags: list[str]
    tags: list[str]
    faces: list[FaceWish]


def wish_of(asset: Asset, photo: int, library: Library) -> PhotoWish:
    """What the program knows about this photo."""
    words = {
        "title": clean_line(asset.title)[:LONGEST_TITLE].strip(),
        "description": clean(asset.description)[:LONGEST_DESCRIPTION].strip(),
        "rating": asset.rating,
        "label": clean_line(asset.label)[:40].strip(),
        "picture_edit": asset.picture_edit,
        "turn": asset.turn if asset.turn in range(2, 9) else None,
    }
    return {
        "photo": photo,
        "words": {name: value for name, value in words.items() if value},
        "flags": [flag for flag in FLAGS if getattr(asset, flag)],
        "tags": clean_paths(asset.tags),
        "faces": [face_wish(face, library) for face in asset.faces if face.person in library.people],
    }


def face_wish(face: FaceBox, library: Library) -> FaceWish:
    cover = bool(face.key) and library.people[face.person].cover == face.key
    return {"key": face.key, "person": face.person, "box": list(face.box), "sure": face.sure, "cover": cover}


def clean_name(name: str) -> str:
    """A person's name as it fits here."""
    return clean_line(name)[:LONGEST_NAME].strip()


def token(wish: FaceWish) -> str:
    """What the ledger notes for a face."""
    return f"face:{wish['key']}"


def tag_token(path: str) -> str:
    return f"tag:{path.casefold()}"
