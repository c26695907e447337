"""digiKam, from digikam4.db or a dump of its MySQL or MariaDB (versions 5 to 8).

Its albums are the folders of the disk. People are tags with a region in the picture. Only confirmed faces come: those
that digiKam proposes become questions in the review.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Row
from typing import Any

from media.sentences import english
from switching.readers import databases
from switching.readers import tables as reading
from switching.readers.tables import Tables, box, moment, number, text, whole
from switching.stream import Album, Asset, FaceBox, Library, Person, Stack

PROGRAM = "digiKam"
IMAGES = ("id", "album", "name", "status", "fileSize")
INFORMATION = ("imageid", "rating", "creationDate", "orientation", "width", "height")
WANTED: dict[str, Sequence[str]] = {
    "Images": IMAGES,
    "Albums": ("id", "relativePath", "caption", "icon"),
    "Tags": ("id", "pid", "name"),
    "TagProperties": ("tagid", "property"),
    "ImageInformation": INFORMATION,
    "ImageComments": ("id", "imageid", "type", "comment"),
    "ImageTags": ("imageid", "tagid"),
    "ImageTagProperties": ("imageid", "tagid", "property", "value"),
    "ImageRelations": ("subject", "object", "type"),
    "Searches": ("id",),
    "Settings": ("keyword", "value"),
}
NEEDED = {"Images": ("id", "album", "name"), "Albums": ("id", "relativePath"), "Tags": ("id", "pid", "name")}
ROOT = "0"  # the tag above all, which has a row on a server alone
NOBODY = frozenset({"unknownPerson", "unconfirmedPerson", "ignoredPerson"})  # persons in name only
INTERNAL = "_Digikam_Internal_Tags_"
CAPTION, TITLE = 1, 3  # types of comments
GROUPED = 2  # type of relations
TRASHED = 3  # status of images
REGION = re.compile(r"<rect\b([^>]*)>")
PROPOSED = re.compile(r"(\d+),")
SIDE = re.compile(r'(\w+)="(-?\d+(?:\.\d+)?)"')
COLOURS = {  # as digiKam names the tags, without spaces
    "ColorLabelRed": "Red", "ColorLabelOrange": "Orange", "ColorLabelYellow": "Yellow", "ColorLabelGreen": "Green",
    "ColorLabelBlue": "Blue", "ColorLabelMagenta": "Magenta", "ColorLabelGray": "Gray", "ColorLabelBlack": "Black",
    "ColorLabelWhite": "White",
}  # fmt: skip


@contextmanager
def read(path: Path, account: str, hints: Sequence[str] = ()) -> Iterator[Library]:
    """The whole library."""
    with databases.opened(path / "digikam4.db" if path.is_dir() else path, PROGRAM, WANTED) as tables:
        tables.require(PROGRAM, NEEDED)
        version = next((text(row["value"]) for row in tables.select("Settings", ("keyword", "value"), VERSION)), "")
        tags = {text(row["id"]): row for row in tables.select("Tags", WANTED["Tags"])}
        persons, nobody = persons_of(tables)
        tags = {key: row for key, row in tags.items() if key != ROOT and key not in nobody}
        library = Library(PROGRAM, f"(database {version})" if version else "", lambda: assets_of(tables, library, tags))
        library.count = tables.count("Images", f"status <> {TRASHED} AND album IS NOT NULL")
        library.people = {key: Person(key, text(tags[key]["name"])) for key in persons if key in tags}
        library.albums = albums_of(tables)
        library.stacks = stacks_of(tables)
        library.lose(english("saved searches"), tables.count("Searches"))
        yield library


VERSION = "WHERE keyword = 'DBVersion'"


def persons_of(tables: Tables) -> tuple[set[str], set[str]]:
    """The tags that are people, and those for faces of nobody in particular."""
    told: dict[str, set[str]] = defaultdict(set)
    for row in tables.select("TagProperties", ("tagid", "property")):
        told[text(row["tagid"])].add(text(row["property"]))
    nobody = {key for key, properties in told.items() if properties & NOBODY}
    people = {key for key, properties in told.items() if properties & PERSON}
    people |= {text(row["tagid"]) for row in tables.select("ImageTagProperties", ("tagid", "property"), CONFIRMED)}
    return people - nobody, nobody


CONFIRMED = "WHERE property = 'tagRegion'"  # digiKam draws regions for faces alone
PERSON = frozenset({"person", "faceEngineId"})


def albums_of(tables: Tables) -> list[Album]:
    """The folders that hold photos, in those above them."""
    photos: dict[str, list[str]] = defaultdict(list)
    for row in tables.select("Images", ("id", "album"), f"WHERE status <> {TRASHED} AND album IS NOT NULL ORDER BY id"):
        photos[text(row["album"])].append(text(row["id"]))
    found = []
    for row in tables.select("Albums", ("id", "relativePath", "caption", "icon")):
        *above, name = [part for part in text(row["relativePath"]).split("/") if part] or [""]
        key = text(row["id"])
        if name and photos[key]:
            words, cover = text(row["caption"]), text(row["icon"])
            found.append(Album(key, name, words, tuple(above), tuple(photos[key]), cover=cover))
    return found


def stacks_of(tables: Tables) -> list[Stack]:
    """Groups: the object is the photo that stands for the others."""
    members: dict[str, list[str]] = defaultdict(list)
    for row in tables.select("ImageRelations", ("subject", "object", "type"), f"WHERE type = {GROUPED}"):
        members[text(row["object"])].append(text(row["subject"]))
    return [Stack(cover, (cover, *others), cover) for cover, others in members.items()]


def paths_of(tags: Mapping[str, Row]) -> dict[str, str]:
    """The whole path of each tag."""
    found = {}
    for key in tags:
        steps: list[str] = []
        above = key
        while above in tags and len(steps) < 50:  # a damaged tree may lead back to itself
            steps.append(text(tags[above]["name"]).replace("/", "-"))
            above = text(tags[above]["pid"])
        found[key] = "/".join(reversed(steps))
    return found


def assets_of(tables: Tables, library: Library, tags: Mapping[str, Row]) -> Iterator[Asset]:
    paths = paths_of(tags)
    folders = {text(row["id"]): text(row["relativePath"]) for row in tables.select("Albums", ("id", "relativePath"))}
    information = {text(row["imageid"]): row for row in tables.select("ImageInformation", INFORMATION)}
    words: dict[str, dict[int, str]] = defaultdict(dict)
    for row in tables.select("ImageComments", ("imageid", "type", "comment"), "ORDER BY id"):
        words[text(row["imageid"])].setdefault(whole(row["type"]) or 0, text(row["comment"]))
    tagged: dict[str, list[str]] = defaultdict(list)
    for row in tables.select("ImageTags", ("imageid", "tagid")):
        tagged[text(row["imageid"])].append(text(row["tagid"]))
    regions: dict[str, list[Row]] = defaultdict(list)
    for row in tables.select("ImageTagProperties", ("imageid", "tagid", "property", "value"), "ORDER BY rowid"):
        regions[text(row["imageid"])].append(row)
    for row in tables.select("Images", IMAGES, f"WHERE status <> {TRASHED} AND album IS NOT NULL ORDER BY id"):
        key = text(row["id"])
        told = information.get(key)
        faces = faces_of(regions[key], told, library)
        named = [paths.get(tag, "") for tag in tagged[key] if tag not in library.people]
        yield asset_of(row, folders.get(text(row["album"]), ""), told, words[key], named, faces, library)


def asset_of(
    row: Row,
    folder: str,
    told: Row | None,
    words: Mapping[int, str],
    tags: Sequence[str],
    faces: tuple[FaceBox, ...],
    library: Library,
) -> Asset:
    inner = [tag.rpartition("/")[2].replace(" ", "") for tag in tags if tag.startswith(INTERNAL)]
    stars = reading.stars(told["rating"]) if told else None
    if stars == -1:
        stars = None  # digiKam's word for no rating
    if "PickLabelRejected" in inner:
        stars = -1
    library.lose(
        english("pick labels Accepted and Pending"),
        sum(tag in ("PickLabelAccepted", "PickLabelPending") for tag in inner),
    )
    return Asset(
        key=text(row["id"]),
        name=text(row["name"]),
        path=f"{folder.rstrip('/')}/{text(row['name'])}",
        size=whole(row["fileSize"]),
        taken=moment(told["creationDate"]) if told else None,
        title=words.get(TITLE, ""),
        description=words.get(CAPTION, ""),
        rating=stars,
        label=next((COLOURS[tag] for tag in inner if tag in COLOURS), ""),
        tags=tuple(tag for tag in tags if tag and not tag.startswith(INTERNAL)),
        faces=faces,
    )


def faces_of(rows: Sequence[Row], told: Row | None, library: Library) -> tuple[FaceBox, ...]:
    """The faces with a name. Regions are in pixels of the upright picture."""
    if told is None:
        return ()
    wide, high = number(told["width"]) or 0, number(told["height"]) or 0
    if (whole(told["orientation"]) or 1) >= 5:
        wide, high = high, wide
    found: dict[tuple[Any, ...], FaceBox] = {}
    for place, row in enumerate(rows):
        person, sure = person_of(row)
        match = REGION.search(text(row["value"]))
        if person not in library.people or match is None or not wide or not high:
            continue
        side = {name: float(value) for name, value in SIDE.findall(match[1])}
        x, y, w, h = (side.get(name, 0.0) for name in ("x", "y", "width", "height"))
        if cut := box(x / wide, y / high, w / wide, h / high):
            key = f"{text(row['imageid'])}-{person}-{place}"
            found.setdefault((person, cut), FaceBox(key, person, *cut, sure=sure))  # a proposal is there twice
    return tuple(found.values())


def person_of(row: Row) -> tuple[str, bool]:
    """The tag of the person whose face a row has, and whether somebody confirmed it. None for other rows."""
    match row["property"]:
        case "tagRegion":
            return text(row["tagid"]), True
        case "autodetectedFace":
            return text(row["tagid"]), False
        case "autodetectedPerson":  # the tag is the one for all proposals; who is meant comes first in the value
            proposed = PROPOSED.match(text(row["value"]))
            return (proposed[1] if proposed else text(row["tagid"])), False
    return "", False
