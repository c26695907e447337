"""Mirage itself: the catalogue of another library (export_catalogue, export_library), JSON Lines.

What sidecars cannot say comes this way: hearts, archive, albums, stacks, copies of photos. Photos are found by their
SHA-256. Lines with the same one are a photo and its copies.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from media.sentences import english
from media.text import clean_line
from switching.readers.tables import box, moment, stars, text, whole
from switching.stream import Album, Asset, FaceBox, Library, Person, Stack, Unreadable

PROGRAM = "Mirage"
LONGEST_LINE = 16 * 1024 * 1024
CATALOGUE = "catalogue.jsonl"


@contextmanager
def read(path: Path, account: str, hints: Sequence[str] = ()) -> Iterator[Library]:
    """The photos of a catalogue."""
    file = path / CATALOGUE if path.is_dir() else path
    library = Library(PROGRAM, "", assets=lambda: assets_of(file))
    albums: dict[str, list[str]] = defaultdict(list)
    stacks: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    known: set[str] = set()
    for line in lines_of(file):
        known.add(line["sha256"])
        key = text(line.get("id"))
        for name in filter(None, map(text, items(line, "albums"))):
            albums[name].append(key)
        stack = line.get("stack")
        if isinstance(stack, dict):
            stacks[text(stack.get("id"))].append((stack.get("cover") is True, key))
        for face in items(line, "people"):
            if name := name_of(face):
                library.people.setdefault(name, Person(name, name))
        if line.get("objects"):
            library.lose(english("photos with objects that a model found (Mirage finds its own)"))
    library.count = len(known)
    library.albums = [Album(name, name, assets=tuple(keys)) for name, keys in albums.items()]
    for stack_key, members in stacks.items():
        cover = next((key for is_cover, key in members if is_cover), "")
        library.stacks.append(Stack(stack_key, tuple(key for _, key in members), cover))
    yield library


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file, one a line. Raises Unreadable."""
    try:
        with path.open("rb") as file:
            while line := file.readline(LONGEST_LINE):
                found = json.loads(line)
                if not isinstance(found, dict) or not isinstance(found.get("sha256"), str):
                    raise Unreadable(english("This is no catalogue of Mirage: a line describes no photo."))
                yield found
    except (ValueError, RecursionError) as error:
        raise Unreadable(english("This is no catalogue of Mirage, or it was cut off.")) from error
    except OSError as error:
        raise Unreadable(
            english("The catalogue cannot be read: %(reason)s.", reason=error.strerror or error)
        ) from error


def items(line: dict[str, Any], name: str) -> list[Any]:
    found = line.get(name)
    return found if isinstance(found, list) else []


def name_of(face: Any) -> str:
    """The name of a face that somebody confirmed."""
    named = isinstance(face, dict) and face.get("confirmed") is True
    return clean_line(face.get("name") or "") if named else ""


def assets_of(file: Path) -> Iterator[Asset]:
    first: dict[str, str] = {}
    for line in lines_of(file):
        yield asset_of(line, first.get(line["sha256"], ""))
        first.setdefault(line["sha256"], text(line.get("id")))


def asset_of(line: dict[str, Any], copy_of: str = "") -> Asset:
    faces = []
    edit = line.get("picture_edit") if copy_of else None  # that of a photo is in its sidecar
    for place, face in enumerate(() if copy_of else items(line, "people")):
        values = face.get("box") if isinstance(face, dict) else None
        if (name := name_of(face)) and isinstance(values, list) and len(values) == 4 and (cut := box(*values)):
            faces.append(FaceBox(f"{place}", name, *cut))
    return Asset(
        key=text(line.get("id")),
        name=text(line.get("original_name")),
        path=text(line.get("path")),
        sha256=text(line.get("sha256")),
        copy_of=copy_of,
        picture_edit=edit if isinstance(edit, dict) else None,
        size=whole(line.get("size")),
        taken=moment(line.get("taken_local")),
        title=text(line.get("title")),
        description=text(line.get("description")),
        rating=stars(line.get("rating")),
        favourite=line.get("favourite") is True,
        archived=line.get("archived") is True,
        trashed=line.get("trashed") is True,
        tags=tuple(filter(None, map(text, items(line, "tags")))),
        faces=tuple(faces),
    )
