"""Comparing the database with the files. Findings are plain data that the command, the administration and the dashboard
present."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import override

from media.sentences import english, english_plural
from operations.backups import snapshots
from operations.backups.snapshots import Original
from photos import pipeline, vectors
from photos.models import Photo, PhotoFile, StageRun
from photos.storage import paths

BATCH = 500
SIZES = ("small.webp", "medium.webp", "large.webp")
Progress = Callable[[int, int], None]


class Kind(StrEnum):
    """The kinds of findings."""

    DAMAGED = "damaged"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    CHANGED = "changed"
    STRAY = "stray"
    DERIVED_MISSING = "derived-missing"
    DERIVED_STRAY = "derived-stray"
    INDEX = "index"


LOSS = frozenset({Kind.DAMAGED, Kind.MISSING, Kind.UNREADABLE})  # originals are at stake


COUNTED: dict[str, Callable[[int, str], str]] = {  # how many there are of a kind
    Kind.DAMAGED: lambda count, shown: english_plural("%(shown)s damaged", "%(shown)s damaged", count, shown=shown),
    Kind.MISSING: lambda count, shown: english_plural("%(shown)s missing", "%(shown)s missing", count, shown=shown),
    Kind.UNREADABLE: lambda count, shown: english_plural(
        "%(shown)s unreadable", "%(shown)s unreadable", count, shown=shown
    ),
    Kind.CHANGED: lambda count, shown: english_plural("%(shown)s changed", "%(shown)s changed", count, shown=shown),
    Kind.STRAY: lambda count, shown: english_plural("%(shown)s stray", "%(shown)s stray", count, shown=shown),
    Kind.DERIVED_MISSING: lambda count, shown: english_plural(
        "%(shown)s derived-missing", "%(shown)s derived-missing", count, shown=shown
    ),
    Kind.DERIVED_STRAY: lambda count, shown: english_plural(
        "%(shown)s derived-stray", "%(shown)s derived-stray", count, shown=shown
    ),
    Kind.INDEX: lambda count, shown: english_plural("%(shown)s index", "%(shown)s index", count, shown=shown),
}


def counted(kind: str, count: int) -> str:
    """How many findings there are of a kind: 3 damaged."""
    return COUNTED[kind](count, f"{count:,}")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong. `subject` is a path or the name of an index."""

    kind: Kind
    subject: str
    text: str
    photo_id: int | None = None
    sha256: str = ""


def check(*, read: bool = True, on_progress: Progress = lambda done, total: None) -> Iterator[Finding]:
    """Find everything that is wrong. With `read`, compare the checksum of every original, otherwise only its size."""
    total = Photo.objects.of_files().count() + PhotoFile.objects.count()
    done = 0
    for files in (Photo.objects.of_files(), PhotoFile.objects.all()):
        for file in files.order_by("pk").iterator(chunk_size=BATCH):
            yield from check_original(file, read=read)
            done += 1
            on_progress(done, total)
    yield from check_derived()
    yield from find_stray_originals()
    yield from find_stray_derived()
    yield from check_indexes()


def check_original(file: Any, *, read: bool) -> Iterator[Finding]:
    """Check the file of a Photo or PhotoFile."""
    place = paths.original_path(file)
    photo_id = file.pk if isinstance(file, Photo) else file.photo_id

    def finding(kind: Kind, text: str) -> Finding:
        return Finding(kind, str(place), text, photo_id, file.sha256)

    try:
        size = paths.kept_size(place)
        sound = size == file.size and (not read or paths.kept_sha256(place) == file.sha256)
    except FileNotFoundError:
        if is_current(file):
            yield finding(Kind.MISSING, english("The file is missing."))
        return
    except OSError as error:
        yield finding(Kind.UNREADABLE, english("The file cannot be read: %(reason)s.", reason=error.strerror))
        return
    if sound or not is_current(file):
        return
    if file.in_place and isinstance(file, Photo) and abs(place.stat().st_mtime - file.file_modified_at.timestamp()) > 2:
        yield finding(Kind.CHANGED, english("Another program has changed the file since its import."))
    elif size != file.size:
        yield finding(
            Kind.DAMAGED,
            english(
                "The file has %(size)s bytes instead of %(right_size)s.", size=f"{size:,}", right_size=f"{file.size:,}"
            ),
        )
    else:
        yield finding(Kind.DAMAGED, english("The content of the file has changed: its checksum is different."))


def is_current(file: Any) -> bool:
    """Whether the row has not been deleted or changed since it was read."""
    return type(file).objects.filter(pk=file.pk, path=file.path, sha256=file.sha256).exists()


