"""What has to be done now and then, and at every start."""

import logging
from collections.abc import Callable

from accounts import activity, batches, lockout
from mirage.registry import Registry
from photos.gallery import similar
from photos.ingest import uploads
from photos.storage import deletion, paths

log = logging.getLogger(__name__)

CHORES: Registry[Callable[[], object]] = Registry("chore")  # what other apps want done, too


def tidy() -> None:
    """Remove what killed imports left, uploads nobody goes on with, and what has been in the trash for too long.

    Actions on many rows that a kill has interrupted go on.
    """
    batches.resume_unfinished()
    activity.forget_old()
    lockout.forget_old()
    stray = paths.remove_stray_incoming()
    expired = uploads.remove_expired()
    similar.forget_old()
    for chore in CHORES.values():
        chore()
    deleted = deletion.empty_expired_trash()
    if stray or expired or deleted:
        log.info("Tidied up: %d stray files, %d uploads, %d photos from the trash", stray, expired, deleted)
