"""Lightroom Classic, from its catalogue .lrcat (versions 6 to 14).

Keywords with their tree, collections in their sets, ratings, flags, colour labels, captions, people, stacks, virtual
copies. Develop settings are counted as lost: Mirage does not imitate them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Row

from media.sentences import english
from switching.readers import tables as reading
from switching.readers.tables import Tables, box, moment, number, text, whole
from switching.stream import Album, Asset, FaceBox, Library, Person, Stack

PROGRAM = "Lightroom"
NEEDED = {
    "Adobe_images": ("id_local", "rootFile"),
    "AgLibraryFile": ("id_local", "baseName", "extension", "folder"),
    "AgLibraryFolder": ("id_local", "pathFromRoot", "rootFolder"),
    "AgLibraryRootFolder": ("id_local", "absolutePath"),
}
IMAGES = ("id_local", "rootFile", "masterImage", "rating", "pick", "colorLabels", "captureTime")
KEYWORDS = ("id_local", "name", "parent", "keywordType")
COLLECTIONS = ("id_local", "name", "parent", "creationId", "systemOnly")
FACES = ("id_local", "image", "tl_x", "tl_y", "br_x", "br_y")
COLLECTION, SET = "com.adobe.ag.library.collection", "com.adobe.ag.library.group"


@contextmanager
def read(path: Path, account: str, hints: Sequence[str] = ()) -> Iterator[Library]:
    """The whole catalogue."""
    with reading.opened(path, PROGRAM) as tables:
        tables.require(PROGRAM, NEEDED)
        rows = list(tables.select("Adobe_variablesTable", ("name", "value"), "WHERE name = 'Adobe_DBVersion'"))
        version = text(rows[0]["value"]) if rows else ""
        library = Library(PROGRAM, f"(catalogue {version})" if version else "", lambda: assets_of(tables, library))
        library.count = tables.count("Adobe_images", "masterImage IS NULL")
        keywords = {text(row["id_local"]): row for row in tables.select("AgLibraryKeyword", KEYWORDS)}
        library.people = {
            key: Person(key, text(row["name"]))
            for key, row in keywords.items()
            if text(row["keywordType"]) == "person" and text(row["name"])
        }
        library.albums = albums_of(tables, library)
        library.stacks = stacks_of(tables)
        library.lose(
            english("photos with develop settings, which stay in Lightroom"), tables.count("Adobe_imageDevelopSettings")
        )
        yield library


def albums_of(tables: Tables, library: Library) -> list[Album]:
    """Collections by hand, in the sets that they are in."""
    rows = {text(row["id_local"]): row for row in tables.select("AgLibraryCollection", COLLECTIONS)}
    items: dict[str, list[str]] = defaultdict(list)
    chosen = "ORDER BY positionInCollection" if "positionInCollection" in tables.columns(ITEMS) else ""
    arranged: set[str] = set()
    for row in tables.select(ITEMS, ("image", "collection", "positionInCollection"), chosen):
        items[text(row["collection"])].append(text(row["image"]))
        if row["positionInCollection"] is not None:
            arranged.add(text(row["collection"]))
    found = []
    for key, row in rows.items():
        kind = text(row["creationId"])
        if whole(row["systemOnly"]) or not text(row["name"]) or kind == SET:
            continue
        if kind == COLLECTION:
            above = tuple(sets_above(rows, text(row["parent"])))
            found.append(Album(key, text(row["name"]), "", above, tuple(items[key]), arranged=key in arranged))
        elif "smart" in kind:
            library.lose(english("smart collections"))
    return found


ITEMS = "AgLibraryCollectionImage"


def sets_above(rows: Mapping[str, Row], key: str) -> list[str]:
    """The names of the collection sets above, the outermost first."""
    names: list[str] = []
    while key in rows and len(names) < 20:
        names.insert(0, text(rows[key]["name"]))
        key = text(rows[key]["parent"])
    return names


def stacks_of(tables: Tables) -> list[Stack]:
    members: dict[str, list[str]] = defaultdict(list)
    for row in tables.select("AgLibraryFolderStackImage", ("stack", "image", "position"), "ORDER BY stack, position"):
        members[text(row["stack"])].append(text(row["image"]))
    return [Stack(key, tuple(ids), ids[0]) for key, ids in members.items() if len(ids) > 1]


def assets_of(tables: Tables, library: Library) -> Iterator[Asset]:
    files = paths_of(tables)
    keywords = {text(row["id_local"]): row for row in tables.select("AgLibraryKeyword", KEYWORDS)}
    tags: dict[str, list[str]] = defaultdict(list)
    for row in tables.select("AgLibraryKeywordImage", ("image", "tag")):
        if text(row["tag"]) not in library.people and (path := keyword_path(keywords, text(row["tag"]))):
            tags[text(row["image"])].append(path)
    captions = {
        text(row["image"]): text(row["caption"]) for row in tables.select("AgLibraryIPTC", ("image", "caption"))
    }
    faces = faces_of(tables, library)
    for row in tables.select("Adobe_images", IMAGES, "ORDER BY masterImage IS NOT NULL, id_local"):
        key, path = text(row["id_local"]), files.get(text(row["rootFile"]), "")
        master = text(row["masterImage"])  # faces count once, for the photo with the file
        picked = whole(row["pick"]) or 0
        yield Asset(
            key=key,
            name=path.rpartition("/")[2],
            path=path,
            copy_of=master,
            taken=moment(row["captureTime"]),
            description=captions.get(key, ""),
            rating=-1 if picked < 0 else reading.stars(row["rating"]),
            label=text(row["colorLabels"]),
            favourite=picked > 0,
            tags=tuple(tags[key]),
            faces=() if master else tuple(faces[key]),
        )


def paths_of(tables: Tables) -> dict[str, str]:
    """The path of each file."""
    roots = {text(row["id_local"]): text(row["absolutePath"]) for row in tables.select("AgLibraryRootFolder", ROOTS)}
    folders = {}
    for row in tables.select("AgLibraryFolder", ("id_local", "pathFromRoot", "rootFolder")):
        folders[text(row["id_local"])] = roots.get(text(row["rootFolder"]), "") + text(row["pathFromRoot"])
    found = {}
    for row in tables.select("AgLibraryFile", ("id_local", "baseName", "extension", "folder")):
        name = text(row["baseName"]) + (f".{text(row['extension'])}" if text(row["extension"]) else "")
        found[text(row["id_local"])] = folders.get(text(row["folder"]), "") + name
    return found


ROOTS = ("id_local", "absolutePath")


def keyword_path(keywords: Mapping[str, Row], key: str) -> str:
    """The path of a keyword. The root of the tree has no name."""
    steps: list[str] = []
    while key in keywords and len(steps) < 50:
        steps.insert(0, text(keywords[key]["name"]).replace("/", "-"))
        key = text(keywords[key]["parent"])
    return "/".join(step for step in steps if step)


def faces_of(tables: Tables, library: Library) -> dict[str, list[FaceBox]]:
    """The faces with a name: in fractions of the picture, from corner to corner."""
    named: dict[str, tuple[str, bool]] = {}
    for row in tables.select("AgLibraryKeywordFace", ("face", "tag", "userPick", "userReject")):
        if text(row["tag"]) in library.people and not whole(row["userReject"]):
            named[text(row["face"])] = (text(row["tag"]), row["userPick"] is None or bool(whole(row["userPick"])))
    found: dict[str, list[FaceBox]] = defaultdict(list)
    for row in tables.select("AgLibraryFace", FACES):
        key = text(row["id_local"])
        left, top, right, bottom = (number(row[name]) for name in ("tl_x", "tl_y", "br_x", "br_y"))
        if key in named and None not in (left, top, right, bottom):
            cut = box(left, top, (right or 0) - (left or 0), (bottom or 0) - (top or 0))
            if cut:
                found[text(row["image"])].append(FaceBox(key, named[key][0], *cut, sure=named[key][1]))
    return found
