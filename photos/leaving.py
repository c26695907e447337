"""What a user who leaves had: deleted with every file, or handed over to somebody else."""

from django.db import transaction

from accounts.models import User
from photos import pipeline
from photos.ingest import uploads
from photos.models import Photo, Upload, WatchedFolder
from photos.storage import deletion

BATCH = 500


def leave(user: User, heir: User | None) -> None:
    """Called before the account is deleted (accounts/leaving.py)."""
    for upload in Upload.objects.filter(owner=user):
        uploads.discard(upload)
    if heir is None:
        deletion.delete(Photo.objects.filter(owner=user))
        return
    WatchedFolder.objects.filter(owner=user).update(owner=heir)
    hand_over(user, heir)


def hand_over(user: User, heir: User) -> int:
    """Give the photos to the heir, with what was edited. How many.

    Those that the heir has already stay as the heir has them. Tags and people are their owner's; they are read and
    recognised anew for the heir.
    """
    known = Photo.objects.filter(owner=heir).values("sha256")
    deletion.delete(Photo.objects.filter(owner=user, sha256__in=known))
    count = 0
    while ids := list(Photo.objects.filter(owner=user).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            Photo.objects.filter(pk__in=ids).update(owner=heir, stack=None)
            pipeline.demand("metadata", ids)
        count += len(ids)
    return count
