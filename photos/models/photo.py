"""Photos and videos, their files, and what the owner and the files say about them."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, When
from django.dispatch import Signal
from django.urls import reverse
from django.utils import timezone

BY_TAKEN = ["owner", "-taken_local", "-id"]  # the columns of most lists' indexes
ON_TIMELINE = Q(trashed_at=None, archived=False, displayable=True)
SEARCHED = Q(trashed_at=None, displayable=True, size__gte=0)

# Photos that share their file with copies came into the trash or out of it. `files`: the owner and the SHA-256 of each
PRESENCE_CHANGED = Signal()


def make_key() -> str:
    """96 random bits that identify a row in an address."""
    return secrets.token_urlsafe(12)


class PhotoQuerySet(models.QuerySet["Photo"]):
    """Queries over many photos. `photos.access` decides whose photos they are."""

    whole_of: tuple[int, ...] = ()  # the owners whose whole libraries this is; what is filtered further forgets it

    def present(self) -> "PhotoQuerySet":
        return self.filter(trashed_at=None)

    def trashed(self) -> "PhotoQuerySet":
        return self.filter(trashed_at__isnull=False)

    def displayable(self) -> "PhotoQuerySet":
        """Those that have thumbnails."""
        return self.filter(displayable=True)

    def on_timeline(self) -> "PhotoQuerySet":
        return self.filter(ON_TIMELINE)

    def searched(self) -> "PhotoQuerySet":
        """The photos that a search looks through, including the archive.

        Every photo has a size. The condition makes SQLite use the index `photo_searched`: without it SQLite prefers
        a newer index, such as the one for favourites, and reads far too many rows.
        """
        return self.filter(displayable=True, size__gte=0)

    def as_tiles(self) -> "PhotoQuerySet":
        """One photo of each stack: its cover, or the first one if the cover is not selected.

        Every list shows a stack as one tile this way. Apply this as the last filter.
        """
        others = self.order_by().filter(stack=OuterRef("stack")).exclude(stack__cover=OuterRef("pk"))
        better = others.filter(Q(stack__cover=F("pk")) | Q(pk__lt=OuterRef("pk")))
        return self.filter(Q(stack=None) | ~Exists(better))

    def with_stack_counts(self) -> "PhotoQuerySet":
        """Adds `stack_count`: how many photos of the stack are outside the trash. None for photos without a stack."""
        inside = Photo.objects.filter(stack=OuterRef("stack"), trashed_at=None, displayable=True).order_by()
        counted = Subquery(inside.values("stack").annotate(all=Count("pk")).values("all"))
        # Most photos have no stack, so the database must not run the subquery for them.
        return self.annotate(stack_count=Case(When(stack__isnull=False, then=counted)))

    def of_files(self) -> "PhotoQuerySet":
        """One photo for each file: without the copies of photos."""
        return self.filter(copy_number=0)

    def looked_at(self) -> "PhotoQuerySet":
        """Those at whose picture models look: of each file the first outside the trash, or the first if all are in it.

        Most photos are settled by their own columns. Only copies, and what is in the trash, need a look at others.
        """
        here = Photo.objects.filter(owner=OuterRef("owner"), sha256=OuterRef("sha256"), trashed_at=None)
        first = Q(copy_number=0, trashed_at=None)
        first_here = Q(copy_number__gt=0, trashed_at=None) & ~Exists(
            here.filter(copy_number__lt=OuterRef("copy_number"))
        )
        return self.filter(first | first_here | Q(copy_number=0, trashed_at__isnull=False) & ~Exists(here))

    def trash(self, at: datetime | None = None) -> int:
        return self.filter(trashed_at=None)._move_between({"trashed_at": at or timezone.now()})

    def restore(self) -> int:
        return self._move_between({"trashed_at": None})

    def _move_between(self, columns: dict[str, Any]) -> int:
        copies = Photo.objects.filter(owner=OuterRef("owner"), sha256=OuterRef("sha256"), copy_number__gt=0)
        # Not distinct in SQL: SQLite would go through all files of the owner, in the order of their index.
        shared = list(set(self.order_by().filter(Exists(copies)).values_list("owner_id", "sha256")))
        count = self.update(**columns)
        if shared:
            PRESENCE_CHANGED.send(Photo, files=shared)
        return count


ROUND_SLACK = 0.02  # of the ratio of sides


class Stack(models.Model):
    """Photos shown as one tile: a burst, a RAW with its JPEG, an edit with its original, or the owner's choice …"""

    class Kind(models.TextChoices):
        MANUAL = "manual"
        BURST = "burst"
        RAW = "raw"
        LIVE = "live"
        EDITED = "edited"
        DUPLICATE = "duplicate"
        COPY = "copy"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="stacks")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.MANUAL)
    cover = models.ForeignKey("Photo", models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Photo(models.Model):
    """A photo or a video. Columns hold the current values: what the owner edited, else what the file says."""

    class Kind(models.TextChoices):
        PHOTO = "photo"
        VIDEO = "video"

    class Precision(models.TextChoices):
        YEAR = "year"
        MONTH = "month"
        DAY = "day"
        TIME = "time"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="photos")
    key = models.CharField(max_length=16, unique=True, default=make_key, editable=False)

    # the file
    sha256 = models.CharField(max_length=64)
    sha1 = models.CharField(max_length=40, blank=True, help_text="As the file came; other programs name photos by it.")
    copy_number = models.PositiveSmallIntegerField(
        default=0, help_text="0 for the photo that came with the file. Its copies have no file of their own."
    )
    path = models.CharField(max_length=1024, help_text="Below the originals folder, or absolute when in place.")
    in_place = models.BooleanField(default=False, help_text="The file stays where it was found and is never touched.")
    folder = models.CharField(
        max_length=500, blank=True, help_text="Where it came from, from the imported folder on: Pictures/2019/Lisbon."
    )
    original_name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=64)
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.PHOTO)
    size = models.BigIntegerField(help_text="Bytes.")
    file_modified_at = models.DateTimeField()
    added_at = models.DateTimeField(default=timezone.now)
    missing_since = models.DateTimeField(null=True, blank=True, help_text="When an in-place file was not found.")

    # the picture
    width = models.PositiveIntegerField(null=True, blank=True, help_text="Pixels, upright.")
    height = models.PositiveIntegerField(null=True, blank=True, help_text="Pixels, upright.")
    orientation = models.PositiveSmallIntegerField(null=True, blank=True, help_text="EXIF 1 to 8, of the file.")
    turn = models.PositiveSmallIntegerField(
        default=1, help_text="EXIF 1 to 8: how a sidecar turns the picture beyond what the file says."
    )
    picture_edit = models.JSONField(null=True, blank=True, help_text="What the owner did to the picture.")
    rendition = models.CharField(
        max_length=12, blank=True, help_text="The key of the edit that pages show; empty for the original."
    )
    shown_width = models.PositiveIntegerField(null=True, blank=True, help_text="Pixels, of the edited picture.")
    shown_height = models.PositiveIntegerField(null=True, blank=True, help_text="Pixels, of the edited picture.")
    shown_duration = models.FloatField(null=True, blank=True, help_text="Seconds, of the edited video.")
    duration = models.FloatField(null=True, blank=True, help_text="Seconds.")
    displayable = models.BooleanField(default=False, help_text="Its thumbnails exist.")
    animated = models.BooleanField(default=False)
    playable = models.BooleanField(default=True, help_text="Browsers can play the original video.")
    thumbhash = models.BinaryField(max_length=40, default=b"", blank=True)

    # time
    taken_at = models.DateTimeField(help_text="The instant.")
    taken_local = models.DateTimeField(help_text="The wall clock where it was taken, stored as if it were UTC.")
    taken_month = models.PositiveIntegerField(editable=False, help_text="yyyymm of taken_local.")
    taken_offset = models.SmallIntegerField(null=True, blank=True, help_text="Minutes east of UTC.")
    taken_precision = models.CharField(
        max_length=5,
        choices=Precision.choices,
        default=Precision.TIME,
        help_text="How much of it is known; the rest of taken_local is the first instant of the year, month or day.",
    )
    taken_source = models.CharField(max_length=24, default="file")
    taken_doubtful = models.BooleanField(default=False)

    # place
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    altitude = models.FloatField(null=True, blank=True, help_text="Metres.")
    direction = models.FloatField(null=True, blank=True, help_text="Degrees from north.")
    place = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=80, blank=True)
    country_code = models.CharField(max_length=2, blank=True)

    # camera
    camera_make = models.CharField(max_length=80, blank=True)
    camera_model = models.CharField(max_length=120, blank=True)
    lens = models.CharField(max_length=160, blank=True)
    iso = models.PositiveIntegerField(null=True, blank=True)
    aperture = models.FloatField(null=True, blank=True, help_text="f-number.")
    exposure = models.FloatField(null=True, blank=True, help_text="Seconds.")
    focal_length = models.FloatField(null=True, blank=True, help_text="Millimetres.")
    focal_length_35mm = models.FloatField(null=True, blank=True, help_text="Millimetres.")
    flash = models.BooleanField(null=True, blank=True)
    exposure_program = models.CharField(max_length=40, blank=True)
    metering_mode = models.CharField(max_length=40, blank=True)
    white_balance = models.CharField(max_length=40, blank=True)
    browser_type = models.CharField(
        max_length=100, blank=True, help_text="Of a video that only some browsers play: its type with codecs."
    )
    video_codec = models.CharField(max_length=32, blank=True)
    audio_codec = models.CharField(max_length=32, blank=True)
    frame_rate = models.FloatField(null=True, blank=True)
    bit_rate = models.BigIntegerField(null=True, blank=True)
    panorama = models.BooleanField(default=False)
    burst_id = models.CharField(max_length=80, blank=True)
    live_id = models.CharField(max_length=80, blank=True, help_text="Apple's content identifier.")

    # words
    title = models.CharField(max_length=255, blank=True)
    description = models.TextField(blank=True)
    rating = models.SmallIntegerField(null=True, blank=True, help_text="0 to 5; -1 is rejected.")
    label = models.CharField(max_length=40, blank=True)
    author = models.CharField(max_length=255, blank=True)
    copyright = models.CharField(max_length=255, blank=True)

    # the owner's curation
    favourite = models.BooleanField(default=False)
    archived = models.BooleanField(default=False)
    trashed_at = models.DateTimeField(null=True, blank=True)
    stack = models.ForeignKey(Stack, models.SET_NULL, null=True, blank=True, related_name="photos")

    objects = PhotoQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "sha256", "copy_number"], name="photo_once_per_owner"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="photo_position_on_earth",
            ),
            models.CheckConstraint(condition=Q(rating=None) | Q(rating__range=(-1, 5)), name="photo_rating_range"),
        ]
        indexes = [
            models.Index(fields=BY_TAKEN, name="photo_timeline", condition=ON_TIMELINE),
            models.Index(fields=["-taken_local", "-id"], name="photo_mixed_timeline", condition=ON_TIMELINE),
            models.Index(fields=["owner", "place", "country_code"], name="photo_places", condition=ON_TIMELINE),
            models.Index(fields=["owner", "taken_month", "stack"], name="photo_months", condition=ON_TIMELINE),
            models.Index(fields=BY_TAKEN, name="photo_searched", condition=SEARCHED),
            models.Index(fields=["owner", "-added_at", "-id"], name="photo_recent", condition=Q(trashed_at=None)),
            models.Index(fields=BY_TAKEN, name="photo_favourites", condition=Q(trashed_at=None, favourite=True)),
            models.Index(fields=BY_TAKEN, name="photo_archive", condition=Q(trashed_at=None, archived=True)),
            models.Index(
                fields=BY_TAKEN, name="photo_videos", condition=Q(trashed_at=None, archived=False, kind="video")
            ),
            models.Index(
                fields=["owner", "-trashed_at", "-id"], name="photo_trash", condition=Q(trashed_at__isnull=False)
            ),
            models.Index(
                fields=["owner", "latitude", "longitude"], name="photo_map", condition=Q(latitude__isnull=False)
            ),
            models.Index(fields=["owner", "folder", *BY_TAKEN[1:]], name="photo_folder", condition=ON_TIMELINE),
            models.Index(fields=["path"], name="photo_path"),
            models.Index(fields=["original_name"], name="photo_name"),
            models.Index(fields=["live_id", "owner"], name="photo_live", condition=Q(live_id__gt="")),
            models.Index(fields=["burst_id", "owner"], name="photo_burst", condition=Q(burst_id__gt="")),
            models.Index(fields=["sha256"], name="photo_sha256"),
            models.Index(fields=["owner", "sha256"], name="photo_copies", condition=Q(copy_number__gt=0)),
            models.Index(fields=["owner"], name="photo_doubtful", condition=Q(taken_doubtful=True, trashed_at=None)),
        ]

    def __str__(self) -> str:
        return self.original_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.taken_month = self.taken_local.year * 100 + self.taken_local.month
        if kwargs.get("update_fields") and "taken_local" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "taken_month"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("photos:photo", args=[self.key])

    def set_taken(self, local: datetime, offset_minutes: int | None, source: str) -> None:
        """Set instant, local time, offset and source together. Without an offset the local time counts as UTC."""
        wall = local.replace(tzinfo=UTC)
        self.taken_local = wall
        self.taken_offset = offset_minutes
        self.taken_at = wall - timedelta(minutes=offset_minutes or 0)
        self.taken_source = source

    @property
    def shown_size(self) -> tuple[int | None, int | None]:
        """Width and height of what pages show: the edited picture, or else the original."""
        return (self.shown_width, self.shown_height) if self.rendition else (self.width, self.height)

    @property
    def shown_seconds(self) -> float | None:
        """The length of the video that pages show: the edited one, or else the original."""
        return self.shown_duration or self.duration

    @property
    def is_copy(self) -> bool:
        """Whether it shares the file of another photo: a virtual copy."""
        return self.copy_number > 0

    @property
    def is_round(self) -> bool:
        """Whether it shows all around: an equirectangular panorama is twice as wide as high."""
        width, height = self.shown_size
        return self.panorama and bool(width and height) and abs((width or 0) / (height or 1) - 2) < ROUND_SLACK

    @property
    def is_video(self) -> bool:
        return self.kind == self.Kind.VIDEO


