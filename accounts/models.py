"""Who uses this installation, and what was done."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Somebody who signs in. A staff user is an administrator of the installation."""

    class Theme(models.TextChoices):
        SYSTEM = "system"
        LIGHT = "light"
        DARK = "dark"

    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    home_zone = models.CharField(max_length=64, blank=True, help_text="Where photos without a zone were taken.")
    quota_bytes = models.BigIntegerField(null=True, blank=True, help_text="Empty: no limit.")
    automatic_labels = models.BooleanField(
        default=True, help_text="Show and find photos by what models saw in them: things and written words."
    )


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, user: User) -> "ActivityQuerySet":
        """What happened in the user's own library; an administrator sees everything."""
        return self if user.is_staff else self.filter(owner=user)

    def newest_first(self) -> "ActivityQuerySet":
        return self.order_by("-at", "-id")


class Activity(models.Model):
    """One thing that somebody did: what is shown as history, and what an undo needs to know."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="activities", help_text="Whose library it touched.")
    actor = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=40)
    target_type = models.CharField(max_length=40, blank=True)
    target_id = models.BigIntegerField(null=True, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "activities"
        indexes = [
            models.Index(fields=["owner", "-at", "-id"], name="activity_newest"),
            models.Index(fields=["target_type", "target_id"], name="activity_target"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_type} {self.target_id or ''}".strip()
