"""Taking one file into the library: the only way in, for folders, uploads and the API."""

import errno
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import Activity, User
from media import mediatypes, names
from media.files import NotRegular, readable_name
from media.metadata.fields import Metadata
from media.sandbox import SandboxedError, UnreadableFile, shared
from media.sentences import english
from photos import pipeline
from photos.ingest import attachments
from photos.ingest.comebacks import Comebacks
from photos.models import ImportFailure, Photo, PhotoFile, StageRun
from photos.pipeline import shared_files
from photos.storage import paths, recorded

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST, LATEST = -62_000_000_000, 253_000_000_000  # seconds since 1970: the years 5 and 9987, which datetime holds
LONGEST_PATH, LONGEST_FOLDER = 1024, 500  # characters that the columns hold
LEAST_FREE_BYTES = 200 * 1024 * 1024  # kept free for the database and the thumbnails


class Status(StrEnum):
    ADDED = "added"
    PRESENT = "already there"
    RESTORED = "restored from the trash"
    SKIPPED = "skipped"
    LATER = "another content under a known name"


@dataclass(frozen=True)
class Outcome:
    """The result for one file. `change` is the action that restored its photo from the trash."""

    status: Status
    photo: Photo | None = None
    change: Activity | None = None


@dataclass(frozen=True)
class Source:
    """A file to take in. `sha256` may be empty until it is needed. `modified_at` is in seconds since 1970."""

    path: Path
    name: str
    sha256: str
    sha1: str
    media: mediatypes.MediaType
    size: int
    modified_at: float
    in_place: bool
    sidecars: Sequence[Path] = ()
    curation: Mapping[str, Any] = field(default_factory=dict)
    ours: bool = False
    folder: str = ""
    patient: bool = False


def ingest(
    owner: User,
    path: Path,
    *,
    name: str = "",
    sidecars: Sequence[Path] = (),
    in_place: bool = False,
    modified_at: float | None = None,
    curation: Mapping[str, Any] | None = None,
    ours: bool = False,
    sha256: str = "",
    sha1: str = "",
    attach: bool = True,
    comebacks: Comebacks | None = None,
    folder: str = "",
    patient: bool = False,
) -> Outcome:
    """Take one file into the owner's library, by copy or in place, and start the pipeline for it.

    A file that is `ours`, which the caller keeps locked, is linked, not copied. `sha256` and `sha1` are its sums if
    known. Without `attach` the sidecars only help to date the photo and are not kept. `curation` holds columns of a new
    photo such as favourite. `folder` is where it came from, as people name it. A photo in the trash is given to
    `comebacks`, unless it is an unchanged file in place. A `patient` caller is told LATER of a file in place that has
    new content, and asks again when it has met all files: the old content may have another name by now. Doing it again
    changes nothing. Raises OSError, also where the disk is full.
    """
    media = mediatypes.identify(path)
    if media is None:
        return Outcome(Status.SKIPPED)
    status = path.stat()
    source = Source(
        path=path,
        name=names.shown(name or path.name)[-255:],
        modified_at=status.st_mtime if modified_at is None else modified_at,
        sha256=sha256, sha1=sha1, media=media, size=status.st_size, in_place=in_place, sidecars=sidecars,
        curation=curation or {}, ours=ours, folder=shown_folder(folder), patient=patient,
    )  # fmt: skip
    return take_in(owner, source, sidecars if attach else (), comebacks)


def shown_folder(folder: str) -> str:
    """The folder as pages show it: without steps up, empty steps, and what the column does not hold."""
    steps = (step.strip() for step in names.shown(folder).split("/"))
    return "/".join(step for step in steps if step not in ("", ".", ".."))[:LONGEST_FOLDER].rstrip("/ ")


def take_in(owner: User, source: Source, attached: Sequence[Path], comebacks: Comebacks | None) -> Outcome:
    """Find the file's photo or add it, attach sidecars to it, and perhaps restore it from the trash."""
    if source.in_place and (known := unchanged(owner, source)):
        learn_folder(known, source)
        attachments.attach(known, attached)
        return Outcome(Status.PRESENT, known)
    outcome = add_or_find(owner, replace(source, sha256=source.sha256 or paths.sha256_of(source.path)))
    if outcome.photo is None:
        return outcome
    attachments.attach(outcome.photo, attached)
    if comebacks is not None and outcome.photo.trashed_at and not source.curation.get("trashed_at"):
        return Outcome(Status.RESTORED if comebacks.add(outcome.photo) else Status.PRESENT, outcome.photo)
    return outcome


