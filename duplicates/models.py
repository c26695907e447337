"""Duplicate groups, and what their owner decided about them."""

from django.conf import settings
from django.db import models

from photos.models import Embedding, Photo, make_key


class DuplicateGroup(models.Model):
    """Photos that are duplicates of one another, waiting for the owner's decision."""

    class Tier(models.TextChoices):
        SAME = "same"
        EDITED = "edited"
        BURST = "burst"

    class Status(models.TextChoices):
        OPEN = "open"
        RESOLVED = "resolved"
        KEPT = "kept"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="duplicate_groups")
    key = models.CharField(max_length=16, unique=True, default=make_key, editable=False)
    tier = models.CharField(max_length=8, choices=Tier.choices)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    saving = models.BigIntegerField(default=0, help_text="Bytes that keeping only the best would free.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "status", "-saving", "-id"], name="duplicategroup_queue")]

    def __str__(self) -> str:
        return f"{self.tier} {self.pk}"


class DuplicateMember(models.Model):
    """A photo in a group; the best one is the one to keep."""

    class Role(models.TextChoices):
        BEST = "best"
        COPY = "copy"

    group = models.ForeignKey(DuplicateGroup, models.CASCADE, related_name="members")
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="duplicate_memberships")
    role = models.CharField(max_length=4, choices=Role.choices)
    similarity = models.FloatField(help_text="To the group's best, 0 to 1.")
    evidence = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "photo"], name="duplicatemember_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.photo_id}"


class Sketch(models.Model):
    """What tells pairs apart without opening a picture (vision/copies/sketches.py), beside its fingerprint."""

    fingerprint = models.OneToOneField(Embedding, models.CASCADE, primary_key=True, related_name="sketch")
    data = models.BinaryField()

    class Meta:
        verbose_name_plural = "sketches"

    def __str__(self) -> str:
        return f"sketch {self.pk}"


class Comparison(models.Model):
    """What the pixels of two photos said, so that it is not worked out twice. first_id < second_id.

    It goes with either photo's fingerprint, which is taken anew when its picture changes.
    """

    first = models.ForeignKey(Photo, models.CASCADE, related_name="+")
    second = models.ForeignKey(Photo, models.CASCADE, related_name="+")
    first_fingerprint = models.ForeignKey(Embedding, models.CASCADE, related_name="+")
    second_fingerprint = models.ForeignKey(Embedding, models.CASCADE, related_name="+")
    rules = models.PositiveSmallIntegerField(help_text="The version of the rules that told it.")
    tier = models.CharField(max_length=8, help_text="Same, edited, or none.")
    similarity = models.FloatField()
    evidence = models.JSONField(default=dict, blank=True)
    placement = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="comparison_once")]

    def __str__(self) -> str:
        return f"{self.first_id} {self.tier} {self.second_id}"


class DuplicateRules(models.Model):
    """The owner's order of the rules in duplicates/keeping.py."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="duplicate_rules")
    order = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "duplicate rules"

    def __str__(self) -> str:
        return ", ".join(self.order)
