"""The keys of the search language, one entry each. The fields of an entry: search/language/keys.py.

To add a key, add an entry: grammar, help sheet, index, triggers, completion and facets all read this table. Apps that
import `search` add their keys in `AppConfig.ready`, with `search.language.keys.register`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _lazy

from mirage.wording import Words
from photos.gallery import place_names
from search import facets
from search.conditions import choices, days, names, texts
from search.conditions.choices import choice
from search.conditions.looks import like_photo, looks_like
from search.conditions.near import near
from search.conditions.numbers import number
from search.conditions.similar import similar
from search.index import sources
from search.index.indexed import Columns
from search.language.keys import ALL, ALONE, ANY, Key, Kind
from search.suggestions import proposals

BYTES = {"b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "k": 1e3, "m": 1e6, "g": 1e9}
SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600}
Row = Mapping[str, str]
Values = Iterable[tuple[str, str]]


def text(name: str, about: Words, example: str, column: str, *aliases: str, anywhere: str = "", **more: Any) -> Key:
    """A key that searches the words of one column; `anywhere` is the column of the index for searches without a key."""
    usual = {"condition": texts.scoped, "proposals": proposals.of_column(column)}
    indexed = Columns((column,), lambda row: [(anywhere, row[column])])
    return Key(name, Kind.TEXT, about, example, aliases, indexed=indexed, **{**usual, **more})


def elsewhere(row: Row) -> list[str]:
    """The town and its country in other languages."""
    return sorted(place_names.also_called(row["country_code"], row["place"]))


def places(row: Row) -> Values:
    return [("notes", row["place"]), ("notes", row["region"]), *(("details", name) for name in elsewhere(row))]


def countries(row: Row) -> Values:
    return [("notes", row["country"]), ("", row["country_code"]), *(("", name) for name in elsewhere(row))]


def cameras(row: Row) -> Values:
    return [("details", f"{row['camera_make']} {row['camera_model']}"), ("", row["camera_model"])]


TABLE = (
    Key(
        "person", Kind.NAME, _lazy("Who is in the photo"), "person:Anna,Ben all", ("people", "who"), "user",
        modes=(ANY, ALL, ALONE), condition=names.people, indexed=sources.PEOPLE,
        proposals=proposals.people, facet=facets.people,
    ),
    Key(
        "tag", Kind.NAME, _lazy("A tag, and the tags below it"), "tag:travel/japan", ("tags",), "tag", modes=(ANY, ALL),
        condition=names.tags, indexed=sources.TAGS, proposals=proposals.tags, facet=facets.tags,
    ),
    Key(
        "album", Kind.NAME, _lazy("An album"), 'album:"Our wedding"', ("albums", "in"), "images", modes=(ANY, ALL),
        condition=names.albums, proposals=proposals.albums,
    ),
    Key(
        "place", Kind.TEXT, _lazy("Town or region"), "place:Lisbon", ("city", "town", "where"), "map-pin",
        condition=texts.scoped, indexed=Columns(("place", "region", "country_code"), places),
        proposals=proposals.of_column("place"), facet=facets.places, counted=("place", "country"),
    ),
    Key(
        "country", Kind.TEXT, _lazy("Country, by name or code"), "country:Portugal", icon="map-pin",
        condition=texts.country, indexed=Columns(("country", "country_code", "place"), countries),
        proposals=proposals.of_column("country"),
    ),
    Key(
        "near", Kind.NEAR, _lazy("Around a town or a position"), "near:Lisbon 20km", icon="map-pin",
        condition=near, proposals=proposals.towns,
    ),
    Key(
        "date", Kind.DATE, _lazy("When the photo was taken"), "date:summer 2022", ("when",), "calendar-days",
        condition=days.taken, proposals=proposals.days, facet=facets.times, counted=("taken_month",),
    ),
    Key(
        "taken", Kind.CHOICE, _lazy("The time of day, or the day of the week"), "taken:morning",
        choices=choices.TAKEN, condition=choice,
    ),
    Key(
        "added", Kind.DATE, _lazy("When it was added to the library"), 'added:"last week"', icon="calendar-days",
        condition=days.added, proposals=proposals.days,
    ),
    Key(
        "type", Kind.CHOICE, _lazy("Photo, video, or a format"), "type:video", icon="film",
        choices=choices.TYPES, condition=choice, facet=facets.types, counted=("kind",),
    ),
    Key(
        "is", Kind.CHOICE, _lazy("What the photo is"), "is:favourite", choices=choices.IS, condition=choice,
        facet=facets.kinds_of_pictures,
    ),
    Key("has", Kind.CHOICE, _lazy("What the photo has"), "has:gps", choices=choices.HAS, condition=choice),
    Key("rating", Kind.NUMBER, _lazy("Stars, 0 to 5"), "rating:>=4", ("stars",), condition=number("rating")),
    Key(
        "camera", Kind.TEXT, _lazy("The camera’s make or model"), "camera:iphone", icon="camera",
        condition=texts.scoped, indexed=Columns(("camera_make", "camera_model"), cameras),
        proposals=proposals.of_column("camera_model"),
        facet=facets.of_column(_lazy("Cameras"), "camera", "camera", "camera_model"), counted=("camera_model",),
    ),
    text("lens", _lazy("The lens"), "lens:50mm", "lens", icon="camera"),
    Key("iso", Kind.NUMBER, _lazy("Sensitivity"), "iso:>800", condition=number("iso")),
    Key("f", Kind.NUMBER, _lazy("Aperture, as f-number"), "f:<2.8", ("aperture",), condition=number("aperture")),
    Key(
        "focal", Kind.NUMBER, _lazy("Focal length in mm"), "focal:24..70", units={"mm": 1},
        condition=number("focal_length"),
    ),
    Key("size", Kind.NUMBER, _lazy("Size of the file"), "size:>10MB", units=BYTES, condition=number("size")),
    Key(
        "duration", Kind.NUMBER, _lazy("Length of a video"), "duration:>1m", ("length",), units=SECONDS,
        condition=number("duration"),
    ),
    text("title", _lazy("Words in the title"), "title:birthday", "title", anywhere="names", proposals=None),
    text(
        "description", _lazy("Words in the description"), 'description:"first day"', "description", "caption",
        anywhere="notes", proposals=None,
    ),
    text("folder", _lazy("The folder it came from"), 'folder:"Summer 2019"', "folder", "path", icon="folder"),
    text(
        "file", _lazy("The file’s name"), "file:IMG_0042", "original_name", "filename", "name",
        anywhere="details", proposals=None,
    ),
    Key(
        "object", Kind.TEXT, _lazy("Recognised objects"), "object:dog", ("objects", "label"), "scan-search",
        modes=(ANY, ALL), condition=names.objects, proposals=proposals.objects,
    ),
    Key(
        "looks", Kind.TEXT, _lazy("What it looks like, in any words"), 'looks:"birthday cake"', icon="scan-search",
        condition=looks_like, proposals=proposals.vocabulary("things"),
        facet=facets.vocabulary("things", _lazy("Things")),
    ),
    Key(
        "scene", Kind.TEXT, _lazy("The place or occasion that it looks like"), "scene:beach", icon="image",
        condition=looks_like, proposals=proposals.vocabulary("scenes"),
        facet=facets.vocabulary("scenes", _lazy("Scenes")),
    ),
    Key(
        "text", Kind.TEXT, _lazy("Text in the picture"), 'text:"invoice"', ("ocr",),
        condition=texts.in_picture, indexed=sources.TEXT,
    ),
    Key(
        "similar", Kind.PHOTO, _lazy("Similar to the photo with this key"), "similar:ID", icon="images",
        condition=similar,
    ),
    Key(
        "like", Kind.PHOTO, _lazy("Similar to the photo with this key, and as the words beside it say"),
        "like:ID night", icon="images", condition=like_photo,
    ),
    Key(
        "language", Kind.CHOICE, _lazy("The language that the words are in, where it is not yours"), "language:de",
        ("lang",), choices=choices.LANGUAGES,
    ),
    Key("sort", Kind.CHOICE, _lazy("The order"), "sort:relevance", ("order",), choices=choices.SORTS),
)  # fmt: skip