def unchanged(owner: User, source: Source) -> Photo | None:
    """The photo of this in-place file, if the file has not changed since it was last read."""
    here = names.stored(source.path)
    photos = Photo.objects.filter(owner=owner, path=here, in_place=True).of_files()
    photo = photos.filter(size=source.size, missing_since=None).first()
    same = photo and abs(photo.file_modified_at - moment(source.modified_at)) < timedelta(milliseconds=1)
    return photo if same else None


def add_or_find(owner: User, source: Source) -> Outcome:
    """The photo with this content, which may be new."""
    if photo := known_photo(owner, source.sha256):
        meet_again(photo, source)
        return Outcome(Status.PRESENT, photo)
    if source.in_place:
        here = Photo.objects.filter(owner=owner, path=names.stored(source.path), in_place=True)
        changed = here.of_files().first()
        if changed and source.patient:
            return Outcome(Status.LATER)
        if changed:
            replace_content(changed, source)
            return Outcome(Status.ADDED, changed)
    try:
        return Outcome(Status.ADDED, add_in_place(owner, source) if source.in_place else add_copy(owner, source))
    except IntegrityError:  # somebody else added the same content at the same moment
        return Outcome(Status.PRESENT, Photo.objects.of_files().get(owner=owner, sha256=source.sha256))


def known_photo(owner: User, sha256: str) -> Photo | None:
    """The photo that has this content, or had it before Mirage wrote metadata into its file."""
    mine = Photo.objects.filter(owner=owner).order_by()
    now = mine.of_files().filter(sha256=sha256).values_list("pk", flat=True)[:1]  # mostly nothing: ask for the id alone
    before = mine.filter(in_place=False, files__kind="copy", files__sha256=sha256).values_list("pk", flat=True)[:1]
    found = next(iter(now), None) or next(iter(before), None)
    return None if found is None else Photo.objects.filter(pk=found).first()


def new_photo(owner: User, source: Source) -> Photo:
    """An unsaved row with the date taken, on which the folder of the file depends."""
    photo = Photo(
        owner=owner,
        sha256=source.sha256,
        sha1=source.sha1 or paths.sha1_of(source.path),
        in_place=source.in_place,
        folder=source.folder,
        original_name=source.name,
        media_type=source.media.mime,
        kind=source.media.kind,
        size=source.size,
        file_modified_at=moment(source.modified_at),
        **source.curation,
    )
    metadata = read_early(source)
    photo.set_taken(*date_taken(source, metadata))
    photo.camera_make = ((metadata and metadata.camera_make) or "")[:80]
    photo.camera_model = ((metadata and metadata.camera_model) or "")[:120]
    return photo


def moment(seconds: float) -> datetime:
    """A file's time as an instant, limited to what `datetime` can hold."""
    return EPOCH + timedelta(seconds=min(max(seconds, EARLIEST), LATEST))


def read_early(source: Source) -> Metadata | None:
    """What the file says, before the metadata stage reads it; None if it cannot be read, which that stage reports."""
    try:
        with readable_name(source.path) as path:
            found: Metadata = shared().call(
                "media.metadata.reading:read",
                path,
                source.media.mime,
                list(source.sidecars),
                original_name=source.name,
                modified_at=source.modified_at,
                home_zone=settings.MIRAGE_HOME_ZONE,
                seconds=settings.MIRAGE_DECODE_SECONDS,
            )
    except (UnreadableFile, SandboxedError):
        return None
    return found


def date_taken(source: Source, metadata: Metadata | None) -> tuple[datetime, int | None, str]:
    """Local time, offset in minutes and the source of both. If the content says nothing, the file's own time."""
    if metadata is None or metadata.taken_local is None or not 1 < metadata.taken_local.year < 9999:
        return moment(source.modified_at), None, "file"
    return metadata.taken_local, metadata.taken_offset, metadata.taken_source or "file"


def add_copy(owner: User, source: Source) -> Photo:
    """Copy the file into the library, then create its row. If it crashes in between, the next start cleans up."""
    require_space(0 if source.ours else source.size)
    photo = new_photo(owner, source)
    with incoming(source) as temporary:
        photo.path = paths.place_original(temporary, recorded.facts_of(photo))
        try:
            insert(photo)
        except BaseException:
            paths.remove(paths.original_path(photo))
            raise
    return photo


def incoming(source: Source) -> AbstractContextManager[Path]:
    """Link the file into the incoming folder if it is ours and on the same file system, or else copy it there."""
    if source.ours and paths.can_link(source.path):
        os.utime(source.path, (source.modified_at, source.modified_at))
        return paths.incoming_link(source.path)
    return paths.incoming_copy(source.path, source.sha256)


def add_in_place(owner: User, source: Source) -> Photo:
    photo = new_photo(owner, source)
    photo.path = storable(source.path)
    insert(photo)
    return photo


