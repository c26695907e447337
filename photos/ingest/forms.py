"""Forms for uploads and for searching by picture."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from media.mediatypes import looks_like_media
from photos.ingest.sidecars import is_sidecar
from photos.ingest.uploads import Announcement

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEY = re.compile(r"^[A-Za-z0-9_-]{16}\Z")
SHA256 = re.compile(r"^[0-9a-f]{64}\Z")


class SumsField(forms.Field):
    """SHA-256 sums in hexadecimal, joined by commas."""

    MOST = 1000

    def to_python(self, value: Any) -> list[str]:
        sums = [part for part in str(value or "").split(",") if part]
        if len(sums) > self.MOST or not all(SHA256.fullmatch(part) for part in sums):
            raise forms.ValidationError(_("One of the sums is not a SHA-256 sum."))
        return sums


class CheckForm(forms.Form):
    """The files that the browser wants to upload."""

    sha256 = SumsField()


class AnnouncementForm(forms.Form):
    """A file's metadata in a tus request. The names are those that tus clients commonly use."""

    filename = forms.CharField(max_length=255)
    folder = forms.CharField(max_length=1024, required=False)
    modified = forms.FloatField(required=False, help_text="Milliseconds since 1970.")

    is_export = False
    purpose = ""

    def clean_filename(self) -> str:
        name = self.cleaned_data["filename"].replace("\\", "/").rsplit("/", 1)[-1]
        if problem := self.refusal(name):
            raise forms.ValidationError(problem)
        return name

    def refusal(self, name: str) -> str:
        """Why a file of this name is not accepted; empty if it is."""
        return "" if looks_like_media(name) else _("Mirage does not know this type of photo or video.")

    @property
    def status(self) -> int:
        """The status of the response if the form is not valid: 415 for an unknown type of file."""
        return 415 if self.has_error("filename") else 422

    def announcement(self, size: int) -> Announcement:
        data = self.cleaned_data
        modified = moment(data["modified"])
        return Announcement(data["filename"], size, data["folder"], modified, self.is_export, self.purpose)


class ExportForm(AnnouncementForm):
    """A part of an export of Google Takeout or iCloud."""

    is_export = True

    def refusal(self, name: str) -> str:
        return "" if name.lower().endswith(".zip") else _("Choose the zip files of the export.")


class FinishForm(forms.Form):
    """The checksum that the browser computed."""

    sha256 = forms.RegexField(SHA256, required=False)


class SidecarForm(forms.Form):
    """A sidecar for a photo."""

    MOST_BYTES = 10_000_000

    photo = forms.RegexField(KEY)
    file = forms.FileField(allow_empty_file=False)

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if not is_sidecar(file.name):
            raise forms.ValidationError(_("Mirage does not know this type of sidecar."))
        if file.size > self.MOST_BYTES:
            raise forms.ValidationError(_("This file is too large for a sidecar."))
        return file


@contextmanager
def temporary_copy(file: UploadedFile, suffix: str = "") -> Iterator[Path]:
    """A temporary copy of an uploaded file on the disk."""
    with tempfile.NamedTemporaryFile(prefix="mirage-", suffix=suffix) as copy:
        for block in file.chunks():
            copy.write(block)
        copy.flush()
        yield Path(copy.name)


def moment(milliseconds: float | None) -> datetime | None:
    """Milliseconds since 1970, from JavaScript, as an instant. None if they are out of range."""
    try:
        return None if milliseconds is None else EPOCH + timedelta(microseconds=round(milliseconds * 1000))
    except (OverflowError, ValueError):
        return None


class PictureForm(forms.Form):
    """A picture to search with."""

    picture = forms.FileField(error_messages={"required": _lazy("Choose a picture first.")})
