"""The values of is:, has:, taken: and type:, with their meanings and conditions; and the orders of sort:."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

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
    "favourite": Choice(
        _lazy("Your favourites"), lambda _: Q(favourite=True), ("favorite", "favorites", "favourites", "fav")
    ),
    "archived": Choice(_lazy("In the archive"), lambda _: Q(archived=True), ("archive",)),
    "untagged": Choice(_lazy("Without a tag"), lambda compiler: ~has_tags(compiler)),
    "unnamed": Choice(
        _lazy("With a face that has no name yet"), lambda _: photos_of(faces(Q(person=None) | Q(person__name="")))
    ),
    "duplicate": Choice(_lazy("Duplicates waiting for a decision"), is_duplicate, ("duplicates",)),
    "panorama": Choice(_lazy("Panoramas"), lambda _: Q(panorama=True), ("panoramas",)),
    "live": Choice(_lazy("Live and motion photos"), is_live, ("motion",)),
    "stacked": Choice(_lazy("In a stack: bursts, RAW with JPEG"), lambda _: Q(stack__isnull=False)),
    "edited": Choice(_lazy("Edited by you"), lambda _: photos_of(PhotoEdit.objects.standing())),
    "animated": Choice(_lazy("Moving pictures"), lambda _: Q(animated=True)),
    "screenshot": Choice(_lazy("Screenshots"), of_kind("screenshot"), ("screenshots",)),
    "document": Choice(_lazy("Documents: letters, forms, pages, receipts"), of_kind("document"), ("documents", "doc")),
    "receipt": Choice(_lazy("Receipts"), of_kind("receipt"), ("receipts",)),
    "meme": Choice(_lazy("Pictures with a saying on them"), of_kind("meme"), ("memes",)),
    "blurred": Choice(_lazy("Blurred pictures"), of_kind("blurred"), ("blurry", "blur")),
    "doubtful": Choice(_lazy("With a doubtful date"), lambda _: Q(taken_doubtful=True)),
    "trashed": Choice(_lazy("In your trash"), lambda _: Q(trashed_at__isnull=False), ("trash",)),
}
HAS = {
    "gps": Choice(_lazy("With a position"), lambda _: Q(latitude__isnull=False), ("location",)),
    "faces": Choice(_lazy("With faces"), lambda _: any_row(faces()), ("face",)),
    "people": Choice(
        _lazy("With somebody who has a name"), lambda _: photos_of(faces(Q(person__isnull=False), ~Q(person__name="")))
    ),
    "comments": Choice(_lazy("With comments"), lambda _: photos_of(Comment.objects.all()), ("comment",)),
    "text": Choice(_lazy("With text in the picture"), lambda _: photos_of(PhotoText.objects.filter(rejected=False))),
    "objects": Choice(
        _lazy("With recognised objects"), lambda _: any_row(DetectedObject.objects.not_rejected()), ("object",)
    ),
    "tags": Choice(_lazy("With tags"), has_tags, ("tag",)),
    "albums": Choice(_lazy("In an album"), lambda _: photos_of(AlbumItem.objects.all()), ("album",)),
    "title": Choice(_lazy("With a title"), lambda _: ~Q(title="")),
    "description": Choice(_lazy("With a description"), lambda _: ~Q(description="")),
    "rating": Choice(_lazy("With a rating"), lambda _: Q(rating__isnull=False)),
}
TAKEN = {
    "morning": Choice(_lazy("5 to 12 o’clock"), hours(*range(5, 12))),
    "afternoon": Choice(_lazy("12 to 17 o’clock"), hours(*range(12, 17))),
    "evening": Choice(_lazy("17 to 22 o’clock"), hours(*range(17, 22))),
    "night": Choice(_lazy("22 to 5 o’clock"), hours(22, 23, *range(5))),
    "weekend": Choice(_lazy("Saturday and Sunday"), weekdays(6, 0)),
    **{name: Choice(condition=weekdays(number)) for number, name in WEEKDAYS.items()},
}
TYPES = {
    Photo.Kind.PHOTO.value: Choice(_lazy("Photos"), lambda _: Q(kind=Photo.Kind.PHOTO), ("photos", "image")),
    Photo.Kind.VIDEO.value: Choice(_lazy("Videos"), lambda _: Q(kind=Photo.Kind.VIDEO), ("videos",)),
    "raw": Choice(_lazy("RAW files of cameras"), media(*RAW_MIMES)),
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
    "newest": Choice(_lazy("Newest first"), short=pgettext_lazy("order", "Newest"), spellings=("date",)),
    "oldest": Choice(_lazy("Oldest first"), short=pgettext_lazy("order", "Oldest"), spellings=("oldest-first",)),
    "added": Choice(_lazy("Last added first"), short=pgettext_lazy("order", "Last added")),
    "relevance": Choice(_lazy("Best match first"), short=pgettext_lazy("order", "Best match"), spellings=("best",)),
    "largest": Choice(_lazy("Largest first"), short=pgettext_lazy("order", "Largest"), spellings=("size",)),
    "rating": Choice(_lazy("Best rated first"), short=pgettext_lazy("order", "Best rated")),
}
