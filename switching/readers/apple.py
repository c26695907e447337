"""Apple Photos, from the database in a .photoslibrary (Photos 5 to 11; osxphotos describes its tables).

The numbers in names of tables, such as Z_28ASSETS, change from version to version, so they are looked for. People come
with their faces, albums in their folders, favourites, hidden photos, the trash, titles, captions and keywords.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Row

from media.sentences import english
from switching.readers import tables as reading
from switching.readers.tables import Tables, box, number, text, truth, whole
from switching.stream import Album, Asset, FaceBox, Library, Person

PROGRAM = "Apple Photos"
EPOCH = datetime(2001, 1, 1)
ALBUM, FOLDER, SHARED = 2, 4000, 1505  # kinds of albums
FACES = (
    *("Z_PK", "ZASSET", "ZASSETFORFACE", "ZPERSON", "ZPERSONFORFACE", "ZCENTERX", "ZCENTERY", "ZSIZE", "ZHIDDEN"),
    *("ZSOURCEWIDTH", "ZSOURCEHEIGHT"),
)
ASSETS = (
    *("Z_PK", "ZUUID", "ZDIRECTORY", "ZFILENAME", "ZFAVORITE", "ZHIDDEN", "ZTRASHEDSTATE", "ZDATECREATED"),
    *("ZWIDTH", "ZHEIGHT", "ZADJUSTMENTSSTATE", "ZVISIBILITYSTATE"),
)
ADDED = ("Z_PK", "ZASSET", "ZORIGINALFILENAME", "ZORIGINALFILESIZE", "ZTITLE", "ZTIMEZONEOFFSET")
ALBUMS = ("Z_PK", "ZTITLE", "ZKIND", "ZPARENTFOLDER", "ZTRASHEDSTATE")


@contextmanager
def read(path: Path, account: str, hints: Sequence[str] = ()) -> Iterator[Library]:
    """The whole library."""
    with reading.opened(path / "database" / "Photos.sqlite" if path.is_dir() else path, PROGRAM) as tables:
        asset = "ZASSET" if "ZASSET" in tables.names else "ZGENERICASSET"
        tables.require(PROGRAM, {asset: ("Z_PK", "ZFILENAME"), "ZADDITIONALASSETATTRIBUTES": ("ZASSET",)})
        library = Library(PROGRAM, "", lambda: assets_of(tables, asset, library))
        library.count = tables.count(asset)
        library.people = people_of(tables)
        library.albums = albums_of(tables)
        library.lose(english("shared albums of iCloud"), tables.count("ZGENERICALBUM", f"ZKIND = {SHARED}"))
        if "ZADJUSTMENTSSTATE" in tables.columns(asset):
            edited = tables.count(asset, "ZADJUSTMENTSSTATE > 0")
            library.lose(english("edits of photos (export the edited photos, and import them)"), edited)
        yield library


def people_of(tables: Tables) -> dict[str, Person]:
    found = {}
    for row in tables.select("ZPERSON", ("Z_PK", "ZFULLNAME", "ZDISPLAYNAME", "ZTYPE", "ZKEYFACE")):
        name = text(row["ZFULLNAME"]) or text(row["ZDISPLAYNAME"])
        if name:
            found[text(row["Z_PK"])] = Person(text(row["Z_PK"]), name, cover=text(row["ZKEYFACE"]))
    return found


def albums_of(tables: Tables) -> list[Album]:
    """Albums by hand, in their folders."""
    rows = {text(row["Z_PK"]): row for row in tables.select("ZGENERICALBUM", ALBUMS)}
    table, album, asset = join(tables, r"Z_\d+ASSETS", r"Z_\d+ALBUMS", r"Z_\d+ASSETS")
    items: dict[str, list[str]] = defaultdict(list)
    if table:
        order = next((name for name in tables.columns(table) if re.fullmatch(r"Z_FOK_\d+ASSETS", name)), "")
        for row in tables.select(table, (album, asset), f'ORDER BY "{order}"' if order else ""):
            items[text(row[album])].append(text(row[asset]))
    found = []
    for key, row in rows.items():
        if whole(row["ZKIND"]) == ALBUM and not whole(row["ZTRASHEDSTATE"]) and text(row["ZTITLE"]):
            above = tuple(folders_above(rows, text(row["ZPARENTFOLDER"])))
            found.append(Album(key, text(row["ZTITLE"]), "", above, tuple(items[key]), arranged=True))
    return found


def join(tables: Tables, table: str, one: str, other: str) -> tuple[str, str, str]:
    """The table that joins two others, and its columns; empty if there is none."""
    for name in sorted(tables.names):
        columns = tables.columns(name) if re.fullmatch(table, name) else set()
        first = next((column for column in columns if re.fullmatch(one, column)), "")
        second = next((column for column in columns if re.fullmatch(other, column)), "")
        if first and second:
            return name, first, second
    return "", "", ""


def folders_above(rows: Mapping[str, Row], key: str) -> list[str]:
    """The names of the folders above, the outermost first. The root has no title."""
    names: list[str] = []
    while key in rows and len(names) < 20:
        if whole(rows[key]["ZKIND"]) == FOLDER and text(rows[key]["ZTITLE"]):
            names.insert(0, text(rows[key]["ZTITLE"]))
        key = text(rows[key]["ZPARENTFOLDER"])
    return names


def assets_of(tables: Tables, table: str, library: Library) -> Iterator[Asset]:
    added = {text(row["ZASSET"]): row for row in tables.select("ZADDITIONALASSETATTRIBUTES", ADDED)}
    captions = {
        text(row["ZASSETATTRIBUTES"]): text(row["ZLONGDESCRIPTION"])
        for row in tables.select("ZASSETDESCRIPTION", ("ZASSETATTRIBUTES", "ZLONGDESCRIPTION"))
    }
    keywords = keywords_of(tables)
    faces: dict[str, list[Row]] = defaultdict(list)
    for row in tables.select("ZDETECTEDFACE", FACES):
        faces[text(row["ZASSETFORFACE"]) or text(row["ZASSET"])].append(row)
    for row in tables.select(table, ASSETS, "ORDER BY Z_PK"):
        more = added.get(text(row["Z_PK"]))
        about = text(more["Z_PK"]) if more else ""
        boxes = [face for each in faces[text(row["Z_PK"])] if (face := face_of(each, row, library))]
        yield asset_of(row, more, captions.get(about, ""), tuple(keywords.get(about, ())), tuple(boxes))


def asset_of(row: Row, more: Row | None, caption: str, keywords: tuple[str, ...], faces: tuple[FaceBox, ...]) -> Asset:
    name = text(more["ZORIGINALFILENAME"]) if more else ""
    return Asset(
        key=text(row["Z_PK"]),
        name=name or text(row["ZFILENAME"]),
        path=f"originals/{text(row['ZDIRECTORY'])}/{text(row['ZFILENAME'])}",
        size=whole(more["ZORIGINALFILESIZE"]) if more else None,
        taken=taken(row["ZDATECREATED"], more["ZTIMEZONEOFFSET"] if more else None),
        title=text(more["ZTITLE"]) if more else "",
        description=caption,
        favourite=truth(row["ZFAVORITE"]),
        archived=truth(row["ZHIDDEN"]),
        trashed=bool(whole(row["ZTRASHEDSTATE"])),
        tags=keywords,
        faces=faces,
    )


def taken(seconds: object, offset: object) -> datetime | None:
    """The local time, from seconds since 2001 UTC and the offset in seconds."""
    since = number(seconds)
    if since is None or abs(since) > 1e10:
        return None
    return EPOCH + timedelta(seconds=since + (number(offset) or 0))


def keywords_of(tables: Tables) -> dict[str, list[str]]:
    """The keywords by the additional attributes of an asset."""
    names = {text(row["Z_PK"]): text(row["ZTITLE"]) for row in tables.select("ZKEYWORD", ("Z_PK", "ZTITLE"))}
    table, asset, keyword = join(tables, r"Z_1KEYWORDS", r"Z_1ASSETATTRIBUTES", r"Z_\d+KEYWORDS")
    found: dict[str, list[str]] = defaultdict(list)
    if table:
        for row in tables.select(table, (asset, keyword)):
            if name := names.get(text(row[keyword])):
                found[text(row[asset])].append(name.replace("/", "-"))
    return found


def face_of(row: Row, asset: Row, library: Library) -> FaceBox | None:
    """A face of somebody with a name: its centre from the lower left corner, its size of the longer side."""
    person = text(row["ZPERSONFORFACE"]) or text(row["ZPERSON"])
    if person not in library.people or truth(row["ZHIDDEN"]):
        return None
    wide = number(row["ZSOURCEWIDTH"]) or number(asset["ZWIDTH"])
    high = number(row["ZSOURCEHEIGHT"]) or number(asset["ZHEIGHT"])
    x, y, size = number(row["ZCENTERX"]), number(row["ZCENTERY"]), number(row["ZSIZE"])
    if not wide or not high or x is None or y is None or not size:
        return None
    across, down = size * max(wide, high) / wide, size * max(wide, high) / high
    cut = box(x - across / 2, 1 - y - down / 2, across, down)
    return FaceBox(text(row["Z_PK"]), person, *cut) if cut else None
