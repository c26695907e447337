"""A file that has arrived below `Upload/` becomes a photo, belongs to one, or is kept as the small file it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from dav.access import entries_of, entry_at, inside
from dav.arriving.albums_for import add as add_to_albums
from dav.arriving.receiving import Received, failed, temporary
from dav.folders import folder_at, touch
from dav.models import Device, Entry, SmallFile
from dav.protocol.paths import Segments, key
from dav.protocol.refusals import Refusal
from media import left_out
from media.mediatypes import looks_like_media
from media.sentences import english
from photos.editing.columns import EDITED_SOURCE
from photos.gallery.stacking import stacks
from photos.ingest import attachments, intake
from photos.ingest.comebacks import Comebacks
from photos.ingest.sidecars import Neighbours, is_sidecar, stem_of
from photos.models import Photo

SMALL = 1_000_000  # bytes of a file that is no photo
ALL_SMALL = 200_000_000  # bytes of all such files of a user
SAME_MOMENT = timedelta(seconds=2)  # the most by which the times of two versions differ


@dataclass(frozen=True)
class Arrival:
    """A file that has arrived: who sent it by what, where to, and when it was changed last."""

    user: User
    device: Device
    names: Segments
    file: Received
    modified_at: datetime
    folder: Entry | None  # as it was before the file arrived


def put(arrival: Arrival) -> tuple[Entry, bool]:
    """Take the file in. Returns its row, and whether it is new at this place. Raises Refusal."""
    parent, entry = arrival.folder, entry_at(arrival.user, arrival.names)
    if entry is not None and entry.is_folder:
        raise Refusal(405, english("There is a folder of this name."))
    if entry is not None and is_known(entry, arrival.file):  # the user may have moved its photo to the trash meanwhile
        Entry.objects.filter(pk=entry.pk).update(modified_at=arrival.modified_at)
        entry.modified_at = arrival.modified_at
        return entry, False
    why = reason_to_leave_out(arrival.names)
    outcome = None if why or not arrival.file.size else ingest(arrival)
    if outcome is None or outcome.photo is None:
        return put_small(arrival, parent, entry, why)
    before = entry.photo if entry else None
    brought = outcome.status is intake.Status.ADDED
    saved, is_new = save(arrival, parent, entry, photo=outcome.photo, brought=brought)
    if not is_new:
        SmallFile.objects.filter(entry=saved).delete()
    attach_sidecars(saved, outcome.photo)
    if before is not None and before.pk != outcome.photo.pk:
        stack_versions(arrival.user, before, outcome.photo)
    add_to_albums(arrival.device, saved, outcome.photo)
    return saved, is_new


def is_known(entry: Entry, file: Received) -> bool:
    """Whether the same bytes came to the same place before."""
    return bool(entry.sha256) and entry.sha256 == file.sha256 and entry.size == file.size


def reason_to_leave_out(names: Segments) -> str:
    """Why the file does not become a photo, by its name or its folders: previews, backups, a camera's small copies."""
    why = left_out.why_left_out(names[-1])
    if why and why != left_out.UNFINISHED:
        return why
    folders = (left_out.why_not_entered(PurePath(*names[:depth])) for depth in range(1, len(names)))
    return next((why for why in folders if why), "")


def real_name(name: str) -> str:
    """The name without what programs append while they send: IMG_1.jpg for IMG_1.jpg.part."""
    if left_out.why_left_out(name) == left_out.UNFINISHED and looks_like_media(stem_of(name)):
        return stem_of(name).lstrip(".")
    return name


def ingest(arrival: Arrival) -> intake.Outcome | None:
    """Take the file into the library, if it is a photo or a video. Raises Refusal."""
    try:
        with Comebacks(arrival.user) as comebacks:
            return intake.ingest(
                arrival.user,
                arrival.file.path,
                name=real_name(arrival.names[-1]),
                modified_at=arrival.modified_at.timestamp(),
                ours=True,
                sha256=arrival.file.sha256,
                sha1=arrival.file.sha1,
                comebacks=comebacks,
                folder="/".join(arrival.names[:-1]),
            )
    except OSError as error:
        raise failed(error) from error


