"""Whether the library has a better version of a photo, for the page of uploads.

Apart from duplicates/finding.py, which finds them: the site asks here, and must not load modules that look at pixels.
"""

from collections.abc import Sequence
from typing import Any

from duplicates.models import DuplicateGroup, DuplicateMember
from photos.models import Photo, StageRun


def better_versions(photo_ids: Sequence[int]) -> dict[int, Photo]:
    """A better photo in the library for those of these photos that are its copies or edits, by their ids."""
    copies = DuplicateMember.objects.filter(
        photo__in=photo_ids,
        photo__trashed_at=None,
        group__status=DuplicateGroup.Status.OPEN,
        group__tier__in=(DuplicateGroup.Tier.SAME, DuplicateGroup.Tier.EDITED),
    ).exclude(role=DuplicateMember.Role.BEST)
    pairs = list(copies.values_list("group_id", "photo_id"))
    best = DuplicateMember.objects.filter(group__in={group for group, _ in pairs}, role=DuplicateMember.Role.BEST)
    best_of = {member.group_id: member.photo for member in best.select_related("photo").filter(photo__trashed_at=None)}
    return {photo_id: best_of[group] for group, photo_id in pairs if group in best_of}


def compared(photo_ids: Sequence[int]) -> set[int]:
    """Those of these photos that have been compared with their owner's library, or never will be."""
    done = (StageRun.Status.DONE, StageRun.Status.FAILED)
    runs = StageRun.objects.filter(stage="duplicates", status__in=done, photo__in=photo_ids)
    return set(runs.values_list("photo", flat=True))


def remark(photos: Sequence[Photo]) -> dict[int, dict[str, Any]]:
    """What the page of uploads shows for each photo: the address of a better one, and whether it has been compared."""
    better = better_versions([photo.pk for photo in photos if photo.displayable])
    settled = compared([photo.pk for photo in photos])
    return {
        photo.pk: {
            "better": better[photo.pk].get_absolute_url() if photo.pk in better else None,
            "compared": photo.pk in settled,
        }
        for photo in photos
    }
