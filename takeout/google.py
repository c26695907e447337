"""Google Takeout: which JSON describes which file, and which folder is which album. No database here.

Google splits an export into parts at any file. A photo may be in one part and its JSON in another, and an album in
both. So all folders with the same name count as one.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from media.mediatypes import HEAD_BYTES, identify_head, looks_like_media
from media.sentences import english
from photos.ingest.sidecars import Neighbours, edited_from, fold
from takeout.sources import DamagedMember, Member

MAX_JSON = 1 << 20  # bytes; real ones are one or two kilobytes
SECONDS = re.compile(r"-?[0-9]{1,18}")
YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
# Google's names for the folders of years. In other languages, these are several folders that differ only in the year.
YEARS = {
    *("photos from #", "photos de #", "fotos von #", "fotos aus #", "fotos de #", "fotos del #", "foto del #"),
    *("foto dal #", "foto's uit #", "zdjęcia z #", "foton från #", "bilder fra #", "billeder fra #", "фото за # год"),
    *("# 年の写真", "#年の写真", "#년의 사진", "# 年的照片", "来自 # 年的照片", "fotografie z #", "kuvat vuodelta #"),
}
TRASH = {
    *("trash", "bin", "corbeille", "papierkorb", "papelera", "cestino", "prullenbak", "lixeira", "lixo", "kosz"),
    *("papperskorgen", "papirkurv", "roskakori", "корзина", "ゴミ箱", "휴지통", "回收站"),
}
ARCHIVE = {
    *("archive", "archives", "archiv", "archivo", "archivio", "archief", "arquivo", "archiwum", "arkiv", "arkisto"),
    *("архив", "アーカイブ", "보관함", "归档"),
}


@dataclass(frozen=True)
class Supplement:
    """What a photo's JSON says, apart from the metadata that the import reads from it later."""

    member: Member
    title: str
    timestamp: int | None
    favourite: bool
    archived: bool
    trashed: bool

    @property
    def identity(self) -> tuple[str, int | None]:
        """The same for the JSON in an album and the one in the folder of the photo's year."""
        return self.title, self.timestamp


@dataclass
class Item:
    """A photo of the export, with its JSON if there is one."""

    member: Member
    supplement: Supplement | None = None


@dataclass
class Collection:
    """A folder of the export. `title` is None if it is not an album."""

    name: str
    title: str | None = None
    description: str = ""
    items: list[Item] = field(default_factory=list)
    lonely: list[Supplement] = field(default_factory=list)  # JSON without a photo beside it
    edited: list[tuple[str, str]] = field(default_factory=list)  # names of originals and edited copies


@dataclass
class Export:
    """The files in all parts of an export."""

    collections: list[Collection]
    other: list[Member]  # neither photos nor their JSON
    unreadable: dict[str, str]  # member -> reason


def read_export(members: Iterable[Member]) -> Export:
    """Sort the files of an export by what they are. Reads every JSON and no photo."""
    export = Export([], [], {})
    media: dict[str, list[Member]] = defaultdict(list)
    supplements: dict[str, dict[str, Supplement]] = defaultdict(dict)
    albums: dict[str, dict[str, Any]] = {}
    for member in members:
        is_json = member.name.lower().endswith(".json")
        if looks_like_media(member.name) or (not is_json and holds_media(member)):
            media[member.folder].append(member)
        elif not is_json:
            export.other.append(member)
        elif content := read_json(member, export):
            if "photoTakenTime" in content:
                supplements[member.folder].setdefault(member.name, as_supplement(member, content))
            elif is_album(content):
                albums.setdefault(member.folder, content)
            else:
                export.other.append(member)
    years = year_folders({*media, *supplements} - {*albums})
    for name in sorted({*media, *supplements, *albums}):
        collection = as_collection(name, media[name], supplements[name])
        put_album(collection, albums.get(name), is_year=name in years or fold(name) in TRASH | ARCHIVE)
        export.collections.append(collection)
    return export


def is_takeout(export: Export) -> bool:
    """Whether there is JSON about photos, which only Takeout has."""
    return any(
        collection.lonely or any(item.supplement for item in collection.items) for collection in export.collections
    )


def holds_media(member: Member) -> bool:
    """Whether a file without a known extension is a photo. Google keeps names without extensions."""
    try:
        return identify_head(member.read(HEAD_BYTES), member.name) is not None
    except (DamagedMember, OSError):
        return False


def read_json(member: Member, export: Export) -> dict[str, Any]:
    """The object in a JSON file; empty if there is none. Unreadable files are added to the export."""
    try:
        content = json.loads(member.read(MAX_JSON))
    except (DamagedMember, OSError, ValueError, RecursionError) as error:
        export.unreadable[member.label] = english("The JSON is not readable: %(reason)s", reason=str(error)[:200])
        return {}
    if not isinstance(content, dict):
        export.other.append(member)
        return {}
    return content


def as_supplement(member: Member, content: dict[str, Any]) -> Supplement:
    taken = content["photoTakenTime"]
    stamp = str(taken.get("timestamp", "")) if isinstance(taken, dict) else ""
    folder = fold(member.folder)
    return Supplement(
        member,
        title=str(content.get("title") or ""),
        timestamp=int(stamp) if SECONDS.fullmatch(stamp) else None,
        favourite=content.get("favorited") is True,
        archived=content.get("archived") is True or folder in ARCHIVE,
        trashed=content.get("trashed") is True or folder in TRASH,
    )


def is_album(content: dict[str, Any]) -> bool:
    """Whether a JSON describes its folder. Its name depends on the language."""
    inner = content.get("albumData", content)
    return isinstance(inner, dict) and "title" in inner and bool({"description", "access", "date"} & inner.keys())


def year_folders(names: Iterable[str]) -> set[str]:
    """The folders whose names say that they hold a year's photos."""
    forms = {name: YEAR.sub("#", fold(name)).strip() for name in names if YEAR.search(name)}
    counts = Counter(forms.values())
    return {name for name, form in forms.items() if form in YEARS or (counts[form] > 1 and form != "#")}


def as_collection(name: str, media: list[Member], supplements: dict[str, Supplement]) -> Collection:
    """Join each photo of a folder with its JSON."""
    collection = Collection(name)
    neighbours = Neighbours([*(member.name for member in media), *supplements])
    by_title = {supplement.title: supplement for supplement in supplements.values()}
    used = set()
    names = {fold(member.name): member.name for member in media}
    for member in media:
        found = neighbours.supplement_of(member.name)
        supplement = supplements.get(found) if found else by_title.get(member.name)
        collection.items.append(Item(member, supplement))
        if supplement:
            used.add(supplement.member.name)
        originals = [names[fold(name)] for name in edited_from(member.name) if fold(name) in names]
        collection.edited += [(original, member.name) for original in originals[:1]]
    collection.lonely = [one for one in supplements.values() if one.member.name not in used]
    return collection


def put_album(collection: Collection, content: dict[str, Any] | None, *, is_year: bool) -> None:
    """Make the collection an album, if it is one. Without a title, it is named after its folder."""
    inner = (content or {}).get("albumData", content) or {}
    title = str(inner.get("title") or "").strip()
    form = YEAR.sub("#", fold(title or collection.name)).strip()
    if is_year or (form in YEARS and (not title or fold(title) == fold(collection.name))):
        return
    if content is not None or collection.name not in ("", "Google Photos", "Google Fotos", "Takeout"):
        collection.title = title or collection.name
        collection.description = str(inner.get("description") or "").strip()
