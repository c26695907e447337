"""Apple Photos, from the database in a .photoslibrary (Photos 5 to 11; osxphotos describes its tables).

The numbers in names of tables, such as Z_28ASSETS, change from version to version, so they are looked for. People come
with their faces, albums in their folders, favourites, hidden photos, the trash, titles, captions and keywords. An
edited photo has two files, which become a stack if both are here.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from sqlite3 import Row

from media.sentences import english
from switching.readers import osxphotos
from switching.readers import tables as reading
from switching.readers.tables import Tables, centred, number, text, truth, whole
from switching.stream import Album, Asset, FaceBox, Library, Person, Stack

PROGRAM = "Apple Photos"
EPOCH = datetime(2001, 1, 1)
ALBUM, FOLDER, SHARED = 2, 4000, 1505  # kinds of albums
EDITED = "edited:"  # before the key of an asset: its edited version
FACES = (
    *("Z_PK", "ZASSET", "ZASSETFORFACE", "ZPERSON", "ZPERSONFORFACE", "ZCENTERX", "ZCENTERY", "ZSIZE", "ZHIDDEN"),
    *("ZSOURCEWIDTH", "ZSOURCEHEIGHT"),
)
ASSETS = (
    *("Z_PK", "ZUUID", "ZDIRECTORY", "ZFILENAME", "ZFAVORITE", "ZHIDDEN", "ZTRASHEDSTATE", "ZDATECREATED"),
    *("ZWIDTH", "ZHEIGHT", "ZADJUSTMENTSSTATE", "ZHASADJUSTMENTS", "ZKIND", "ZCLOUDBATCHPUBLISHDATE"),
)
ADDED = (
    *("Z_PK", "ZASSET", "ZORIGINALFILENAME", "ZORIGINALFILESIZE", "ZTITLE", "ZTIMEZONEOFFSET"),
    *("ZORIGINALWIDTH", "ZORIGINALHEIGHT", "ZORIGINALORIENTATION", "ZMASTERFINGERPRINT", "ZORIGINALSTABLEHASH"),
)
ALBUMS = (
    *("Z_PK", "ZUUID", "ZTITLE", "ZKIND", "ZPARENTFOLDER", "ZTRASHEDSTATE"),
    *("ZCUSTOMSORTKEY", "ZCUSTOMSORTASCENDING"),
)
BY_DATE, PICTURE = 1, 0  # how an album is sorted; a kind of assets


@contextmanager
def read(path: Path, account: str, hints: Sequence[str] = ()) -> Iterator[Library]:
    """The whole library, or what osxphotos wrote about it. Raises Unreadable."""
    database = path / "database" / "Photos.sqlite" if path.is_dir() else path
    exported = (path / osxphotos.DATABASE).exists() if path.is_dir() else path.suffix in (".json", ".db")
    with osxphotos.read(path) if exported else read_database(database) as library:
        yield library


@contextmanager
def read_database(database: Path) -> Iterator[Library]:
    with reading.opened(database, PROGRAM) as tables:
        asset = "ZASSET" if "ZASSET" in tables.names else "ZGENERICASSET"
        tables.require(PROGRAM, {asset: ("Z_PK", "ZFILENAME"), "ZADDITIONALASSETATTRIBUTES": ("ZASSET",)})
        library = Library(PROGRAM, "", lambda: assets_of(tables, asset, library))
        library.count = tables.count(asset)
        library.people = people_of(tables)
        edited = {text(row["Z_PK"]) for row in tables.select(asset, ASSETS) if is_edited(row)}
        library.stacks = [Stack(key, (EDITED + key, key), EDITED + key) for key in edited]
        library.albums = albums_of(tables, edited)
        shared = tables.count("ZGENERICALBUM", f"ZKIND = {SHARED}")
        library.lose(english("shares of iCloud (the albums come: share them here again)"), shared)
        library.lose(english("comments and likes"), tables.count("ZCLOUDSHAREDCOMMENT"))
        yield library


def is_edited(row: Row) -> bool:
    return bool(whole(row["ZADJUSTMENTSSTATE"]) or whole(row["ZHASADJUSTMENTS"]))


def people_of(tables: Tables) -> dict[str, Person]:
    found = {}
    for row in tables.select("ZPERSON", ("Z_PK", "ZFULLNAME", "ZDISPLAYNAME", "ZTYPE", "ZKEYFACE")):
        name = text(row["ZFULLNAME"]) or text(row["ZDISPLAYNAME"])
        if name:
            found[text(row["Z_PK"])] = Person(text(row["Z_PK"]), name, cover=text(row["ZKEYFACE"]))
    return found


def albums_of(tables: Tables, edited: set[str]) -> list[Album]:
    """Albums by hand, in their folders."""
    rows = {text(row["Z_PK"]): row for row in tables.select("ZGENERICALBUM", ALBUMS)}
    table, album, asset = join(tables, r"Z_\d+ASSETS", r"Z_\d+ALBUMS", r"Z_\d+ASSETS")
    items: dict[str, list[str]] = defaultdict(list)
    if table:
        order = next((name for name in tables.columns(table) if re.fullmatch(r"Z_FOK_\d+ASSETS", name)), "")
        for row in tables.select(table, (album, asset), f'ORDER BY "{order}"' if order else ""):
            key = text(row[asset])
            items[text(row[album])] += [EDITED + key, key] if key in edited else [key]
    return [album_of(rows, row, items[key]) for key, row in rows.items() if is_album(row)]


def is_album(row: Row) -> bool:
    """Whether it is an album by hand, of one's own or shared, that is not in the trash."""
    return whole(row["ZKIND"]) in (ALBUM, SHARED) and not whole(row["ZTRASHEDSTATE"]) and bool(text(row["ZTITLE"]))


