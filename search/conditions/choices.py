"""The values of is:, has:, taken: and type:, with their meanings and conditions; and the orders of sort:."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.lookups import In

from albums.models import AlbumItem
from duplicates.models import DuplicateGroup, DuplicateMember
from media.mediatypes import RAW_MIMES
from people.models import Face
from photos.gallery import kinds
from photos.models import Comment, DetectedObject, Photo, PhotoEdit, PhotoText, RawMetadata
from search.compile import Compiler, any_of
from search.conditions.expressions import Hour, Weekday
from search.language.keys import KEYS, Choice
from search.language.languages.tables import CALLED
from search.language.tree import Term
from tags.models import PhotoTag

WEEKDAYS = {1: "monday", 2: "tuesday", 3: "wednesday", 4: "thursday", 5: "friday", 6: "saturday", 0: "sunday"}
Condition = Callable[[Compiler], Q]


def choice(compiler: Compiler, term: Term) -> Q:
    """What any of the choices finds."""
    choices = (KEYS[term.key].choices[value.text] for value in term.values)
    return any_of(one.condition(compiler) for one in choices if one.condition)


# --- conditions that several choices share ----------------------------------------------------------------------------


def photos_of(rows: QuerySet[Any, Any]) -> Q:
    """Photos with one of these rows."""
    return Q(pk__in=rows.values("photo"))


def any_row(rows: QuerySet[Any, Any]) -> Q:
    """The same, tested photo by photo: for rows that most photos have."""
    return Q(Exists(rows.filter(photo=OuterRef("pk"))))


def faces(*conditions: Q) -> QuerySet[Face, Face]:
    return Face.objects.filter(*conditions, not_a_face=False)


def is_live(compiler: Compiler) -> Q:
    """Apple's Live Photos, and photos with a video inside."""
    known = RawMetadata.objects.filter(fields__motion_video__isnull=False)
    return ~Q(live_id="") | photos_of(known.exclude(fields__motion_video=None))  # null is written for those without


def is_duplicate(compiler: Compiler) -> Q:
    group = {"group__owner": compiler.user, "group__status": DuplicateGroup.Status.OPEN}
    return photos_of(DuplicateMember.objects.filter(**group))


def has_tags(compiler: Compiler) -> Q:
    return photos_of(PhotoTag.objects.filter(rejected=False))


def of_kind(name: str) -> Condition:
    """A kind of pictures, told by its looks among other things."""
    return lambda compiler: kinds.of_kind(compiler.user, name)


def hours(*hours: int) -> Condition:
    return lambda _: Q(In(Hour("taken_local"), list(hours)))


def weekdays(*days: int) -> Condition:
    """Sunday is 0."""
    return lambda _: Q(In(Weekday("taken_local"), list(days)))


def media(*types: str) -> Condition:
    return lambda _: Q(media_type__in=types)


# --- the choices ------------------------------------------------------------------------------------------------------

