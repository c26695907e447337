"""What is done by the clock, and what the last check of the library found."""

from django.db import models
from django.utils import timezone

from photos.models import Photo


class ScheduledTask(models.Model):
    """When a task of `operations.schedule` ran last, how that went, and when it runs next."""

    name = models.CharField(max_length=40, unique=True)
    next_at = models.DateTimeField(null=True, blank=True, help_text="Empty: it is switched off.")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    succeeded = models.BooleanField(null=True, blank=True, help_text="Of the last run that ended.")
    result = models.TextField(blank=True)
    host = models.CharField(max_length=120, blank=True, help_text="The machine that runs it, or ran it last.")
    succeeded_at = models.DateTimeField(null=True, blank=True, help_text="When it last went well.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.finished_at is None

    @property
    def is_due(self) -> bool:
        """Whether it runs as soon as somebody beats."""
        return self.next_at is not None and self.next_at <= timezone.now()


class LibraryFinding(models.Model):
    """Something that the last check found not to be as it should; gone when the next one does not find it."""

    kind = models.CharField(max_length=16)
    subject = models.CharField(max_length=1200)
    text = models.TextField()
    photo = models.ForeignKey(Photo, models.CASCADE, null=True, blank=True, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "-id"], name="libraryfinding_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
