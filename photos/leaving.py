"""When a user's account is deleted: the photos are deleted with their files, or given to another user."""

from django.db import transaction

from accounts.models import User
from photos import pipeline
from photos.ingest import uploads
from photos.models import Photo, Upload, WatchedFolder
from photos.storage import deletion

BATCH = 500


def leave(user: User, heir: User | None) -> None:
    """Delete the user's photos, or give them to the heir. The account is deleted afterwards."""
    for upload in Upload.objects.filter(owner=user):
        uploads.discard(upload)
    if heir is None:
        deletion.delete(Photo.objects.filter(owner=user))
        return
    WatchedFolder.objects.filter(owner=user).update(owner=heir)
    hand_over(user, heir)


def hand_over(user: User, heir: User) -> int:
    """Give the photos to the heir, with their edits. Returns how many.

    A photo that the heir has already stays as it is. Tags and people belong to their owner: they are read and
    recognised again for the heir.
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
