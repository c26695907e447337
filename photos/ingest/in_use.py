"""The folders in use: adding them, reading them again, and no longer using them. The photos always stay.

Rows say what is to be read. `manage.py watch_folders`, which the beat starts, claims one at a time by a conditional
UPDATE, so several machines may look for work in the same table.
"""

import logging
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from media import names
from media.sentences import english
from mirage import env
from mirage.refusals import NotPossible
from mirage.registry import Registry
from mirage.runtime.clock import next_time
from photos.ingest import browsing, folders, intake, patterns
from photos.models import ImportFailure, Photo, WatchedFolder
from photos.storage import paths

log = logging.getLogger(__name__)

Kind = WatchedFolder.Kind
AGAIN_AFTER = timedelta(days=1)  # how often a watched folder is read as a whole, because some disks report no changes
NOTED_EVERY = 1.0  # seconds between two updates of the progress
SILENT = timedelta(minutes=15)  # a reading that is silent for so long counts as killed; a large file takes minutes


class NoLongerUsed(Exception):
    """Somebody stopped the use of the folder while it was read."""


class Stopped(Exception):
    """This process was told to end."""


@dataclass(frozen=True)
class Reading:
    """A folder being read, and how its reader reports progress."""

    folder: WatchedFolder
    root: Path
    note: Callable[[int, int], None]  # files read, and how many there are


# What reads a kind of folder and returns what it found
READERS: Registry[Callable[[Reading], folders.Report]] = Registry("reader of folders")


def all_in_use() -> QuerySet[WatchedFolder]:
    """All folders, by owner and path."""
    return WatchedFolder.objects.select_related("owner").order_by("owner__username", "path")


def with_failures(rows: QuerySet[WatchedFolder]) -> list[tuple[WatchedFolder, int]]:
    """The folders, each with how many of its files are listed as failed."""
    inside = Q(path=OuterRef("path")) | Q(path__startswith=Concat(OuterRef("path"), Value("/")))
    failures = ImportFailure.objects.filter(inside, owner=OuterRef("owner")).order_by().values("owner")
    counted = rows.annotate(unreadable=Subquery(failures.annotate(count=Count("pk")).values("count")))
    return [(folder, folder.unreadable or 0) for folder in counted]


def use(owner: User, path: Path, kind: Kind, *, watched: bool, confined: bool) -> WatchedFolder:
    """Use a folder from now on, and ask for it to be read. Raises NotPossible with the reason."""
    if not owner.is_active or not owner.may_upload:
        raise NotPossible(_("%(name)s has no library of their own.") % {"name": owner.username})
    if path.resolve().is_relative_to(browsing.own()):
        raise NotPossible(_("This folder belongs to Mirage itself."))
    if not path.is_dir():
        raise NotPossible(_("There is no folder %(path)s.") % {"path": names.shown(path)})
    stored = names.stored(path)
    if len(stored) > intake.LONGEST_PATH:
        raise NotPossible(_("The path of this folder is too long."))
    if folders.is_inside_another(owner, path):
        raise NotPossible(_("This folder is part of one that %(name)s uses already.") % {"name": owner.username})
    if find(owner, path):
        raise NotPossible(_("%(name)s uses this folder already.") % {"name": owner.username})
    if kind != Kind.EXPORT and holds_another(owner, path):  # whose patterns this one would overrule
        raise NotPossible(_("%(name)s uses a folder in this one already.") % {"name": owner.username})
    watched = watched and kind != Kind.EXPORT
    return WatchedFolder.objects.create(
        owner=owner, path=stored, kind=kind, watched=watched, confined=confined, asked_at=timezone.now()
    )


def holds_another(owner: User, path: Path) -> bool:
    """Whether the owner has a folder of photos in use that is in this one."""
    below = WatchedFolder.objects.filter(owner=owner, path__startswith=names.stored(path).rstrip("/") + "/")
    inside = below.exclude(kind=Kind.EXPORT).values_list("path", flat=True)
    return any(Path(names.actual(one)).is_relative_to(path) for one in inside)


