"""The keys of the search language: what each takes, what it is for, and the words that are known after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What a key takes."""

    TEXT = "text"  # words of a column; beginnings are enough
    NAME = "name"  # people, tags, albums: things with a name
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    NEAR = "near"
    PHOTO = "photo"


@dataclass(frozen=True)
class Key:
    """A key. `units` says how many of the column's units one of each is; `many` that values can be asked for all."""

    name: str
    kind: Kind
    about: str
    example: str
    aliases: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, float] = field(default_factory=dict)
    modes: tuple[str, ...] = ()


ANY, ALL, ALONE = "any", "all", "alone"
BYTES = {"b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "k": 1e3, "m": 1e6, "g": 1e9}
SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600}

IS = {
    "favourite": "Your favourites",
    "archived": "In the archive",
    "untagged": "Without a tag",
    "unnamed": "With a face that has no name yet",
    "duplicate": "Waiting for a decision on duplicates",
    "panorama": "Panoramas",
    "live": "Live and motion photos",
    "stacked": "In a stack: bursts, RAW with JPEG",
    "edited": "With details that you changed",
    "animated": "Moving pictures",
    "doubtful": "With a doubtful date",
    "trashed": "In your trash",
}
HAS = {
    "gps": "With a position",
    "faces": "With faces",
    "people": "With somebody who has a name",
    "comments": "With comments",
    "text": "With written words in the picture",
    "objects": "With recognised things",
    "tags": "With tags",
    "albums": "In an album",
    "title": "With a title",
    "description": "With a description",
    "rating": "With a rating",
}
TAKEN = {
    "morning": "5 to 12 o’clock",
    "afternoon": "12 to 17 o’clock",
    "evening": "17 to 22 o’clock",
    "night": "22 to 5 o’clock",
    "weekend": "Saturday and Sunday",
    "monday": "", "tuesday": "", "wednesday": "", "thursday": "", "friday": "", "saturday": "", "sunday": "",
}  # fmt: skip
TYPES = {
    "photo": "Photos",
    "video": "Videos",
    "raw": "RAW files of cameras",
    "jpeg": "", "png": "", "heic": "", "webp": "", "gif": "", "avif": "", "jxl": "", "tiff": "", "mp4": "", "mov": "",
}  # fmt: skip
SORT_LABELS = {
    "newest": "Newest", "oldest": "Oldest", "added": "Last added", "relevance": "Best match", "largest": "Largest",
    "rating": "Best rated",
}  # fmt: skip
SORTS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "added": "Last added first",
    "relevance": "Best matches first",
    "largest": "Largest files first",
    "rating": "Best rated first",
}

KEYS = {
    key.name: key
    for key in (
        Key("person", Kind.NAME, "Who is in it", "person:Anna,Ben all", ("people", "who"), modes=(ANY, ALL, ALONE)),
        Key("tag", Kind.NAME, "A tag, and the tags below it", "tag:travel/japan", ("tags",), modes=(ANY, ALL)),
        Key("album", Kind.NAME, "An album", 'album:"Our wedding"', ("albums", "in"), modes=(ANY, ALL)),
        Key("place", Kind.TEXT, "Town or region", "place:Lisbon", ("city", "town", "where")),
        Key("country", Kind.TEXT, "Country, by name or code", "country:Portugal"),
        Key("near", Kind.NEAR, "Around a town or a position", "near:Lisbon 20km"),
        Key("date", Kind.DATE, "When it was taken", "date:summer 2022", ("when",)),
        Key("taken", Kind.CHOICE, "The time of day, or the day of the week", "taken:morning", choices=TAKEN),
        Key("added", Kind.DATE, "When it came into the library", 'added:"last week"'),
        Key("type", Kind.CHOICE, "Photo, video, or a format", "type:video", choices=TYPES),
        Key("is", Kind.CHOICE, "What it is", "is:favourite", choices=IS),
        Key("has", Kind.CHOICE, "What it has", "has:gps", choices=HAS),
        Key("rating", Kind.NUMBER, "Stars, 0 to 5", "rating:>=4", ("stars",)),
        Key("camera", Kind.TEXT, "The camera’s make or model", "camera:iphone"),
        Key("lens", Kind.TEXT, "The lens", "lens:50mm"),
        Key("iso", Kind.NUMBER, "Sensitivity", "iso:>800"),
        Key("f", Kind.NUMBER, "Aperture, as f-number", "f:<2.8", ("aperture",)),
        Key("focal", Kind.NUMBER, "Focal length in mm", "focal:24..70", units={"mm": 1}),
        Key("size", Kind.NUMBER, "Size of the file", "size:>10MB", units=BYTES),
        Key("duration", Kind.NUMBER, "Length of a video", "duration:>1m", ("length",), units=SECONDS),
        Key("title", Kind.TEXT, "Words of the title", "title:birthday"),
        Key("description", Kind.TEXT, "Words of the description", 'description:"first day"', ("caption",)),
        Key("file", Kind.TEXT, "The file’s name", "file:IMG_0042", ("filename", "name")),
        Key("object", Kind.TEXT, "Things that were recognised", "object:dog", ("objects", "label"), modes=(ANY, ALL)),
        Key("text", Kind.TEXT, "Written words in the picture", 'text:"invoice"', ("ocr",)),
        Key("similar", Kind.PHOTO, "Looks like the photo of that key", "similar:ID"),
        Key("sort", Kind.CHOICE, "The order", "sort:relevance", ("order",), choices=SORTS),
    )
}
ALIASES = {alias: key.name for key in KEYS.values() for alias in key.aliases}
SPELLINGS = {
    "favorite": "favourite", "favorites": "favourite", "favourites": "favourite", "fav": "favourite",
    "archive": "archived", "trash": "trashed", "duplicates": "duplicate", "panoramas": "panorama", "motion": "live",
    "face": "faces", "comment": "comments", "tag": "tags", "album": "albums", "object": "objects", "location": "gps",
    "photos": "photo", "image": "photo", "videos": "video", "jpg": "jpeg", "tif": "tiff", "heif": "heic",
    "quicktime": "mov", "date": "newest", "size": "largest", "best": "relevance", "oldest-first": "oldest",
}  # fmt: skip


def find(name: str) -> Key | None:
    """The key of that name or alias, in any case."""
    name = name.lower()
    return KEYS.get(ALIASES.get(name, name))