class PhotoFile(models.Model):
    """Another file of a photo: a sidecar, or a second copy of the same bytes."""

    class Kind(models.TextChoices):
        SIDECAR = "sidecar"
        COPY = "copy"

    class Role(models.TextChoices):
        """The kind of sidecar. If two disagree, the one listed first here wins."""

        WRITTEN = "written", "by Mirage"  # counts if another program has changed it since
        EXACT = "exact", "IMG.jpg.xmp"
        STEM = "stem", "IMG.xmp"
        TAKEOUT = "takeout", "Google Takeout's JSON"

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="files")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    path = models.CharField(max_length=1024)
    in_place = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    added_at = models.DateTimeField(default=timezone.now)

    # sidecars only
    role = models.CharField(max_length=8, choices=Role.choices, blank=True)
    current = models.BooleanField(default=True, help_text="Not replaced by a newer version.")
    origin = models.CharField(max_length=1024, blank=True, help_text="Where it was found.")
    modified_at = models.DateTimeField(null=True, blank=True, help_text="When it was last changed there.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "path"], name="photofile_once"),
            models.UniqueConstraint(
                fields=["photo", "role"], condition=Q(kind="sidecar", current=True), name="photofile_current_sidecar"
            ),
        ]
        indexes = [
            models.Index(fields=["path"], name="photofile_path"),
            models.Index(fields=["photo"], name="photofile_copies", condition=Q(kind="copy")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.path}"


class RawMetadata(models.Model):
    """Everything a photo's files say, tag by tag, and the source of each field."""

    photo = models.OneToOneField(Photo, models.CASCADE, primary_key=True, related_name="raw_metadata")
    tags = models.JSONField(default=dict)
    sources = models.JSONField(default=dict)
    fields = models.JSONField(default=dict, help_text="What the files say, field by field.")
    notes = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "raw metadata"

    def __str__(self) -> str:
        return f"raw metadata of {self.photo_id}"