def storable(path: Path) -> str:
    """The path as stored in the column. Raises OSError (ENAMETOOLONG)."""
    stored = names.stored(path)
    if len(stored) > LONGEST_PATH:
        raise OSError(errno.ENAMETOOLONG, "File name too long", str(path))
    return stored


def insert(photo: Photo) -> None:
    with transaction.atomic():
        photo.save()
        pipeline.start([photo.pk])


def meet_again(photo: Photo, source: Source) -> None:
    """The same content was found again: update the path of a file that was moved, or record another in-place copy."""
    learn_folder(photo, source)
    if not source.in_place:
        return
    here = storable(source.path)
    if photo.in_place and (photo.path == here or not is_still_there(photo)):
        photo.files.filter(path=here, kind=PhotoFile.Kind.COPY).delete()
        ImportFailure.objects.filter(owner=photo.owner, path=photo.path).delete()
        photo.path, photo.original_name, photo.missing_since = here, source.name, None
        photo.file_modified_at = moment(source.modified_at)
        photo.folder = source.folder or photo.folder
        with transaction.atomic():
            photo.save(update_fields=["path", "folder", "original_name", "missing_since", "file_modified_at"])
            shared_files.follow_file(photo, photo.sha256)
        return
    photo.files.get_or_create(
        path=here,
        defaults={"kind": PhotoFile.Kind.COPY, "in_place": True, "sha256": source.sha256, "size": source.size},
    )


def is_still_there(photo: Photo) -> bool:
    """Whether the file at the photo's path is its own: names may have changed places, or moved on by one."""
    path = Path(names.actual(photo.path))
    try:
        return path.stat().st_size == photo.size and paths.sha256_of(path) == photo.sha256
    except OSError:
        return False


def learn_folder(photo: Photo, source: Source) -> None:
    """Keep where a known photo came from, if nobody could say so before."""
    if source.folder and not photo.folder:
        photo.folder = source.folder
        photo.save(update_fields=["folder"])


def replace_content(photo: Photo, source: Source) -> None:
    """Another program changed an in-place file: read it again. The photo keeps its albums, tags and people."""
    before = photo.sha256
    photo.sha256, photo.sha1 = source.sha256, source.sha1 or paths.sha1_of(source.path)
    photo.size, photo.displayable = source.size, False
    photo.file_modified_at = moment(source.modified_at)
    photo.media_type, photo.kind, photo.missing_since = source.media.mime, source.media.kind, None
    with transaction.atomic():
        photo.save()
        copies = shared_files.follow_file(photo, before)
        Photo.objects.filter(pk__in=copies).update(displayable=False)
        StageRun.objects.filter(photo__in=[photo.pk, *copies]).delete()
        pipeline.start([photo.pk, *copies])


def require_space(size: int) -> None:
    """Raises OSError (ENOSPC) if the disk would be too full."""
    free = free_bytes()
    if free < size + LEAST_FREE_BYTES:
        raise OSError(errno.ENOSPC, f"Only {free // 1_000_000} MB are free on the disk of the library")


def free_bytes() -> int:
    """How much room is left on the disk of the library."""
    return shutil.disk_usage(settings.MIRAGE_DATA).free


FULL = english("The disk of the library is full.")
FORBIDDEN = english("Mirage is not allowed to read this file.")
WENT = english("The file was gone before it could be read.")
SILENT = english("The disk on which this file lies does not answer.")
REASONS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EACCES: FORBIDDEN,
    errno.EPERM: FORBIDDEN,
    errno.ENOENT: WENT,
    errno.ENOTDIR: WENT,
    errno.ELOOP: english("This link leads back to itself."),
    errno.ENAMETOOLONG: english(
        "The path is longer than %(most)s characters, or than the disk allows.", most=f"{LONGEST_PATH:,}"
    ),
    errno.EIO: english(
        "The file could not be read completely: the disk reports an error, or the file changed meanwhile."
    ),
    errno.ESTALE: SILENT,
    errno.ENOTCONN: SILENT,
    errno.EHOSTDOWN: SILENT,
}


def explain(error: OSError) -> str:
    """The reason for an error, for the owner to read."""
    if isinstance(error, NotRegular):
        return str(error.strerror)
    if error.errno == errno.ENOENT and error.filename and os.path.islink(error.filename):
        return english("This link leads nowhere.")
    reason = names.shown(error.strerror or str(error))
    return REASONS.get(error.errno or 0) or english("The file could not be read: %(reason)s.", reason=reason)


def record_failure(owner: User, path: Path, reason: str, *, in_place: bool) -> None:
    """List a file that could not be imported under Needs attention."""
    ImportFailure.objects.update_or_create(
        owner=owner, path=names.stored(path)[-LONGEST_PATH:], defaults={"reason": reason, "in_place": in_place}
    )
