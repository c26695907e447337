"""What was computed from the pictures, and what the owner decided of duplicates."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from photos.models.photo import Photo, make_key


class Embedding(models.Model):
    """A vector of a photo by one model, normalised, as float16 bytes, little-endian."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="embeddings")
    kind = models.CharField(max_length=16, help_text="fingerprints, embeddings …: which index it belongs to.")
    model = models.CharField(max_length=60)
    frame = models.PositiveSmallIntegerField(
        default=0, help_text="Of a video: which sampled frame. Of a photo: 1 within its borders."
    )
    vector = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "model", "frame"], name="embedding_once")]
        indexes = [models.Index(fields=["kind", "model", "id"], name="embedding_kind")]

    def __str__(self) -> str:
        return f"{self.model} of {self.photo_id}"


class DuplicateGroup(models.Model):
    """Photos that are the same picture, or versions of it, waiting for the owner's decision."""

    class Tier(models.TextChoices):
        EXACT = "exact"
        SAME = "same"
        EDITED = "edited"
        BURST = "burst"
        STACK = "stack"

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
    """A photo in a group; the best one is suggested to be kept."""

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


class DuplicateDecisionQuerySet(models.QuerySet["DuplicateDecision"]):
    def decide_different(self, photo_ids: Iterable[int], by: User) -> list[tuple[int, int]]:
        """Remember of each pair of these photos that it is two pictures; the pairs of which that was not known."""
        ordered = sorted(photo_ids)
        known = set(self.filter(first__in=ordered, second__in=ordered).values_list("first_id", "second_id"))
        fresh = [pair for pair in combinations(ordered, 2) if pair not in known]
        verdict = DuplicateDecision.Verdict.DIFFERENT
        for first, second in fresh:
            self.create(first_id=first, second_id=second, verdict=verdict, by=by)
        return fresh

    def forget(self, pairs: Iterable[Sequence[int]]) -> None:
        """Take such decisions back."""
        for first, second in pairs:
            self.filter(first_id=first, second_id=second).delete()


class DuplicateDecision(models.Model):
    """What the owner decided of two photos, for ever: a constraint on every later search. first_id < second_id."""

    class Verdict(models.TextChoices):
        DIFFERENT = "different"
        SAME = "same"

    first = models.ForeignKey(Photo, models.CASCADE, related_name="+")
    second = models.ForeignKey(Photo, models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=9, choices=Verdict.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = DuplicateDecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicatedecision_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicatedecision_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.verdict} {self.second_id}"


class DuplicateRules(models.Model):
    """In which order the owner lets the rules of duplicates/keeping.py decide which duplicate to keep."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="duplicate_rules")
    order = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "duplicate rules"

    def __str__(self) -> str:
        return ", ".join(self.order)


class PictureSearch(models.Model):
    """What a picture that somebody searches with looks like; the picture itself is not kept, and this for a day."""

    key = models.CharField(max_length=16, unique=True, default=make_key, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    vector = models.BinaryField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name_plural = "picture searches"

    def __str__(self) -> str:
        return self.key
