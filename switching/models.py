"""Switches from other programs: what was read, the steps that bring it, and what was brought before."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from accounts.models import Activity
from photos.models import make_key


class Switch(models.Model):
    """One library of another program on its way here: read first, then done, and perhaps undone."""

    class State(models.TextChoices):
        WAITING = "waiting", _lazy("Waits to be read")
        READING = "reading", _lazy("Is being read")
        READY = "ready", pgettext_lazy("of a library", "Read")
        FAILED = "failed", _lazy("Could not be read")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="switches")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=16, unique=True, default=make_key, editable=False)
    program = models.CharField(max_length=20)
    path = models.CharField(max_length=1024)
    account = models.CharField(max_length=255, blank=True, help_text=_lazy("Whose library it is in the other program."))
    uploaded = models.BooleanField(
        default=False, help_text=_lazy("The file is ours, and removed when it has been read.")
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0, help_text=_lazy("Photos looked for so far."))
    total = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict, blank=True, help_text=_lazy("What it would do."))
    problem = models.TextField(blank=True)
    activity = models.ForeignKey(Activity, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "switches"
        indexes = [models.Index(fields=["-created_at", "-id"], name="switch_newest")]

    def __str__(self) -> str:
        return f"{self.program} to {self.owner_id}"

    @property
    def is_pending(self) -> bool:
        """Whether it is being read or waits for it."""
        return self.state in (self.State.WAITING, self.State.READING)


class Step(models.Model):
    """Something to bring, small enough for one transaction, and what undoing it needs. Both are packed JSON."""

    switch = models.ForeignKey(Switch, models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    wishes = models.TextField()
    before = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["switch", "number"], name="switchstep_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.kind}"


class Brought(models.Model):
    """What came from a program before: it never comes a second time, whatever was done with it since.

    `key` is the photo's id, or what the other program calls the person, album or stack; `target` is the row here.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    program = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=255)
    target = models.BigIntegerField(null=True, blank=True)
    what = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "brought"
        constraints = [models.UniqueConstraint(fields=["owner", "program", "kind", "key"], name="brought_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
