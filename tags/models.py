"""A tree of tags per owner."""

from django.conf import settings
from django.db import models

from photos.models import Photo


class Tag(models.Model):
    """A word, perhaps below another: `travel/japan`. The path repeats the names above, a subtree is a prefix."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tags")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=80)
    path = models.CharField(max_length=400)
    colour = models.CharField(max_length=7, blank=True, help_text="#rrggbb")
    photos: "models.ManyToManyField[Photo, PhotoTag]" = models.ManyToManyField(
        Photo, through="PhotoTag", related_name="tags"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "path"], name="tag_path_once")]

    def __str__(self) -> str:
        return self.path


class PhotoTag(models.Model):
    """A tag on a photo and how it came there."""

    class Source(models.TextChoices):
        OWNER = "owner"
        FILE = "file"
        LEARNT = "learnt"

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="photo_tags")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="photo_tags")
    source = models.CharField(max_length=6, choices=Source.choices, default=Source.OWNER)
    confidence = models.FloatField(null=True, blank=True)
    rejected = models.BooleanField(default=False, help_text="Proposed or from the file, and refused by the owner.")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "tag"], name="phototag_once")]
        indexes = [models.Index(fields=["tag", "photo"], name="phototag_photos")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.photo_id}"
