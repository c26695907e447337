"""Objects and kinds of photos on the page Explore: each tile is a search."""

from collections.abc import Container

from django.db.models import Count, Max
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from mirage.wording import photos_in_words
from photos.access import photos_of
from photos.gallery import labels, vocabulary
from photos.gallery.explore import Shelf, Tile, Visitor, pictures, search_url
from photos.models import DetectedObject
from search.compile import select
from search.language.keys import KEYS
from search.language.tree import written

THINGS_SHOWN = 12
LEAST_PHOTOS = 2  # of a thing
KINDS_OF_PHOTOS = (  # title, icon, search
    (_lazy("Videos"), "square-play", "type:video"),
    (_lazy("Panoramas"), "image", "is:panorama"),
    (_lazy("Live photos"), "play", "is:live"),
    (_lazy("Screenshots"), "smartphone", "is:screenshot"),
    (_lazy("Documents"), "scroll-text", "is:document"),
    (_lazy("Receipts"), "list-checks", "is:receipt"),
    (_lazy("Memes"), "type", "is:meme"),
    (_lazy("Blurred"), "eye-off", "is:blurred"),
    (_lazy("With text"), "type", "has:text"),
    (_lazy("Stacks and bursts"), "layers", "is:stacked"),
    (_lazy("RAW"), "camera", "type:raw"),
    (_lazy("Animations"), "film", "is:animated"),
)


def things(visitor: Visitor) -> list[Tile]:
    """The objects that were recognised in most photos, unless the user wants no automatic labels."""
    if not visitor.user.automatic_labels:
        return []
    shown = photos_of(visitor.user).on_timeline()
    found = DetectedObject.objects.not_rejected().filter(photo__in=shown).order_by().values("label")
    counts = found.annotate(count=Count("photo", distinct=True), newest=Max("photo"))
    most = counts.filter(count__gte=LEAST_PHOTOS).order_by("-count", "label")[:THINGS_SHOWN]
    covers = pictures(row["newest"] for row in most)
    return [
        Tile(
            capfirst(vocabulary.named(row["label"])),
            search_url(f'object:"{row["label"]}"'),
            covers.get(row["newest"], ""),
            "tag",
            photos_in_words(row["count"]),
        )
        for row in most
    ]


def scenes(visitor: Visitor) -> list[Tile]:
    """The places and occasions that most photos look like, each with the photo that looks most like it."""
    return looking_like(visitor, "scenes", "scene")


def more_things(visitor: Visitor) -> list[Tile]:
    """Things that photos look like, without the objects, which have tiles of their own."""
    return looking_like(visitor, "things", "looks", without=labels.table())


def looking_like(visitor: Visitor, subject: str, key: str, without: Container[str] = ()) -> list[Tile]:
    """Words of the vocabulary about `things` or `scenes`, unless the user wants no automatic labels."""
    if not visitor.user.automatic_labels:
        return []
    known = vocabulary.tiles(visitor.user, subject, THINGS_SHOWN)
    found = [tile for tile in known if tile.count >= LEAST_PHOTOS and tile.word not in without]
    covers = pictures(tile.cover.pk for tile in found)
    return [
        Tile(
            capfirst(vocabulary.named(tile.word)),
            search_url(f"{key}:{written(tile.word)}"),
            covers.get(tile.cover.pk, ""),
            KEYS[key].icon,
            photos_in_words(tile.count),
        )
        for tile in found
    ]


def kinds(visitor: Visitor) -> list[Tile]:
    """The kinds of photos in the library, each with its newest photo."""
    owned = photos_of(visitor.user).searched().present().order_by()
    sums = {
        query: select(owned, visitor.user, query).aggregate(count=Count("pk"), newest=Max("pk"))
        for _title, _icon, query in KINDS_OF_PHOTOS
    }
    covers = pictures(found["newest"] for found in sums.values())
    return [
        Tile(
            str(title),
            search_url(query),
            covers.get(sums[query]["newest"], ""),
            icon,
            photos_in_words(sums[query]["count"]),
        )
        for title, icon, query in KINDS_OF_PHOTOS
        if sums[query]["count"]
    ]


THINGS = Shelf(_lazy("Things"), 35, things, kept=True)
SCENES = Shelf(_lazy("Scenes"), 36, scenes, kept=True)
MORE_THINGS = Shelf(_lazy("More things"), 37, more_things, kept=True)
KINDS = Shelf(pgettext_lazy("kinds of photos", "Kinds"), 50, kinds, kept=True)
