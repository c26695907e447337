"""Giving the kept photo the tags of its duplicates (duplicates/merging.py)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from photos.models import Photo
from tags.keywords import ChangeKeywords, paths_of


def merge_tags(kept: Photo, others: Sequence[Photo], stamp: datetime, by: User) -> Any:
    """Add the tags of the other photos."""
    held = paths_of([kept.pk, *(other.pk for other in others)])
    missing = sorted({path for other in others for path in held.get(other.pk, [])}.difference(held.get(kept.pk, [])))
    return ChangeKeywords(add=missing, remove=[]).apply([kept.pk], stamp, by) if missing else None


def unmerge_tags(needed: Any, stamp: datetime) -> None:
    ChangeKeywords(add=[], remove=[]).revert(needed, stamp)
