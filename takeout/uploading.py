"""Exports that were uploaded as zip files: their parts, and importing all of them together."""

import os
import shutil
import time
import uuid
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from media import names
from mirage.refusals import NotPossible
from photos.ingest import uploads
from photos.models import Upload, WatchedFolder
from photos.storage import paths

LEFT_SECONDS = 86_400  # after which a folder without a row is removed


def parts_of(user: User) -> list[Upload]:
    """The parts of the user's export, with how many bytes of each have arrived."""
    parts = list(rows(user).order_by("name", "created_at"))
    for part in parts:
        part.offset = uploads.received(part)
    return parts


def rows(user: User) -> QuerySet[Upload]:
    return Upload.objects.filter(owner=user, is_export=True, purpose="")


def import_parts(user: User) -> WatchedFolder:
    """Import all parts together, because they were cut at arbitrary places. Raises NotPossible."""
    parts = parts_of(user)
    if not parts:
        raise NotPossible(_("Choose the zip files of the export first."))
    if any(part.offset < part.size for part in parts):
        raise NotPossible(_("Some parts have not arrived completely. Choose them again, or remove them."))
    folder = paths.exports_folder() / uuid.uuid4().hex
    with transaction.atomic():
        claimed = rows(user).filter(pk__in=[part.pk for part in parts]).order_by("pk").select_for_update()
        if len(claimed) < len(parts):  # the button was pressed twice
            raise NotPossible(_("These parts are being imported already."))
        folder.mkdir(parents=True)
        for number, part in enumerate(parts, 1):
            os.link(uploads.file_of(part), folder / f"{number:03d} {paths.clean_name(part.name)}")
        row = WatchedFolder.objects.create(
            owner=user, path=names.stored(folder), kind=WatchedFolder.Kind.EXPORT, asked_at=timezone.now()
        )
        claimed.delete()
    for part in parts:  # only now: after a kill before it, both the parts and their rows are still there
        uploads.file_of(part).unlink(missing_ok=True)
    return row


def is_uploaded(root: Path) -> bool:
    """Whether the export was uploaded, so that nobody needs its files after the import."""
    return root.parent == paths.exports_folder()


def forget(root: Path) -> None:
    """Remove the files of an uploaded export that is imported."""
    shutil.rmtree(root, ignore_errors=True)


def remove_left() -> int:
    """Remove uploaded exports that no row names any more, and rows whose export was none. Returns how many exports."""
    old = time.time() - LEFT_SECONDS
    for row in WatchedFolder.objects.filter(kind=WatchedFolder.Kind.EXPORT, asked_at=None, started_at=None):
        root = Path(names.actual(row.path))
        noted = row.noted_at.timestamp() if row.noted_at else 0
        if is_uploaded(root) and not root.exists() and noted < old:
            row.delete()
    known = set(WatchedFolder.objects.filter(kind=WatchedFolder.Kind.EXPORT).values_list("path", flat=True))
    left = [path for path in paths.exports_folder().glob("*") if names.stored(path) not in known]
    left = [path for path in left if path.stat().st_mtime < old]
    for path in left:
        forget(path)
    return len(left)
