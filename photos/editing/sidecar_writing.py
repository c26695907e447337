"""Writing XMP sidecars beside the originals (`IMG.jpg.xmp`), with the current metadata of each photo.

If another program wrote a sidecar, Mirage's includes its content, and the old one is kept under another name and still
read. Files in place get sidecars only if MIRAGE_WRITE_SIDECARS is `everywhere`.
"""

import dataclasses
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db import transaction

from media import names
from media.metadata.fields import Precision
from media.metadata.orientations import back, together
from media.metadata.xmp_writing import Words
from media.sandbox import SandboxedError, UnreadableFile, shared
from media.sentences import english
from photos.ingest import intake, sidecars
from photos.ingest.patterns import is_read_only
from photos.models import Photo, PhotoFile, RawMetadata
from photos.storage import paths
from photos.storage.staying import staying

ALWAYS = ("title", "description", "rating", "keywords", "taken", "position")
TEXTS = ("title", "description", "label", "author", "copyright")
WHEN_EDITED = (
    "label",
    "author",
    "copyright",
    "turn",
    "picture_edit",
)  # other programs write these in more detail than Mirage stores


def run(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `sidecars`: write the sidecars if the setting says so."""
    refused = {}
    for photo in Photo.objects.filter(pk__in=photo_ids).select_related("owner"):
        if settings.MIRAGE_WRITE_SIDECARS == "no" or not is_allowed(photo):
            continue
        try:
            write(photo)
        except OSError as error:
            refused[photo.pk] = why_not(intake.explain(error))
        except (UnreadableFile, SandboxedError) as error:
            refused[photo.pk] = why_not(str(error))
    return refused


def why_not(reason: str) -> str:
    """Why there is no sidecar."""
    return english("The sidecar could not be written. %(reason)s", reason=reason)


def is_allowed(photo: Photo) -> bool:
    """Whether Mirage may write a sidecar beside this original. A copy has none: that of the file is its photo's."""
    if photo.is_copy:
        return False
    if not photo.in_place:
        return True
    everywhere = settings.MIRAGE_WRITE_SIDECARS == "everywhere"
    return everywhere and not is_read_only(Path(names.actual(photo.path)))


class MovedAway(Exception):
    """The original was moved while its sidecar was made."""


def write(photo: Photo) -> bool:
    """Write the photo's sidecar. Whether it changed. Raises OSError if the folder cannot be written to."""
    for _try in range(5):
        try:
            return write_beside(photo)
        except MovedAway:
            continue
    return write_beside(photo)


def write_beside(photo: Photo) -> bool:
    """Write the sidecar beside where the original is now. Raises MovedAway, OSError."""
    original = paths.original_path(photo)
    target = paths.fetched(original.with_name(f"{original.name}.xmp"))
    words, foreign = words_of(photo), foreign_sidecar(photo)
    if foreign is None and target.exists() and sidecars.is_written_for(target, photo.key):
        words = dataclasses.replace(words, fields=words.fields | {"turn", "picture_edit"})  # ours may say more
    packet = shared().call("media.metadata.xmp_writing:render_file", words, foreign or target)
    with staying(photo):
        if paths.original_path(photo) != original:
            raise MovedAway
        return put_beside(photo, target, packet)


def put_beside(photo: Photo, target: Path, packet: bytes) -> bool:
    """Store the sidecar. Whether it changed."""
    if target.exists():
        if sidecars.is_written_for(target, photo.key):
            if target.read_bytes() == packet:
                return False
        else:
            keep_foreign(photo, target)
    replace(target, packet)
    paths.published(target)
    path = str(target) if photo.in_place else str(target.relative_to(paths.originals_folder()))
    facts = {"sha256": paths.sha256_of(target), "size": len(packet), "in_place": photo.in_place}
    row = {"kind": PhotoFile.Kind.SIDECAR, "role": PhotoFile.Role.WRITTEN, "current": True, **facts}
    photo.files.update_or_create(path=path, defaults=row)
    return True


def keep_foreign(photo: Photo, target: Path) -> None:
    """Keep another program's sidecar in the library before Mirage's replaces it."""
    sha256 = paths.sha256_of(target)
    folder = Path(paths.clean_name(photo.owner.username)) / "sidecars" if photo.in_place else Path(photo.path).parent
    name = f"{target.name.removesuffix('.xmp')}.original.xmp"
    with paths.incoming_copy(target, sha256) as temporary:
        kept = paths.place_beside(temporary, folder, name)
    here = str(target) if photo.in_place else str(target.relative_to(paths.originals_folder()))
    facts = {"sha256": sha256, "size": target.stat().st_size, "in_place": False, "role": PhotoFile.Role.EXACT}
    modified_at = datetime.fromtimestamp(target.stat().st_mtime, UTC)
    with transaction.atomic():
        photo.files.filter(kind=PhotoFile.Kind.SIDECAR, role=PhotoFile.Role.EXACT).update(current=False)
        photo.files.filter(path=here).delete()
        photo.files.create(path=kept, kind=PhotoFile.Kind.SIDECAR, origin=here, modified_at=modified_at, **facts)


def foreign_sidecar(photo: Photo) -> Path | None:
    """The current sidecar by another program, if it was kept. Mirage's sidecar includes its content."""
    exact = photo.files.filter(kind=PhotoFile.Kind.SIDECAR, role=PhotoFile.Role.EXACT, current=True, in_place=False)
    kept = exact.first()
    return paths.original_file(kept) if kept else None


def replace(target: Path, content: bytes) -> None:
    """Replace the file atomically."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
        paths.sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def words_of(photo: Photo) -> Words:
    """The photo's current metadata for writing. A time that comes only from the file's date is left out."""
    edited = set(photo.edits.values_list("field", flat=True))
    raw = RawMetadata.objects.filter(photo=photo).first() or RawMetadata()
    told = photo.taken_source != "file" and not photo.taken_doubtful
    faces = named_faces(photo)
    fields = {*ALWAYS, *(name for name in WHEN_EDITED if name in edited), *(["regions"] if faces else [])}
    names = ("rating", "latitude", "longitude", "altitude", "place", "region", "country", "country_code")
    beyond = together(back(raw.fields.get("turn") or 1), photo.turn)  # what the owner turned on top of the files
    texts: dict[str, Any] = {name: whole_text(photo, name, raw, edited) for name in TEXTS}
    return Words(
        key=photo.key,
        fields=frozenset(fields if told else fields - {"taken"}),
        **{name: getattr(photo, name) for name in (*names, "width", "height")},
        **texts,
        keywords=keywords_of(photo),
        taken_local=photo.taken_local.replace(tzinfo=None) if told else None,
        taken_offset=certain_offset(photo, raw),
        taken_precision=cast("Precision", photo.taken_precision),
        regions=faces,
        orientation=together(raw.fields.get("upright_by") or photo.orientation or 1, beyond),
        picture_edit="" if photo.picture_edit is None else json.dumps(photo.picture_edit, sort_keys=True),
        turn=together(raw.fields.get("orientation") or 1, photo.turn) if "turn" in edited else None,
    )


def whole_text(photo: Photo, name: str, raw: RawMetadata, edited: set[str]) -> str:
    """The current text. The file's own text may be longer than its column."""
    return getattr(photo, name) if name in edited else raw.fields.get(name) or getattr(photo, name)


def certain_offset(photo: Photo, raw: RawMetadata) -> int | None:
    """The offset, unless it was only assumed to be that of home."""
    guessed = raw.sources.get("taken_offset") == "home" and photo.taken_source != "user"
    return None if guessed else photo.taken_offset


def keywords_of(photo: Any) -> list[str]:
    """The paths of the file's and the owner's tags, through the photo's reverse relation."""
    rows = photo.photo_tags.filter(rejected=False, source__in=("owner", "file"))
    return sorted(rows.values_list("tag__path", flat=True))


def named_faces(photo: Any) -> list[dict[str, Any]]:
    """The confirmed faces of persons with names."""
    faces = photo.faces.filter(not_a_face=False, assignment="confirmed").exclude(person=None).select_related("person")
    return [
        {"name": face.person.name, "x": face.x, "y": face.y, "w": face.width, "h": face.height}
        for face in faces.order_by("pk")
        if face.person.name
    ]
