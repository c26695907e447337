"""Saved searches, and which photos wait to be indexed."""

from django.conf import settings
from django.db import models


class SavedSearch(models.Model):
    """A query in the search language, with a name."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=120)
    query = models.TextField()
    pinned = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "saved searches"
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="savedsearch_name_once")]

    def __str__(self) -> str:
        return self.name


class TextChange(models.Model):
    """A photo to index again, noted by triggers (index/triggers.py). No foreign key: deletions are changes too."""

    photo_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"words of {self.photo_id}"
