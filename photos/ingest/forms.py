"""What comes in from the browser, checked."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

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
            raise forms.ValidationError("One of the sums is not a SHA-256 sum.")
        return sums


class CheckForm(forms.Form):
    """Which files the browser would send."""

    sha256 = SumsField()


class AnnouncementForm(forms.Form):
    """What tus' metadata says of a file; the names are those that tus' clients commonly use."""

    filename = forms.CharField(max_length=255)
    folder = forms.CharField(max_length=1024, required=False)
    modified = forms.FloatField(required=False, help_text="Milliseconds since 1970.")

    def clean_filename(self) -> str:
        name = self.cleaned_data["filename"].replace("\\", "/").rsplit("/", 1)[-1]
        if not looks_like_media(name):
            raise forms.ValidationError("This is no photo or video that Mirage knows.")
        return name

    @property
    def status(self) -> int:
        """The status of the answer if the form is not valid: 415 for a file of another type."""
        return 415 if self.has_error("filename") else 422

    def announcement(self, size: int) -> Announcement:
        """Only when valid."""
        data = self.cleaned_data
        return Announcement(data["filename"], size, data["folder"], moment(data["modified"]))


class FinishForm(forms.Form):
    """What the browser says the file's content is."""

    sha256 = forms.RegexField(SHA256, required=False)


class SidecarForm(forms.Form):
    """A small file that describes a photo."""

    MOST_BYTES = 10_000_000

    photo = forms.RegexField(KEY)
    file = forms.FileField(allow_empty_file=False)

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if not is_sidecar(file.name):
            raise forms.ValidationError("This is no sidecar that Mirage knows.")
        if file.size > self.MOST_BYTES:
            raise forms.ValidationError("This is too large for a sidecar.")
        return file


@contextmanager
def temporary_copy(file: UploadedFile, suffix: str = "") -> Iterator[Path]:
    """A copy of an uploaded file on the disk, deleted afterwards."""
    with tempfile.NamedTemporaryFile(prefix="mirage-", suffix=suffix) as copy:
        for block in file.chunks():
            copy.write(block)
        copy.flush()
        yield Path(copy.name)


def moment(milliseconds: float | None) -> datetime | None:
    """An instant from a browser's clock, to the microsecond; None for what no calendar holds."""
    try:
        return None if milliseconds is None else EPOCH + timedelta(microseconds=round(milliseconds * 1000))
    except (OverflowError, ValueError):
        return None


class PictureForm(forms.Form):
    """A picture to search with."""

    picture = forms.FileField(error_messages={"required": "Choose a picture first."})
