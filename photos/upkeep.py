"""Cleaning up, on a schedule and at every start."""

import logging
from collections.abc import Callable

from accounts import activity, batches
from accounts.security import lockout
from mirage.registry import Registry
from photos.gallery.alike import clip_search, similar
from photos.ingest import uploads
from photos.storage import copies, deletion, strays
from photos.storage.streaming import sources

log = logging.getLogger(__name__)

CHORES: Registry[Callable[[], object]] = Registry("chore")  # what other apps clean up
HOURLY: Registry[Callable[[], object]] = Registry("hourly chore")  # what reads whole libraries: in its own task
MEMORIES: Registry[Callable[[], object]] = Registry("memory to prepare")  # what takes long: at night, in its own task


def tidy() -> None:
    """Remove stray files of killed imports, abandoned uploads and expired trash, and resume interrupted batches."""
    batches.resume_unfinished()
    activity.forget_old()
    lockout.forget_old()
    stray = strays.remove_strays()
    expired = uploads.remove_expired()
    similar.forget_old()
    clip_search.keep_up()
    for chore in CHORES.values():
        chore()
    copies.remove_old()
    sources.trim()
    deleted = deletion.empty_expired_trash()
    if stray or expired or deleted:
        log.info("Tidied up: %d stray files, %d uploads, %d photos from the trash", stray, expired, deleted)
