"""Importing folders: what lies in them, what became of each file, and what appears later."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from media.mediatypes import looks_like_media
from photos.ingest import intake
from photos.ingest.sidecars import find_sidecars, is_claimed, is_sidecar
from photos.models import ImportFailure, Photo, StageRun, WatchedFolder

# Folders in which cameras, NAS systems and photo programs keep previews of what lies beside them.
PREVIEW_FOLDERS = {"@eadir", "#recycle", "$recycle.bin", "__macosx", "lost+found", "system volume information"}


@dataclass
class Report:
    """What became of the files of a folder."""

    added: int = 0
    already_there: int = 0
    skipped: int = 0
    unmatched: list[str] = field(default_factory=list)  # sidecars that describe no photo here
    failures: dict[str, str] = field(default_factory=dict)  # file -> reason
    new: dict[int, Path] = field(default_factory=dict)  # photo id -> the file it came from

    def count(self, path: Path, outcome: intake.Outcome) -> None:
        if outcome.status is intake.Status.ADDED and outcome.photo:
            self.added += 1
            self.new[outcome.photo.pk] = path
        elif outcome.status is intake.Status.PRESENT:
            self.already_there += 1
        else:
            self.skipped += 1

    def include_refused(self) -> None:
        """Move what was added but could not be shown to the failures; call it when the stages are through."""
        for run in StageRun.objects.filter(status=StageRun.Status.FAILED).iterator():
            if path := self.new.pop(run.photo_id, None):
                self.added -= 1
                self.failures[str(path)] = run.error

    def as_dict(self) -> dict[str, object]:
        return {
            "added": self.added,
            "already_there": self.already_there,
            "skipped": self.skipped,
            "unmatched": self.unmatched,
            "failed": len(self.failures),
            "failures": [{"file": file, "reason": reason} for file, reason in self.failures.items()],
        }


def walk(root: Path, on_error: Callable[[OSError], None]) -> Iterator[tuple[Path, list[str]]]:
    """Every file below root that is not hidden, sorted, with the names beside it. The library itself is left out."""
    own = settings.MIRAGE_DATA.resolve()
    for folder, folders, names in os.walk(root, onerror=on_error):
        folders[:] = sorted(name for name in folders if is_entered(Path(folder) / name, own))
        visible = sorted(name for name in names if not name.startswith("."))
        for name in visible:
            yield Path(folder) / name, visible


def is_entered(folder: Path, own: Path) -> bool:
    hidden = folder.name.startswith(".") or folder.name.lower() in PREVIEW_FOLDERS
    return not hidden and folder.resolve() != own


def count_files(root: Path) -> int:
    """How many files an import of this folder looks at."""
    return 1 if root.is_file() else sum(1 for _ in walk(root, lambda error: None))


def import_folder(
    owner: User, root: Path, *, in_place: bool = False, on_file: Callable[[Path], None] = lambda path: None
) -> Report:
    """Take in all photos and videos below a folder (or one file). Stopping it and doing it again makes no copies."""
    report = Report()

    def note_unreadable_folder(error: OSError) -> None:
        report.failures[str(error.filename)] = intake.explain(error)

    root = Path(os.path.abspath(root))
    files = [(root, sorted(os.listdir(root.parent)))] if root.is_file() else walk(root, note_unreadable_folder)
    for path, names in files:
        on_file(path)
        import_file(owner, path, names, report, in_place=in_place)
    if in_place and root.is_dir():
        mark_missing(owner, root)
        WatchedFolder.objects.update_or_create(owner=owner, path=str(root), defaults={"scanned_at": timezone.now()})
    return report


def import_file(owner: User, path: Path, names: list[str], report: Report, *, in_place: bool) -> None:
    """Take in one file and write into the report what became of it."""
    if is_sidecar(path.name) and not looks_like_media(path.name):
        if not is_claimed(path, names):
            report.skipped += 1
            report.unmatched.append(str(path))
        return
    try:
        outcome = intake.ingest(owner, path, sidecars=find_sidecars(path, names), in_place=in_place)
    except OSError as error:
        report.failures[str(path)] = intake.explain(error)
        intake.record_failure(owner, path, intake.explain(error), in_place=in_place)
        return
    report.count(path, outcome)
    ImportFailure.objects.filter(owner=owner, path=str(path)).delete()


def mark_missing(owner: User, root: Path) -> int:
    """List the in-place photos of this folder whose file is gone; they come back when the file is found again."""
    prefix = f"{root}{os.sep}"
    count = 0
    for photo in Photo.objects.filter(owner=owner, in_place=True, path__startswith=prefix, missing_since=None):
        if not Path(photo.path).exists():
            Photo.objects.filter(pk=photo.pk).update(missing_since=timezone.now())
            reason = (
                "The file is no longer where it was. When it turns up again, its photo will be known by its content."
            )
            intake.record_failure(owner, Path(photo.path), reason, in_place=True)
            count += 1
    return count
