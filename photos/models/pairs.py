"""What owners decided about two photos."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from photos.models.photo import Photo


class PairDecisionQuerySet(models.QuerySet["PairDecision"]):
    def decide_different(self, photo_ids: Iterable[int], by: User) -> list[tuple[int, int]]:
        """Mark every pair of these photos as different pictures. Returns the pairs that were not yet marked."""
        ordered = sorted(photo_ids)
        known = set(self.filter(first__in=ordered, second__in=ordered).values_list("first_id", "second_id"))
        fresh = [pair for pair in combinations(ordered, 2) if pair not in known]
        verdict = PairDecision.Verdict.DIFFERENT
        for first, second in fresh:
            self.create(first_id=first, second_id=second, verdict=verdict, by=by)
        return fresh

    def forget(self, pairs: Iterable[Sequence[int]]) -> None:
        """Delete the decisions about these pairs."""
        for first, second in pairs:
            self.filter(first_id=first, second_id=second).delete()


class PairDecision(models.Model):
    """The owner's decision about two photos, which every later search for duplicates obeys. first_id < second_id."""

    class Verdict(models.TextChoices):
        DIFFERENT = "different"
        SAME = "same"

    first = models.ForeignKey(Photo, models.CASCADE, related_name="+")
    second = models.ForeignKey(Photo, models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=9, choices=Verdict.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = PairDecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pairdecision_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pairdecision_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.verdict} {self.second_id}"
