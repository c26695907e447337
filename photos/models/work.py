"""Work in progress: stage runs, uploads, failed imports."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from photos.models.photo import Photo, make_key


class StageRun(models.Model):
    """One photo at one stage of the pipeline, with its status."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="stage_runs")
    stage = models.CharField(max_length=24)
    version = models.PositiveIntegerField(default=0, help_text="Version of the stage that last finished; 0 is never.")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    worker = models.CharField(max_length=120, blank=True, help_text="Who claimed it.")
    claim = models.CharField(max_length=32, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "stage"], name="stagerun_once")]
        indexes = [
            models.Index(fields=["stage", "status", "attempts", "-id"], name="stagerun_next"),
            models.Index(fields=["claim"], name="stagerun_claim", condition=~Q(claim="")),
            models.Index(fields=["photo"], name="stagerun_failed", condition=Q(status="failed")),
            models.Index(fields=["worker"], name="stagerun_worker", condition=Q(status="running")),
            models.Index(fields=["stage", "finished_at"], name="stagerun_rate", condition=Q(status="done")),
        ]

    def __str__(self) -> str:
        return f"{self.stage} of {self.photo_id}: {self.status}"


class ImportFailure(models.Model):
    """A file that could not be imported. Needs attention lists it until it is imported or dismissed."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="import_failures")
    key = models.CharField(max_length=16, unique=True, default=make_key, editable=False)
    path = models.CharField(max_length=1024)
    reason = models.TextField()
    in_place = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "path"], name="importfailure_once")]
        indexes = [models.Index(fields=["owner", "-at", "-id"], name="importfailure_newest")]

    def __str__(self) -> str:
        return self.path


class WatchedFolder(models.Model):
    """A folder outside the library that Mirage reads: all of it when asked to, and new files while it is watched."""

    class Kind(models.TextChoices):
        COPIED = "copied", _lazy("Copied into the library")
        IN_PLACE = "in_place", _lazy("Used in place")
        EXPORT = "export", _lazy("Google Takeout or iCloud export")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watched_folders")
    path = models.CharField(max_length=1024)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.IN_PLACE)
    watched = models.BooleanField(default=False)
    confined = models.BooleanField(default=False, help_text="Links that lead out of MIRAGE_FOLDERS are not followed.")
    leave_out = models.TextField(blank=True, help_text="Patterns as in .gitignore of what is not read.")
    only = models.TextField(blank=True, help_text="Patterns of the photos that are read; empty for all.")
    read_only = models.BooleanField(default=False, help_text="No sidecar is ever written here.")
    read_at = models.CharField(
        max_length=60, blank=True, help_text="When it is read as a whole, as a cron expression; empty: once a day."
    )
    added_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is waiting to be read.")
    started_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is being read.")
    noted_at = models.DateTimeField(null=True, blank=True, help_text="When its reader last told how far it is.")
    host = models.CharField(max_length=120, blank=True, help_text="The machine that reads it.")
    files = models.PositiveIntegerField(default=0, help_text="How many the current or last reading has to go through.")
    files_read = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True, help_text="When `read_at` comes next.")
    scanned_at = models.DateTimeField(null=True, blank=True, help_text="When it was last read to the end.")
    photos = models.PositiveIntegerField(default=0, help_text="How many were in it then.")
    added = models.PositiveIntegerField(default=0, help_text="How many of them were new.")
    failed = models.PositiveIntegerField(default=0, help_text="How many files could not be read.")
    problem = models.TextField(blank=True, help_text="Why the last reading ended early.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "path"], name="watchedfolder_once")]

    def __str__(self) -> str:
        return self.path

    @property
    def is_running(self) -> bool:
        return self.started_at is not None

    @property
    def is_pending(self) -> bool:
        """Whether it is being read or waits for it."""
        return self.started_at is not None or self.asked_at is not None


class Upload(models.Model):
    """A resumable upload (tus). It is deleted when its file has become a photo, or when it expires."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="uploads")
    key = models.CharField(max_length=16, unique=True, default=make_key, editable=False)
    name = models.CharField(max_length=255)
    folder = models.CharField(max_length=1024, blank=True, help_text="Path in the dropped folder, as the browser says.")
    is_export = models.BooleanField(default=False, help_text="Part of a Google Takeout or iCloud export.")
    purpose = models.CharField(
        max_length=10, blank=True, help_text="Of an export that is none of photos: which app takes it."
    )
    size = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    modified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(offset__gte=0, offset__lte=F("size")), name="upload_offset_within")
        ]
        indexes = [models.Index(fields=["owner", "-created_at"], name="upload_newest")]

    def __str__(self) -> str:
        return self.name
