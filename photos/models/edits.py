"""What owners changed, field by field."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from photos.models.photo import Photo


class PhotoEditQuerySet(models.QuerySet["PhotoEdit"]):
    """Queries for edits."""

    def standing(self) -> Self:
        """Those that stand, as `PhotoEdit.stands` says of one."""
        return self.exclude(field="picture_edit", value__isnull=True)


class PhotoEdit(models.Model):
    """A field that the owner set. It always wins over what the files say."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="edits")
    field = models.CharField(max_length=40)
    value = models.JSONField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, help_text="When it was set; undo compares this.")

    objects = PhotoEditQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "field"], name="photoedit_once")]

    def __str__(self) -> str:
        return f"{self.field} of {self.photo_id}"

    @property
    def stands(self) -> bool:
        """Not where a picture is the original again: that row is for undo, and against sidecars of before."""
        return (self.field, self.value) != ("picture_edit", None)
