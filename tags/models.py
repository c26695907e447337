"""Each owner's tree of tags, the tags of photos, and what was learned about tags."""

from django.conf import settings
from django.db import models

from photos.models import Photo


class Tag(models.Model):
    """A tag in the tree. Its path has all names above it, as in `travel/japan`, so that a subtree is a prefix."""

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


class TagAlias(models.Model):
    """What a path in files means after the owner renamed, moved, merged or deleted its tag: another tag, or none.

    It stops files that are read again from bringing back old tags.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    path = models.CharField(max_length=400, help_text="Case-folded.")
    tag = models.ForeignKey(Tag, models.SET_NULL, null=True, related_name="aliases")

    class Meta:
        verbose_name_plural = "tag aliases"
        constraints = [models.UniqueConstraint(fields=["owner", "path"], name="tagalias_once")]

    def __str__(self) -> str:
        return self.path


class PhotoTag(models.Model):
    """A tag on a photo, with its source."""

    class Source(models.TextChoices):
        OWNER = "owner"
        FILE = "file"
        LEARNT = "learnt"

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="photo_tags")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="photo_tags")
    source = models.CharField(max_length=6, choices=Source.choices, default=Source.OWNER)
    confidence = models.FloatField(null=True, blank=True)
    rejected = models.BooleanField(default=False, help_text="Proposed or from the file, and rejected by the owner.")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "tag"], name="phototag_once")]
        indexes = [models.Index(fields=["tag", "photo", "rejected", "source"], name="phototag_photos")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.photo_id}"


class TaughtTag(models.Model):
    """What Mirage has learned about a tag from the photos that have it (tags/teaching.py)."""

    tag = models.OneToOneField(Tag, models.CASCADE, primary_key=True, related_name="taught")
    model = models.CharField(max_length=60, help_text="The model of the vectors.")
    weights = models.BinaryField(help_text="Float32, little-endian.")
    bias = models.FloatField()
    yes = models.PositiveIntegerField(help_text="Number of examples.")
    no = models.PositiveIntegerField()
    judged = models.JSONField(default=list, help_text="The unseen probability and the answer, for each answer.")
    apply_above = models.FloatField(null=True, blank=True, help_text="Applies itself at this probability or more.")
    stale = models.BooleanField(default=False, help_text="A worker has been asked to apply it.")
    trained_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"taught {self.tag_id}"


class TagAnswer(models.Model):
    """The owner's answer to the question whether a photo has a tag."""

    class Said(models.TextChoices):
        YES = "yes"
        NO = "no"
        SKIP = "skip"

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="answers")
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="tag_answers")
    said = models.CharField(max_length=4, choices=Said.choices)
    probability = models.FloatField(help_text="When it was asked.")
    activity = models.ForeignKey("accounts.Activity", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "photo"], name="taganswer_once")]
        indexes = [models.Index(fields=["tag", "-at", "-id"], name="taganswer_last")]

    def __str__(self) -> str:
        return f"{self.photo_id} {self.said} {self.tag_id}"
