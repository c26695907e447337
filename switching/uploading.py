"""What another program knows, uploaded by its owner: a database, a dump, an export or a zip of its files.

It arrives like photos do (photos/ingest/uploads.py), so that it goes on where it stopped.
"""

import os
import uuid
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from mirage.refusals import NotPossible
from photos.ingest import uploads
from photos.ingest.forms import AnnouncementForm
from photos.models import Upload
from photos.storage import paths
from switching import keeping
from switching.looking import recognised

PURPOSE = keeping.PURPOSE
ENDINGS = (".zip", ".sql", ".sql.gz", ".db", ".lrcat", ".sqlite", ".json", ".jsonl")


class LibraryFile(AnnouncementForm):
    """A file with what another program knows."""

    is_export = True
    purpose = PURPOSE

    def refusal(self, name: str) -> str:
        if name.lower().endswith(ENDINGS):
            return ""
        endings = ", ".join(ENDINGS)
        return _("Choose a database, a dump, or a zip of the files: %(endings)s.") % {"endings": endings}


def rows(user: User) -> QuerySet[Upload]:
    return Upload.objects.filter(owner=user, purpose=PURPOSE)


def files_of(user: User) -> list[Upload]:
    """The files that have arrived or begun to, the newest first: how many bytes, and whose they are by their names."""
    files = list(rows(user).order_by("-created_at", "-pk"))
    for file in files:
        file.offset = uploads.received(file)
        file.program = recognised(file.name)  # type: ignore[attr-defined]
    return files


def take(user: User, key: str) -> Path:
    """Take a file that has arrived, to be read. Raises NotPossible."""
    with transaction.atomic():
        upload = rows(user).filter(key=key).select_for_update().first()  # the button may be pressed twice
        if upload is None:
            raise NotPossible(_("This file is not there any more. Choose it again."))
        if uploads.received(upload) < upload.size:
            raise NotPossible(
                _("This file has not arrived completely. Choose it again, and it goes on where it stopped.")
            )
        path = keeping.folder() / uuid.uuid4().hex / paths.clean_name(upload.name)
        path.parent.mkdir(parents=True)
        os.link(uploads.file_of(upload), path)
        upload.delete()
    uploads.file_of(upload).unlink(missing_ok=True)  # only now: after a kill before it, the upload is still there
    return path