def find(owner: User, path: Path) -> WatchedFolder | None:
    """The owner's folder in use at this path."""
    return WatchedFolder.objects.filter(owner=owner, path=names.stored(path)).first()


def read_again(folder: WatchedFolder) -> None:
    """Ask for the folder to be read as a whole."""
    WatchedFolder.objects.filter(pk=folder.pk).update(asked_at=timezone.now(), problem="")


def set_watched(folder: WatchedFolder, watched: bool) -> None:
    """Begin or end watching. Raises NotPossible for an export."""
    if watched and folder.kind == Kind.EXPORT:
        raise NotPossible(_("An export does not change, so there is nothing to watch."))
    WatchedFolder.objects.filter(pk=folder.pk).update(watched=watched)
    if watched:
        read_again(folder)


def choose(folder: WatchedFolder, *, leave_out: str, only: str, read_only: bool, read_at: str) -> None:
    """Set what is read of a folder and when. It is read again if what is read has changed. Raises NotPossible."""
    before = folder.leave_out, folder.only
    folder.leave_out, folder.only, folder.read_only = patterns.clean(leave_out), patterns.clean(only), read_only
    if read_at and (len(read_at.split()) != 5 or not env.is_schedule(read_at)):
        raise NotPossible(_("“%(time)s” is no time that can be read.") % {"time": read_at[:60]})
    if folder.read_at != read_at:
        folder.read_at, folder.next_at = read_at, next_time(read_at) if read_at else None
    folder.save(update_fields=["leave_out", "only", "read_only", "read_at", "next_at"])
    if before != (folder.leave_out, folder.only):
        read_again(folder)


def stop_using(folder: WatchedFolder) -> None:
    """Forget the folder. Its photos stay in the library, and files in place stay where they are.

    Raises NotPossible if sidecars would now be written where somebody said that nothing is written.
    """
    below = Photo.objects.filter(owner=folder.owner_id, in_place=True, path__startswith=folder.path.rstrip("/") + "/")
    if folder.read_only and settings.MIRAGE_WRITE_SIDECARS == "everywhere" and below.exists():
        raise NotPossible(_("Sidecars would be written into this folder as soon as it is no longer in use."))
    folder.delete()


def shown(folder: WatchedFolder) -> str:
    """The folder's path, as people may read it."""
    if Path(folder.path).parent == paths.exports_folder():
        return _("the export that was uploaded")
    return names.shown(folder.path)


def failures_in(folder: WatchedFolder) -> QuerySet[ImportFailure]:
    """The files of the folder that could not be read."""
    below = Q(path=folder.path) | Q(path__startswith=folder.path.rstrip("/") + "/")
    return ImportFailure.objects.filter(below, owner=folder.owner_id)


# --- reading ----------------------------------------------------------------------------------------------------------


def ask_for_watched() -> None:
    """Have this machine read its watched folders: files may have come while nobody watched. Releases its old claims."""
    here = WatchedFolder.objects.filter(host=socket.gethostname(), started_at__isnull=False)
    here.update(started_at=None, asked_at=timezone.now())
    WatchedFolder.objects.filter(watched=True, started_at=None).update(asked_at=timezone.now())


def ask_for_overdue() -> None:
    """Ask for folders whose time has come, for watched ones that were not read for a day if they have no time, and for
    those whose reader was killed, on any machine."""
    silent = WatchedFolder.objects.filter(started_at__isnull=False, noted_at__lt=timezone.now() - SILENT)
    silent.update(started_at=None, asked_at=timezone.now())
    idle = WatchedFolder.objects.filter(asked_at=None, started_at=None)
    for folder in idle.filter(next_at__lte=timezone.now()):
        WatchedFolder.objects.filter(pk=folder.pk).update(asked_at=timezone.now(), next_at=next_time(folder.read_at))
    limit = timezone.now() - AGAIN_AFTER
    idle.filter(watched=True, read_at="", scanned_at__lt=limit).update(asked_at=timezone.now())


