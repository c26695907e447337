"""Comparing what the database says with what lies on the disk. Findings are plain data: the command, the admin and the
dashboard each present them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

from operations.backups import snapshots
from operations.backups.snapshots import Original
from photos import pipeline, vectors
from photos.models import Photo, PhotoFile, StageRun
from photos.storage import paths

BATCH = 500
SIZES = ("small.webp", "medium.webp", "large.webp")
Progress = Callable[[int, int], None]


class Kind(StrEnum):
    """What can be wrong."""

    DAMAGED = "damaged"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    CHANGED = "changed"
    STRAY = "stray"
    DERIVED_MISSING = "derived-missing"
    DERIVED_STRAY = "derived-stray"
    INDEX = "index"


LOSS = frozenset({Kind.DAMAGED, Kind.MISSING, Kind.UNREADABLE})  # originals are at stake


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. `subject` is a path, or the name of an index."""

    kind: Kind
    subject: str
    text: str
    photo_id: int | None = None
    sha256: str = ""


def _quiet(_done: int, _total: int) -> None:
    pass


def check(*, read: bool = True, on_progress: Progress = _quiet) -> Iterator[Finding]:
    """Everything that is wrong, as it is found. `read`: read every original and compare its sum; else only its size."""
    total = Photo.objects.count() + PhotoFile.objects.count()
    done = 0
    for model in (Photo, PhotoFile):
        for file in model.objects.order_by("pk").iterator(chunk_size=BATCH):
            yield from check_original(file, read=read)
            done += 1
            on_progress(done, total)
    yield from check_derived()
    yield from find_stray_originals()
    yield from find_stray_derived()
    yield from check_indexes()


def check_original(file: Any, *, read: bool) -> Iterator[Finding]:
    """The file of a Photo or a PhotoFile."""
    place = paths.original_path(file)
    photo_id = file.pk if isinstance(file, Photo) else file.photo_id

    def finding(kind: Kind, text: str) -> Finding:
        return Finding(kind, str(place), text, photo_id, file.sha256)

    try:
        size = paths.kept_size(place)
        sound = size == file.size and (not read or paths.kept_sha256(place) == file.sha256)
    except FileNotFoundError:
        if is_current(file):
            yield finding(Kind.MISSING, "The file is not where it was.")
        return
    except OSError as error:
        yield finding(Kind.UNREADABLE, f"The file cannot be read: {error.strerror}.")
        return
    if sound or not is_current(file):
        return
    if file.in_place and isinstance(file, Photo) and abs(place.stat().st_mtime - file.file_modified_at.timestamp()) > 2:
        yield finding(Kind.CHANGED, "Another program has changed the file since it was taken in.")
    elif size != file.size:
        yield finding(Kind.DAMAGED, f"The file has {size:,} bytes, it had {file.size:,}.")
    else:
        yield finding(Kind.DAMAGED, "The file's content is not what was taken in: its sum is another.")


def is_current(file: Any) -> bool:
    """Whether the row still says what it said when it was read: meanwhile it may have been deleted or written to."""
    return type(file).objects.filter(pk=file.pk, path=file.path, sha256=file.sha256).exists()


def check_derived() -> Iterator[Finding]:
    """Photos whose thumbnails are not there."""
    shown = Photo.objects.filter(displayable=True).order_by("pk").values_list("pk", "sha256")
    for photo_id, sha256 in shown.iterator(chunk_size=BATCH):
        folder = paths.derived_folder(sha256)
        there = set(paths.kept_files(folder))
        if absent := [name for name in SIZES if folder / name not in there]:
            text = f"{', '.join(absent)} missing; made again by --repair, or when the photo is looked at."
            yield Finding(Kind.DERIVED_MISSING, str(folder), text, photo_id, sha256)


def find_stray_originals() -> Iterator[Finding]:
    """Files among the originals that no row knows."""
    root = paths.originals_folder()
    for batch in batched(paths.kept_files(root), BATCH):
        relative = [str(file.relative_to(root)) for file in batch]
        known: set[str] = set()
        for model in (Photo, PhotoFile):
            rows = model.objects.filter(path__in=relative, in_place=False)
            known.update(rows.values_list("path", flat=True))
        for file, path in zip(batch, relative, strict=True):
            if path not in known and is_kept(file):
                yield Finding(Kind.STRAY, str(file), "No photo knows this file. Take it in with import_folder.")


def find_stray_derived() -> Iterator[Finding]:
    """Folders of thumbnails whose photo is gone."""
    for batch in batched(derived_folders(), BATCH):
        names = [folder.name for folder in batch]
        known = set(Photo.objects.filter(sha256__in=names).values_list("sha256", flat=True))
        for folder in batch:
            if folder.name not in known:
                yield Finding(
                    Kind.DERIVED_STRAY, str(folder), "Thumbnails of a photo that is gone; --repair removes them."
                )


def check_indexes() -> Iterator[Finding]:
    for name in vectors.KINDS:
        for found in vectors.check(name):
            if not found.sound:
                yield Finding(Kind.INDEX, name, found.text)


def is_kept(file: Path) -> bool:
    """Whether the library still has it."""
    try:
        paths.kept_size(file)
    except FileNotFoundError:
        return False
    return True


def derived_folders() -> Iterator[Path]:
    """The folders of what was made, each of one content."""
    root, last = paths.derived_root(), None
    for file in paths.kept_files(root):
        folder = root / Path(*file.relative_to(root).parts[:2])
        if folder != last:
            last = folder
            yield folder


def batched(items: Iterator[Path], size: int) -> Iterator[list[Path]]:
    while batch := list(islice(items, size)):
        yield batch


# --- putting right ----------------------------------------------------------------------------------------------------


def repair(findings: Iterable[Finding], backup: Path | None = None) -> dict[Finding, str]:
    """Put right what can be: thumbnails, indexes, and originals of which a backup has a sound copy. What was done.

    Originals that no row knows, and files of other programs, are left alone.
    """
    known = snapshots.snapshots(backup) if backup else []
    done: dict[Finding, str] = {}
    for finding in findings:
        if finding.kind == Kind.DERIVED_MISSING and finding.photo_id:
            pipeline.demand("thumbnails", [finding.photo_id])
            done[finding] = "Thumbnails are made again."
        elif (
            finding.kind == Kind.DERIVED_STRAY and not Photo.objects.filter(sha256=Path(finding.subject).name).exists()
        ):
            paths.remove_derived(Path(finding.subject).name)
            done[finding] = "Removed."
        elif finding.kind == Kind.INDEX:
            vectors.rebuild(finding.subject)
            done[finding] = "Built anew."
        elif finding.kind in LOSS and backup and known and bring_back(finding, backup):
            done[finding] = "Brought back from the backup."
    return done


def bring_back(finding: Finding, backup: Path) -> bool:
    """Put the backup's sound copy in the place of a damaged or missing original. Whether it has one."""
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