def check_derived() -> Iterator[Finding]:
    """Find missing thumbnails."""
    shown = Photo.objects.of_files().filter(displayable=True).order_by("pk").values_list("pk", "sha256")
    for photo_id, sha256 in shown.iterator(chunk_size=BATCH):
        folder = paths.derived_folder(sha256)
        there = set(paths.kept_files(folder))
        if absent := [name for name in SIZES if folder / name not in there]:
            text = english(
                "%(names)s missing; --repair makes them again, and so does opening the photo.", names=", ".join(absent)
            )
            yield Finding(Kind.DERIVED_MISSING, str(folder), text, photo_id, sha256)


def find_stray_originals() -> Iterator[Finding]:
    """Find files among the originals that are not in the database."""
    root = paths.originals_folder()
    for batch in batched(paths.kept_files(root), BATCH):
        relative = [str(file.relative_to(root)) for file in batch]
        known: set[str] = set()
        for model in (Photo, PhotoFile):
            rows = model.objects.filter(path__in=relative, in_place=False)
            known.update(rows.values_list("path", flat=True))
        for file, path in zip(batch, relative, strict=True):
            if path not in known and is_kept(file):
                yield Finding(
                    Kind.STRAY, str(file), english("This file belongs to no photo. Import it with import_folder.")
                )


def find_stray_derived() -> Iterator[Finding]:
    """Find folders of derived files without a photo."""
    for batch in batched(derived_folders(), BATCH):
        names = [folder.name for folder in batch]
        known = set(Photo.objects.filter(sha256__in=names).values_list("sha256", flat=True))
        for folder in batch:
            if folder.name not in known:
                text = english("Thumbnails of a photo that no longer exists; --repair removes them.")
                yield Finding(Kind.DERIVED_STRAY, str(folder), text)


def check_indexes() -> Iterator[Finding]:
    for name in vectors.KINDS:
        with override("en"):  # it is kept, and translated for whoever reads it
            found = [one for one in vectors.check(name) if not one.sound]
        for one in found:
            yield Finding(Kind.INDEX, name, one.text)


def is_kept(file: Path) -> bool:
    """Whether the library still has it."""
    try:
        paths.kept_size(file)
    except FileNotFoundError:
        return False
    return True


def derived_folders() -> Iterator[Path]:
    """The folders of derived files, one for each file content."""
    root, last = paths.derived_root(), None
    for file in paths.kept_files(root):
        folder = root / Path(*file.relative_to(root).parts[:2])
        if folder != last:
            last = folder
            yield folder


def batched(items: Iterator[Path], size: int) -> Iterator[list[Path]]:
    while batch := list(islice(items, size)):
        yield batch


# --- repairing --------------------------------------------------------------------------------------------------------


def repair(findings: Iterable[Finding], backup: Path | None = None) -> dict[Finding, str]:
    """Repair thumbnails, indexes, and originals if the backup has a sound copy. Returns what was done.

    Stray originals and files of other programs are left alone.
    """
    known = snapshots.snapshots(backup) if backup else []
    done: dict[Finding, str] = {}
    for finding in findings:
        if finding.kind == Kind.DERIVED_MISSING and finding.photo_id:
            pipeline.demand("thumbnails", [finding.photo_id])
            done[finding] = english("Thumbnails will be made again.")
        elif (
            finding.kind == Kind.DERIVED_STRAY and not Photo.objects.filter(sha256=Path(finding.subject).name).exists()
        ):
            paths.remove_derived(Path(finding.subject).name)
            done[finding] = english("Removed.")
        elif finding.kind == Kind.INDEX:
            vectors.rebuild(finding.subject)
            done[finding] = english("Rebuilt.")
        elif finding.kind in LOSS and backup and known and bring_back(finding, backup):
            done[finding] = english("Restored from the backup.")
    return done


def bring_back(finding: Finding, backup: Path) -> bool:
    """Replace a damaged or missing original by the backup's copy. Returns False if there is no sound one."""
    place = Path(finding.subject)
    if not place.is_relative_to(paths.originals_folder()):
        return False
    relative = str(place.relative_to(paths.originals_folder()))
    kept = snapshots.originals_folder(backup) / Original(relative, finding.sha256, 0).kept_as
    try:
        with paths.incoming_copy(kept, finding.sha256) as temporary:
            paths.replace(temporary, place)
    except (FileNotFoundError, paths.Changed):
        return False
    if finding.photo_id:
        pipeline.retry(StageRun.objects.filter(photo_id=finding.photo_id, status=StageRun.Status.FAILED))
    return True
