"""Importing folders, with a report about every file."""

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from accounts.models import User
from media import names
from media.files import open_regular
from media.mediatypes import looks_like_media
from photos.ingest import intake, missing
from photos.ingest.comebacks import Comebacks
from photos.ingest.patterns import Rules, rules_at
from photos.ingest.sidecars import find_sidecars, is_claimed, is_sidecar
from photos.ingest.walking import Walk
from photos.models import ImportFailure, StageRun, WatchedFolder

log = logging.getLogger(__name__)


@dataclass
class Report:
    """The result of importing a folder."""

    added: int = 0
    already_there: int = 0
    in_trash: int = 0  # of those already there
    back_from_trash: int = 0
    skipped: int = 0
    unmatched: list[str] = field(default_factory=list)  # sidecars that describe no photo here
    failures: dict[str, str] = field(default_factory=dict)  # file -> reason
    left_out: dict[str, str] = field(default_factory=dict)  # helper files and folders -> why
    loops: dict[str, str] = field(default_factory=dict)  # links -> the folder that was already imported
    absent: dict[str, int] = field(default_factory=dict)  # folders whose disk is missing -> how many photos they hold
    found: set[int] = field(default_factory=set)  # ids of all photos whose files were met
    new: dict[int, Path] = field(default_factory=dict)  # photo id -> its file
    later: list[Path] = field(default_factory=list)  # files to look at again when all others are known

    def count(self, path: Path, outcome: intake.Outcome) -> None:
        if outcome.photo:
            self.found.add(outcome.photo.pk)
        if outcome.status is intake.Status.LATER:
            self.later.append(path)
        elif outcome.status is intake.Status.ADDED and outcome.photo:
            self.added += 1
            self.new[outcome.photo.pk] = path
        elif outcome.status is intake.Status.RESTORED:
            self.back_from_trash += 1
        elif outcome.status is intake.Status.PRESENT and outcome.photo:
            self.already_there += 1
            self.in_trash += outcome.photo.trashed_at is not None
        else:
            self.skipped += 1

    def include_refused(self) -> None:
        """Move added photos with a failed stage to the failures. Call it when the stages are done."""
        for run in StageRun.objects.filter(status=StageRun.Status.FAILED).iterator():
            if path := self.new.pop(run.photo_id, None):
                self.added -= 1
                self.failures[str(path)] = run.error

    def include_walk(self, walk: Walk) -> None:
        """Add what the walk left out."""
        self.left_out |= {str(path): why for path, why in walk.left_out.items()}
        self.loops |= {str(link): str(target) for link, target in walk.loops.items()}
        self.failures |= {str(folder): intake.explain(error) for folder, error in walk.failures.items()}

    @property
    def is_worth_telling(self) -> bool:
        """Whether anything happened that the user should know."""
        return bool(self.added or self.back_from_trash or self.failures or self.absent)

    def as_dict(self) -> dict[str, object]:
        counts = ("added", "already_there", "in_trash", "back_from_trash", "skipped")
        return {
            **{name: getattr(self, name) for name in counts},
            "unmatched": self.unmatched,
            "failed": len(self.failures),
            "left_out": len(self.left_out),
            "failures": listed(self.failures, "file", "reason"),
            "left_out_files": listed(self.left_out, "file", "reason"),
            "loops": listed(self.loops, "link", "target"),
            "absent": [{"folder": names.shown(folder), "photos": count} for folder, count in self.absent.items()],
        }


def listed(told: dict[str, str], key: str, value: str) -> list[dict[str, str]]:
    """A dictionary as rows for JSON, without characters that cannot be shown."""
    return [{key: names.shown(name), value: names.shown(text)} for name, text in told.items()]


def always(path: Path) -> bool:
    return True


def never(path: Path) -> bool:
    return False


def count_files(root: Path, within: Sequence[Path] | None = None, rules: Rules | None = None) -> int:
    """How many files an import of this folder reads."""
    return sum(1 for _ in walk_of(root, within, rules).files()) if root.is_dir() else 1


def walk_of(root: Path, within: Sequence[Path] | None = None, rules: Rules | None = None) -> Walk:
    return Walk(root, settings.MIRAGE_DATA.resolve(), within, rules)