def album_of(rows: Mapping[str, Row], row: Row, items: Sequence[str]) -> Album:
    by_date = whole(row["ZCUSTOMSORTKEY"]) == BY_DATE
    return Album(
        key=text(row["ZUUID"]) or text(row["Z_PK"]),
        name=text(row["ZTITLE"]),
        folders=tuple(folders_above(rows, text(row["ZPARENTFOLDER"]))),
        assets=tuple(items),
        arranged=not by_date,
        newest_first=by_date and row["ZCUSTOMSORTASCENDING"] == 0,
    )


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
        asset = asset_of(row, more, captions.get(about, ""), tuple(keywords.get(about, ())), tuple(boxes))
        if is_edited(row):
            yield edited_version(asset, row)
            if more and was_cut(row, more):
                asset = replace(asset, faces=tuple(replace(face, sure=False) for face in boxes))
        yield asset


def edited_version(asset: Asset, row: Row) -> Asset:
    """The rendered file, in the library or exported beside the original. The faces lie in it."""
    stem = PurePosixPath(text(row["ZFILENAME"])).stem
    rendered = f"{stem}_1_201_a" if (whole(row["ZKIND"]) or PICTURE) == PICTURE else f"{stem}_2_0_a"
    return replace(
        asset,
        key=EDITED + asset.key,
        name=f"{PurePosixPath(asset.name).stem}_edited",
        path=f"resources/renders/{text(row['ZDIRECTORY'])}/{rendered}",
        any_extension=True,
        optional=True,
        content="",
        size=None,
    )


def was_cut(row: Row, more: Row) -> bool:
    """Whether the edited version has another form than the original."""
    before = (whole(more["ZORIGINALWIDTH"]), whole(more["ZORIGINALHEIGHT"]))
    turned = (whole(more["ZORIGINALORIENTATION"]) or 1) >= 5
    return None not in before and (whole(row["ZWIDTH"]), whole(row["ZHEIGHT"])) != (before[::-1] if turned else before)


def asset_of(row: Row, more: Row | None, caption: str, keywords: tuple[str, ...], faces: tuple[FaceBox, ...]) -> Asset:
    name = text(more["ZORIGINALFILENAME"]) if more else ""
    return Asset(
        key=text(row["Z_PK"]),
        name=name or text(row["ZFILENAME"]),
        content=(text(more["ZMASTERFINGERPRINT"]) or text(more["ZORIGINALSTABLEHASH"])) if more else "",
        path=f"originals/{text(row['ZDIRECTORY'])}/{text(row['ZFILENAME'])}",
        size=whole(more["ZORIGINALFILESIZE"]) if more and not row["ZCLOUDBATCHPUBLISHDATE"] else None,  # a smaller copy
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
    """A face of somebody with a name."""
    person = text(row["ZPERSONFORFACE"]) or text(row["ZPERSON"])
    if person not in library.people or truth(row["ZHIDDEN"]):
        return None
    wide = number(row["ZSOURCEWIDTH"]) or number(asset["ZWIDTH"])
    high = number(row["ZSOURCEHEIGHT"]) or number(asset["ZHEIGHT"])
    cut = centred(row["ZCENTERX"], row["ZCENTERY"], row["ZSIZE"], wide, high)
    return FaceBox(text(row["Z_PK"]), person, *cut) if cut else None