def save(
    arrival: Arrival, parent: Entry | None, there: Entry | None, *, photo: Photo | None = None, brought: bool = False
) -> tuple[Entry, bool]:
    """The row at this place, with this content. Another request may make it at the same moment."""
    values = {
        "photo": photo,
        "brought": brought,
        "sha256": arrival.file.sha256,
        "size": arrival.file.size,
        "modified_at": arrival.modified_at,
        "changed_at": timezone.now(),
    }
    name = arrival.names[-1]
    place: dict[str, Any] = {"owner": arrival.user, "parent": parent, "name_key": key(name)}
    try:
        if there is None:
            with transaction.atomic():
                made = Entry.objects.create(**place, **values, name=name)
                touch(parent)
            return made, True
    except IntegrityError:
        folder_at(arrival.user, arrival.names[:-1])  # or was the folder removed meanwhile?
    with transaction.atomic():
        entry, is_new = Entry.objects.update_or_create(
            **place, defaults=values, create_defaults={**values, "name": name}
        )
        touch(parent)
    return entry, is_new


def stack_versions(user: User, before: Photo, after: Photo) -> None:
    """A file that replaces another keeps it as a version: both are stacked, and the new one is on top.

    Unless both say that they were taken at other times: cameras and programs use a name again for another photo.
    """
    if before.trashed_at or before.stack_id or after.stack_id or is_another_moment(before, after):
        return
    with transaction.atomic():
        made = stacks.make([before, after], cover=after)
        moved = {str(before.pk): None, str(after.pk): None}
        stacks.note(user, user, "stacked photos", {"stack": made.pk, "before": moved, "decided": []})


def is_another_moment(before: Photo, after: Photo) -> bool:
    """Whether both contents know when they were taken, and do not agree."""
    if {"file", EDITED_SOURCE} & {before.taken_source, after.taken_source}:
        return False
    return min(abs(before.taken_at - after.taken_at), abs(before.taken_local - after.taken_local)) > SAME_MOMENT


# --- what is no photo -------------------------------------------------------------------------------------------------


def put_small(arrival: Arrival, parent: Entry | None, entry: Entry | None, why: str) -> tuple[Entry, bool]:
    """Keep a small file that is no photo, and give it to the photo that it describes. Raises Refusal."""
    if arrival.file.size > SMALL:
        raise Refusal(
            415,
            english("This is %(what)s.", what=why)
            if why
            else english("This is neither a photo nor a video that Mirage knows."),
        )
    held = entries_of(arrival.user).filter(small_file__isnull=False).aggregate(total=Sum("size"))["total"] or 0
    if held + arrival.file.size > ALL_SMALL:
        raise Refusal(507, english("There is no room for more small files that are no photos."))
    saved, is_new = save(arrival, parent, entry)
    SmallFile.objects.update_or_create(entry=saved, defaults={"content": arrival.file.path.read_bytes()})
    if is_sidecar(saved.name):
        for described in described_by(saved):
            attach(described, saved)
    return saved, is_new


def attach_sidecars(entry: Entry, photo: Photo) -> None:
    """Give the photo the sidecars that came before it."""
    alike = beside(entry).filter(small_file__isnull=False)
    found = {one.name: one for one in alike if is_sidecar(one.name)}
    if found:
        for name in Neighbours([entry.name, *found]).sidecars_of(entry.name):
            attach(photo, found[name])


def described_by(sidecar: Entry) -> list[Photo]:
    """The photos that came before the sidecar that describes them."""
    alike = beside(sidecar).exclude(photo=None).select_related("photo")
    found = {one.name: one.photo for one in alike if one.photo}
    neighbours = Neighbours([sidecar.name, *found])
    return [photo for name, photo in found.items() if sidecar.name in neighbours.sidecars_of(name)]


def beside(entry: Entry) -> QuerySet[Entry]:
    """The files in the same folder whose names begin alike."""
    return inside(entry.owner, entry.parent).filter(start=entry.start).exclude(pk=entry.pk)


def attach(photo: Photo, sidecar: Entry) -> None:
    """Give a photo one sidecar."""
    with temporary(sidecar.name) as file:
        file.write(bytes(sidecar.small_file.content))
        file.flush()
        attachments.attach(photo, [Path(file.name)], name=sidecar.name)
