"""Moving originals within the library: the whole move, and the journal of each file."""

from django.db import models
from django.utils import timezone


class OriginalsMove(models.Model):
    """A move of all originals to where a storage template says. `last_photo` is how far it has come."""

    template = models.CharField(max_length=250)
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True, help_text="Since when a process is at it.")
    noted_at = models.DateTimeField(null=True, blank=True, help_text="When it last told how far it is.")
    finished_at = models.DateTimeField(null=True, blank=True)
    host = models.CharField(max_length=120, blank=True, help_text="The machine that is at it.")
    stop = models.BooleanField(default=False, help_text="Somebody asked for its end.")
    last_photo = models.BigIntegerField(default=0)
    photos = models.PositiveIntegerField(default=0, help_text="How many there were to look at.")
    seen = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    failures = models.JSONField(default=list, help_text="The first of them: path and reason.")

    def __str__(self) -> str:
        return f"{self.template} of {self.asked_at}"

    @property
    def is_running(self) -> bool:
        return self.finished_at is None


class FileMove(models.Model):
    """One file on its way. The row is made before the file is at its new path, and goes when the old one is removed.

    There is no relation to the photo: it may be deleted meanwhile, and then both files must go.
    """

    photo = models.BigIntegerField(help_text="The photo's id.")
    file = models.BigIntegerField(null=True, help_text="The sidecar's id; empty for the original.")
    before = models.CharField(max_length=1024)
    after = models.CharField(max_length=1024, unique=True)
    sha256 = models.CharField(max_length=64)
    made = models.BooleanField(default=False, help_text="The file is at its new path.")
    switched_at = models.DateTimeField(null=True, blank=True, help_text="Since when the photo's row has the new path.")

    class Meta:
        indexes = [models.Index(fields=["before"], name="filemove_before")]

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"
