"""Picasa, from the files .picasa.ini in the folders of photos, and contacts.xml.

People with the boxes of their faces, stars, captions, hidden photos, albums, keywords, turns and crops. The folder is
walked without following links. What Picasa saved into a file is in the file; its folder of originals is left out.
"""

import configparser
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from media.editing import description
from media.sentences import english
from media.text import clean
from switching.readers.tables import box
from switching.stream import Album, Asset, FaceBox, Library, Person, Unreadable

PROGRAM = "Picasa"
NAMES = (".picasa.ini", "picasa.ini", "Picasa.ini")
FACE = re.compile(r"rect64\(([0-9a-fA-F]{1,16})\),([0-9a-fA-F]+)")
NOBODY = "ffffffffffffffff"
MOST_BYTES = 16 * 1024 * 1024  # of one file
MOST_FILES = 200_000
CONTACT = "contact"
ORIGINALS = ".picasaoriginals"  # what Picasa kept when it saved an edit into a file
HIDDEN = "hidden folders"
TURN = re.compile(r"rotate\(([1-3])\)")
TURNS = {"1": 6, "2": 3, "3": 8}  # quarters to the right, as EXIF's orientations
CROP = re.compile(r"crop64=1,([0-9a-fA-F]{1,16})")


@dataclass
class Found:
    """What all files say."""

    sections: list[tuple[Path, dict[str, str]]] = field(default_factory=list)  # a photo and its keys
    people: dict[str, str] = field(default_factory=dict)
    albums: dict[str, dict[str, str]] = field(default_factory=dict)


@contextmanager
def read(path: Path, account: str, hints: Sequence[str] = ()) -> Iterator[Library]:
    """The photos of a folder and those below it."""
    if not path.is_dir():
        raise Unreadable(english("Choose the folder with the photos in which Picasa left its .picasa.ini files."))
    found = Found()
    library = Library(PROGRAM, "", assets=lambda: iter(()))
    for folder, inside, files in os.walk(path, followlinks=False):
        inside[:] = [name for name in inside if name != ORIGINALS]
        for name in files:
            if name in NAMES:
                read_file(Path(folder) / name, found, library)
            elif name == "contacts.xml":
                read_contacts(Path(folder) / name, found, library)
        if len(found.sections) > MOST_FILES:
            raise Unreadable(english("There are more photos in this folder than Mirage reads."))
    if not found.sections:
        raise Unreadable(english("There is no .picasa.ini with photos in this folder."))
    library.people = {key: Person(key, name) for key, name in found.people.items() if name}
    assets = [asset_of(photo, keys, library, path) for photo, keys in found.sections]
    library.assets, library.count = lambda: iter(assets), len(assets)
    library.albums = albums_of(found, assets)
    yield library


def read_file(path: Path, found: Found, library: Library) -> None:
    """One .picasa.ini: a section for each photo, one for the people, one for each album."""
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True, delimiters=("=",), comment_prefixes=())
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        if path.is_symlink() or path.stat().st_size > MOST_BYTES:
            raise ValueError("too large")
        parser.read_string(path.read_bytes().decode("utf-8", "replace").lstrip("\ufeff"))
    except (OSError, ValueError, configparser.Error):
        library.lose(english("files .picasa.ini that cannot be read"))
        return
    hidden = (parser.get("Picasa", "P2category", fallback="") or "").strip().lower() == HIDDEN
    for section in parser.sections():
        keys = {key: value or "" for key, value in parser.items(section)}
        if section in ("Contacts2", "Contacts"):
            for key, value in keys.items():
                found.people.setdefault(key.lower(), clean(value.split(";")[0]))
        elif section.startswith(".album:"):
            found.albums.setdefault(section.removeprefix(".album:"), keys)
        elif section not in ("Picasa", "encoding", "photoid") and "/" not in section and "\\" not in section:
            found.sections.append((path.parent / section, {**keys, "hidden": "yes"} if hidden else keys))


def read_contacts(path: Path, found: Found, library: Library) -> None:
    """contacts.xml: the names of people by their ids."""
    try:
        if path.is_symlink() or path.stat().st_size > MOST_BYTES:
            raise ValueError("too large")
        content = path.read_bytes()
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise ValueError("entities, which could be a bomb")
        for element in ElementTree.fromstring(content).iter(CONTACT):
            name = element.get("name") or element.get("display") or ""
            found.people[element.get("id", "").lower()] = clean(name)
    except (OSError, ValueError, ElementTree.ParseError, RecursionError):
        library.lose(english("files contacts.xml that cannot be read"))


def asset_of(photo: Path, keys: dict[str, str], library: Library, root: Path) -> Asset:
    try:
        size = photo.stat(follow_symlinks=False).st_size
    except (OSError, ValueError):
        size = None
    filters = keys.get("filters", "")
    crop = CROP.search(filters)
    library.lose(english("edits that Picasa has not saved into the files"), bool(CROP.sub("", filters).strip("; ")))
    turned = TURN.search(keys.get("rotate", ""))
    return Asset(
        key=str(photo.relative_to(root)),
        name=photo.name,
        path=str(photo),
        size=size,
        description=clean(keys.get("caption", "")),
        picture_edit=crop_of(crop[1]) if crop else None,
        turn=TURNS[turned[1]] if turned else 1,
        favourite=keys.get("star") == "yes",
        archived=keys.get("hidden") == "yes",
        tags=tuple(word.strip() for word in keys.get("keywords", "").split(",") if word.strip()),
        faces=tuple(faces_of(photo, keys.get("faces", ""), library)),
    )


def faces_of(photo: Path, value: str, library: Library) -> Iterator[FaceBox]:
    """rect64(lefttoprightbottom),person; …: four numbers of 16 bits, as fractions of the upright picture."""
    for rect, person in FACE.findall(value):
        person = person.lower()
        if person == NOBODY or person not in library.people:
            continue
        if cut := box_of(rect):
            yield FaceBox(f"{photo.name}-{rect}", person, *cut)
        else:
            library.lose(english("faces whose boxes cannot be read"))


def box_of(rect: str) -> tuple[float, float, float, float] | None:
    """The box of four numbers of 16 bits: left, top, right, bottom."""
    sides = rect.zfill(16)
    left, top, right, bottom = (int(sides[place : place + 4], 16) / 65535 for place in (0, 4, 8, 12))
    return box(left, top, right - left, bottom - top)


def crop_of(rect: str) -> dict[str, Any] | None:
    """A crop as Mirage describes it. None if it does not fit, or is all of the picture."""
    cut = box_of(rect)
    if cut is None or (cut[2] > 0.999 and cut[3] > 0.999):
        return None
    crop = {"op": "crop", **dict(zip(("x", "y", "width", "height"), cut, strict=True))}
    try:
        return description.read({"version": description.VERSION, "operations": [crop]}).as_json()
    except description.Refused:
        return None


def albums_of(found: Found, assets: Sequence[Asset]) -> list[Album]:
    members: dict[str, list[str]] = defaultdict(list)
    for asset, (_, keys) in zip(assets, found.sections, strict=True):
        for key in filter(None, keys.get("albums", "").split(",")):
            members[key.strip()].append(asset.key)
    return [
        Album(key, clean(keys.get("name", "")), clean(keys.get("description", "")), assets=tuple(members[key]))
        for key, keys in found.albums.items()
        if members[key] and keys.get("name")  # one that was deleted has none
    ]