IS = {
    "favourite": Choice("Your favourites", lambda _: Q(favourite=True), ("favorite", "favorites", "favourites", "fav")),
    "archived": Choice("In the archive", lambda _: Q(archived=True), ("archive",)),
    "untagged": Choice("Without a tag", lambda compiler: ~has_tags(compiler)),
    "unnamed": Choice(
        "With a face that has no name yet", lambda _: photos_of(faces(Q(person=None) | Q(person__name="")))
    ),
    "duplicate": Choice("Duplicates waiting for a decision", is_duplicate, ("duplicates",)),
    "panorama": Choice("Panoramas", lambda _: Q(panorama=True), ("panoramas",)),
    "live": Choice("Live and motion photos", is_live, ("motion",)),
    "stacked": Choice("In a stack: bursts, RAW with JPEG", lambda _: Q(stack__isnull=False)),
    "edited": Choice("Edited by you", lambda _: photos_of(PhotoEdit.objects.all())),
    "animated": Choice("Moving pictures", lambda _: Q(animated=True)),
    "screenshot": Choice("Screenshots", of_kind("screenshot"), ("screenshots",)),
    "document": Choice("Documents: letters, forms, pages, receipts", of_kind("document"), ("documents", "doc")),
    "receipt": Choice("Receipts", of_kind("receipt"), ("receipts",)),
    "meme": Choice("Pictures with a saying on them", of_kind("meme"), ("memes",)),
    "blurred": Choice("Blurred pictures", of_kind("blurred"), ("blurry", "blur")),
    "doubtful": Choice("With a doubtful date", lambda _: Q(taken_doubtful=True)),
    "trashed": Choice("In your trash", lambda _: Q(trashed_at__isnull=False), ("trash",)),
}
HAS = {
    "gps": Choice("With a position", lambda _: Q(latitude__isnull=False), ("location",)),
    "faces": Choice("With faces", lambda _: any_row(faces()), ("face",)),
    "people": Choice(
        "With somebody who has a name", lambda _: photos_of(faces(Q(person__isnull=False), ~Q(person__name="")))
    ),
    "comments": Choice("With comments", lambda _: photos_of(Comment.objects.all()), ("comment",)),
    "text": Choice("With text in the picture", lambda _: photos_of(PhotoText.objects.filter(rejected=False))),
    "objects": Choice("With recognised objects", lambda _: any_row(DetectedObject.objects.not_rejected()), ("object",)),
    "tags": Choice("With tags", has_tags, ("tag",)),
    "albums": Choice("In an album", lambda _: photos_of(AlbumItem.objects.all()), ("album",)),
    "title": Choice("With a title", lambda _: ~Q(title="")),
    "description": Choice("With a description", lambda _: ~Q(description="")),
    "rating": Choice("With a rating", lambda _: Q(rating__isnull=False)),
}
TAKEN = {
    "morning": Choice("5 to 12 o’clock", hours(*range(5, 12))),
    "afternoon": Choice("12 to 17 o’clock", hours(*range(12, 17))),
    "evening": Choice("17 to 22 o’clock", hours(*range(17, 22))),
    "night": Choice("22 to 5 o’clock", hours(22, 23, *range(5))),
    "weekend": Choice("Saturday and Sunday", weekdays(6, 0)),
    **{name: Choice(condition=weekdays(number)) for number, name in WEEKDAYS.items()},
}
TYPES = {
    Photo.Kind.PHOTO.value: Choice("Photos", lambda _: Q(kind=Photo.Kind.PHOTO), ("photos", "image")),
    Photo.Kind.VIDEO.value: Choice("Videos", lambda _: Q(kind=Photo.Kind.VIDEO), ("videos",)),
    "raw": Choice("RAW files of cameras", media(*RAW_MIMES)),
    "jpeg": Choice(condition=media("image/jpeg"), spellings=("jpg",)),
    "png": Choice(condition=media("image/png")),
    "heic": Choice(condition=media("image/heic", "image/heif"), spellings=("heif",)),
    "webp": Choice(condition=media("image/webp")),
    "gif": Choice(condition=media("image/gif")),
    "avif": Choice(condition=media("image/avif")),
    "jxl": Choice(condition=media("image/jxl")),
    "tiff": Choice(condition=media("image/tiff"), spellings=("tif",)),
    "mp4": Choice(condition=media("video/mp4")),
    "mov": Choice(condition=media("video/quicktime"), spellings=("quicktime",)),
}
LANGUAGES = {code: Choice(name) for code, name in CALLED.items()}
SORTS = {
    "newest": Choice("Newest first", spellings=("date",)),
    "oldest": Choice("Oldest first", spellings=("oldest-first",)),
    "added": Choice("Last added first"),
    "relevance": Choice("Best match first", spellings=("best",)),
    "largest": Choice("Largest first", spellings=("size",)),
    "rating": Choice("Best rated first"),
}