def import_folder(
    owner: User,
    root: Path,
    *,
    in_place: bool = False,
    comes_again: Callable[[Path], bool] = always,
    on_file: Callable[[Path], None] = lambda path: None,
    within: Sequence[Path] | None = None,
    below: Path | None = None,
    rules: Rules | None = None,
) -> Report:
    """Import all photos and videos below a folder, or one file. It can be stopped and run again.

    Photos remember their folder from `below` on, or else from `root` on.

    A photo in the trash is brought back if `comes_again` is true for its file. With `within`, links that lead out of
    these folders are left out. So is what the rules say, or else those of the folder in use that it is or is in.
    """
    report, root = Report(), Path(os.path.abspath(root))
    walk = walk_of(root, within, rules or rules_at(owner.pk, root))
    files = walk.files() if root.is_dir() or not os.path.lexists(root) else [(root, siblings(root))]
    top = below or (root if root.is_dir() else root.parent)
    with Comebacks(owner) as comebacks:

        def take(path: Path, beside: list[str], patient: bool) -> None:
            back = comebacks if comes_again(path) else None
            place: dict[str, Any] = {"in_place": in_place, "folder": folder_of(path, top)}
            import_file(owner, path, beside, report, comebacks=back, patient=patient, **place)

        for path, beside in files:
            on_file(path)
            take(path, beside, patient=True)
        for path in report.later:
            take(path, siblings(path), patient=False)
    report.include_walk(walk)
    record_unread(owner, walk, in_place)
    if in_place:
        report.absent = {str(folder): count for folder, count in missing.mark(owner, root).items()}
    missing.forget_read_folders(owner, root, [*walk.failures, *map(Path, report.absent)])
    return report


def record_unread(owner: User, walk: Walk, in_place: bool) -> None:
    """List the folders that could not be read under Needs attention."""
    for folder, error in walk.failures.items():
        intake.record_failure(owner, folder, intake.explain(error), in_place=in_place)


def siblings(path: Path) -> list[str]:
    """The names in the file's folder."""
    try:
        return sorted(os.listdir(path.parent))
    except OSError:
        return [path.name]


def folder_of(path: Path, root: Path) -> str:
    """The folder of a file as people name it, from the imported folder on: Pictures/2019/Lisbon."""
    try:
        inside = path.parent.relative_to(root)
    except ValueError:  # a link led out of it
        return path.parent.name
    return "/".join(part for part in (root.name, *inside.parts) if part)


def root_of(owner: User, path: Path) -> Path | None:
    """The folder that the owner has Mirage read and that a file or folder is in; the topmost of several."""
    above = [names.stored(one) for one in (path, *path.parents)]
    known = WatchedFolder.objects.filter(owner=owner, path__in=above).values_list("path", flat=True)
    return Path(names.actual(min(known, key=len))) if known else None


def remember_in_place(owner: User, root: Path) -> None:
    """List the folder among those in use, unless it is inside one that is listed."""
    root = Path(os.path.abspath(root))
    if root.is_dir() and not is_inside_another(owner, root):
        WatchedFolder.objects.get_or_create(owner=owner, path=names.stored(root))


def is_inside_another(owner: User, root: Path) -> bool:
    """Whether the folder is part of one that the owner has in use."""
    above = [names.stored(path) for path in root.parents]
    return WatchedFolder.objects.filter(owner=owner, path__in=above).exists()


def record_reading(folder: WatchedFolder, report: Report) -> None:
    """Store what the reading of a folder in use found."""
    counts = {"photos": len(report.found), "added": report.added, "failed": len(report.failures)}
    WatchedFolder.objects.filter(pk=folder.pk).update(scanned_at=timezone.now(), **counts)


def import_file(
    owner: User,
    path: Path,
    beside: list[str],
    report: Report,
    *,
    in_place: bool,
    comebacks: Comebacks | None,
    folder: str = "",
    patient: bool = False,
) -> None:
    """Import one file and add the result to the report. An error is recorded and does not stop the import."""
    if is_sidecar(path.name) and not looks_like_media(path.name):
        if not is_claimed(path, beside):
            report.skipped += 1
            report.unmatched.append(str(path))
        return
    try:
        sidecars = readable(owner, find_sidecars(path, beside), report, in_place=in_place)
        outcome = intake.ingest(
            owner, path, sidecars=sidecars, in_place=in_place, comebacks=comebacks, folder=folder, patient=patient
        )
    except OSError as error:
        fail(owner, path, intake.explain(error), report, in_place=in_place)
    except (OperationalError, InterfaceError):
        raise  # the database cannot be reached: the file is not the cause
    except Exception as error:  # one file must not stop an import of thousands
        log.exception("%s was not imported", names.shown(path))
        fail(owner, path, f"{type(error).__name__}: {names.shown(str(error))}", report, in_place=in_place)
    else:
        report.count(path, outcome)
        ImportFailure.objects.filter(owner=owner, path=names.stored(path)).delete()


def readable(owner: User, sidecars: list[Path], report: Report, *, in_place: bool) -> list[Path]:
    """The sidecars that can be read. The others are recorded as failures."""
    found = []
    for sidecar in sidecars:
        try:
            open_regular(sidecar).close()
            found.append(sidecar)
        except OSError as error:
            fail(owner, sidecar, intake.explain(error), report, in_place=in_place)
    return found


def fail(owner: User, path: Path, reason: str, report: Report, *, in_place: bool) -> None:
    """Record in the report and under Needs attention that a file was not imported."""
    report.failures[str(path)] = reason
    intake.record_failure(owner, path, reason, in_place=in_place)