def take() -> WatchedFolder | None:
    """Claim a folder that waits to be read; None if there is none that this machine can claim."""
    for folder in WatchedFolder.objects.filter(asked_at__isnull=False, started_at=None).order_by("asked_at"):
        now, host = timezone.now(), socket.gethostname()
        claimed = WatchedFolder.objects.filter(pk=folder.pk, asked_at=folder.asked_at, started_at=None).update(
            started_at=now, noted_at=now, asked_at=None, host=host, files=0, files_read=0, problem=""
        )
        if claimed:
            folder.refresh_from_db()
            return folder
    return None


def read(folder: WatchedFolder, stop: Event | None = None) -> folders.Report | None:
    """Read a claimed folder as a whole, or until `stop` is set; then it waits to be read again.

    Returns what was found; None if it was not read to the end, or is no longer used.
    """
    problem, report = "", None
    try:
        report = READERS[folder.kind](Reading(folder, place_of(folder), Progress(folder, stop or Event()).note))
    except NoLongerUsed:
        return None
    except Stopped:
        WatchedFolder.objects.filter(pk=folder.pk).update(started_at=None, asked_at=timezone.now())
        return None
    except NotPossible as error:
        problem = str(error)
    except Exception as error:  # the page shows it; other folders go on
        log.exception("The folder %s was not read", names.shown(folder.path))
        problem = f"{type(error).__name__}: {names.shown(str(error))}"
    if report is not None:
        folders.record_reading(folder, report)
        if report.absent:
            problem = english("Its disk seems not to be connected. Nothing was changed.")
    WatchedFolder.objects.filter(pk=folder.pk).update(started_at=None, problem=problem)
    return report


def place_of(folder: WatchedFolder) -> Path:
    """The folder on the disk. Raises NotPossible if it is no longer allowed or there."""
    path = Path(names.actual(folder.path))
    if folder.confined and browsing.allowed(path) is None:
        raise NotPossible(english("This folder is no longer among those that MIRAGE_FOLDERS allows."))
    if not path.is_dir() and folder.kind != Kind.IN_PLACE:  # one in place reports which photos are absent
        raise NotPossible(english("The folder is not there. Is its disk connected?"))
    return path


def limits_of(folder: WatchedFolder) -> list[Path] | None:
    """Where links of the folder may lead; None for anywhere."""
    return browsing.roots() if folder.confined else None


class Progress:
    """Writes the progress of a reading into its row, once a second.

    Raises Stopped when the process is to end, and NoLongerUsed when the row is gone.
    """

    def __init__(self, folder: WatchedFolder, stop: Event) -> None:
        self.folder, self.stop, self.noted = folder, stop, 0.0

    def note(self, read: int, files: int) -> None:
        if self.stop.is_set():
            raise Stopped
        now = time.monotonic()
        if now - self.noted < NOTED_EVERY and read < files:
            return
        self.noted = now
        told = {"files_read": read, "files": files, "noted_at": timezone.now()}
        if not WatchedFolder.objects.filter(pk=self.folder.pk).update(**told):
            raise NoLongerUsed


def read_photos(reading: Reading) -> folders.Report:
    """Import a folder of photos, by copy or in place. Photos stay in the trash: the same files are met each time."""
    folder, root = reading.folder, reading.root
    within = limits_of(folder)
    reading.note(0, 0)
    rules = patterns.rules_of(folder)
    files, read = folders.count_files(root, within, rules) if root.is_dir() else 0, 0

    def on_file(_path: Path) -> None:
        nonlocal read
        reading.note(read, files)
        read += 1

    report = folders.import_folder(
        folder.owner, root, in_place=folder.kind == Kind.IN_PLACE, comes_again=folders.never, on_file=on_file,
        within=within, rules=rules,
    )  # fmt: skip
    reading.note(files, files)
    return report


OWN = {Kind.COPIED: read_photos, Kind.IN_PLACE: read_photos}
