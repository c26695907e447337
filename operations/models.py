"""Scheduled tasks, and the findings of the last check."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from photos.models import Photo


class ScheduledTask(models.Model):
    """The last run of a task in `operations.schedule`, and the time of the next."""

    name = models.CharField(max_length=40, unique=True)
    next_at = models.DateTimeField(null=True, blank=True, help_text=_lazy("Empty: switched off."))
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    succeeded = models.BooleanField(null=True, blank=True, help_text=_lazy("Of the last finished run."))
    result = models.TextField(blank=True)
    host = models.CharField(max_length=120, blank=True, help_text=_lazy("The machine of the current or last run."))
    succeeded_at = models.DateTimeField(null=True, blank=True, help_text=_lazy("When it last succeeded."))

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.finished_at is None

    @property
    def is_due(self) -> bool:
        """Whether the next beat will run it."""
        return self.next_at is not None and self.next_at <= timezone.now()


class LibraryFinding(models.Model):
    """A finding of the last check. The next check removes it if the problem is gone."""

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
