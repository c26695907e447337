"""Objects and kinds of photos on the page Explore: each tile is a search."""

from django.db.models import Count, Max

from mirage.wording import counted
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
    ("Videos", "square-play", "type:video"),
    ("Panoramas", "image", "is:panorama"),
    ("Live photos", "play", "is:live"),
    ("Screenshots", "smartphone", "is:screenshot"),
    ("Documents", "scroll-text", "is:document"),
    ("Receipts", "list-checks", "is:receipt"),
    ("Memes", "type", "is:meme"),
    ("Blurred", "eye-off", "is:blurred"),
    ("With text", "type", "has:text"),
    ("Stacks and bursts", "layers", "is:stacked"),
    ("RAW", "camera", "type:raw"),
    ("Animations", "film", "is:animated"),
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
            row["label"].capitalize(),
            search_url(f'object:"{row["label"]}"'),
            covers.get(row["newest"], ""),
            "tag",
            counted(row["count"]),
        )
        for row in most
    ]


def scenes(visitor: Visitor) -> list[Tile]:
    """The places and occasions that most photos look like, each with the photo that looks most like it."""
    return looking_like(visitor, "scenes", "scene")


def more_things(visitor: Visitor) -> list[Tile]:
    """Things that photos look like, without the objects, which have tiles of their own."""
    return [tile for tile in looking_like(visitor, "things", "looks") if tile.title.lower() not in labels.table()]


def looking_like(visitor: Visitor, subject: str, key: str) -> list[Tile]:
    """Words of the vocabulary about `things` or `scenes`, unless the user wants no automatic labels."""
    if not visitor.user.automatic_labels:
        return []
    found = [tile for tile in vocabulary.tiles(visitor.user, subject, THINGS_SHOWN) if tile.count >= LEAST_PHOTOS]
    covers = pictures(tile.cover.pk for tile in found)
    return [
        Tile(
            tile.word.capitalize(),
            search_url(f"{key}:{written(tile.word)}"),
            covers.get(tile.cover.pk, ""),
            KEYS[key].icon,
            counted(tile.count),
        )
        for tile in found
    ]


def kinds(visitor: Visitor) -> list[Tile]:
    """The kinds of photos in the library, each with its newest photo."""
    owned = photos_of(visitor.user).searched().present().order_by()
    sums = {
        query: select(owned, visitor.user, query).aggregate(count=Count("pk"), newest=Max("pk"))
        for _, _, query in KINDS_OF_PHOTOS
    }
    covers = pictures(found["newest"] for found in sums.values())
    return [
        Tile(title, search_url(query), covers.get(sums[query]["newest"], ""), icon, counted(sums[query]["count"]))
        for title, icon, query in KINDS_OF_PHOTOS
        if sums[query]["count"]
    ]


THINGS = Shelf("Things", 35, things, kept=True)
SCENES = Shelf("Scenes", 36, scenes, kept=True)
MORE_THINGS = Shelf("More things", 37, more_things, kept=True)
KINDS = Shelf("Kinds", 50, kinds, kept=True)
