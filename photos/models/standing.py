"""Which edits stand, and which rows are kept only to know that an edit was taken back."""

from typing import Any, Self

from django.db import models


class PhotoEditQuerySet(models.QuerySet[Any]):
    """Queries for edits."""

    def standing(self) -> Self:
        """Without pictures that are the original again: those rows are for undo, and against sidecars of before."""
        return self.exclude(field="picture_edit", value__isnull=True)
