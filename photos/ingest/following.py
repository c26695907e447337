"""One process on each machine reads its folders in use: whole folders when asked to, and new files in watched ones."""

import logging
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

from django import db
from django.db.models import F, Q
from django.utils import timezone
from watchfiles import watch

from media import names
from mirage import changeable
from mirage.runtime import programs
from mirage.runtime.processes import die_with_parent
from photos.ingest import browsing, folders, in_use
from photos.ingest.comebacks import Comebacks
from photos.ingest.patterns import Rules, rules_of
from photos.ingest.sidecars import is_sidecar
from photos.ingest.walking import comes_to, leads_into
from photos.ingest.watching import again_among, is_settled
from photos.models import WatchedFolder

log = logging.getLogger(__name__)

WAIT_SECONDS = 2.0


class Follower:
    """The loop of the process. It ends when `stop` is set or no folder is in use."""

    def __init__(self, stop: Event) -> None:
        self.stop = stop
        self.paths: tuple[Path, ...] = ()
        self.notices: Iterator[set[tuple[Any, str]]] = iter(())
        self.changed: set[Path] = set()
        self.early: set[Path] = set()  # what changed while the watching began

    def run(self) -> None:
        """Read and watch until there is nothing more to do."""
        in_use.ask_for_watched()
        while not self.stop.is_set() and WatchedFolder.objects.filter(needs_reader()).exists():
            self.turn()
            db.close_old_connections()
        self.watch_these(())

    def turn(self) -> None:
        """Read one folder as a whole, or wait for changes for a moment."""
        changeable.refresh()
        in_use.ask_for_overdue()
        watched = [folder for folder in in_use.all_in_use().filter(watched=True) if place(folder).is_dir()]
        self.watch_these(tuple(sorted({place(folder) for folder in watched})))
        if folder := in_use.take():
            in_use.read(folder, self.stop)
            return
        changed, self.early = self.early | self.wait(), set()
        rules = {folder.pk: rules_of(folder) for folder in watched}  # read again each round: lists in folders change
        self.changed |= {path for path in changed if any(is_met(one, path, rules[one.pk]) for one in watched)}
        ready = {path for path in self.changed if is_settled(path)}  # others are still being written
        self.changed -= ready
        for folder in watched:
            read_changed(folder, {path for path in ready if is_met(folder, path, rules[folder.pk])})

    def watch_these(self, paths: tuple[Path, ...]) -> None:
        """Watch these folders and no others. Those that cannot be watched are read once a day."""
        if paths == self.paths:
            return
        if close := getattr(self.notices, "close", None):
            close()
        self.paths, self.notices = paths, iter(())
        if paths:
            self.notices = watch(
                *paths,
                stop_event=self.stop,
                yield_on_timeout=True,
                rust_timeout=int(WAIT_SECONDS * 1000),
                debounce=1600,
                raise_interrupt=False,
                ignore_permission_denied=True,
            )
            self.early |= self.wait()  # only now it watches: what comes while a folder is read must not be missed

    def wait(self) -> set[Path]:
        """The paths that changed, after at most WAIT_SECONDS."""
        try:
            return {Path(path) for _, path in next(self.notices)}
        except StopIteration:  # nothing is watched
            self.stop.wait(WAIT_SECONDS)
        except OSError as error:  # the system watches no more folders, for example
            log.warning("Folders cannot be watched: %s", error)
            self.notices = iter(())
            self.stop.wait(WAIT_SECONDS)
        return set()


def place(folder: WatchedFolder) -> Path:
    return Path(names.actual(folder.path))


def read_changed(folder: WatchedFolder, changed: set[Path]) -> None:
    """Import what has changed. In place, all of the folder is read, because files may also have gone or moved."""
    if not changed or not WatchedFolder.objects.filter(pk=folder.pk).exists():
        return
    if folder.kind == WatchedFolder.Kind.IN_PLACE:
        in_use.read_again(folder)
        return
    report = folders.Report()
    limits, rules = in_use.limits_of(folder), rules_of(folder)
    with Comebacks(folder.owner) as comebacks:
        for path in sorted(with_described(changed)):
            if not is_met(folder, path, rules) or (limits is not None and not leads_into(path, limits)):
                continue
            if path.is_dir():
                found = folders.import_folder(
                    folder.owner,
                    path,
                    comes_again=again_among(changed),
                    within=limits,
                    below=place(folder),
                    rules=rules,
                )
                report.added += found.added
            elif path.is_file():
                beside = sorted(entry.name for entry in path.parent.iterdir())
                inside = folders.folder_of(path, place(folder))
                folders.import_file(
                    folder.owner, path, beside, report, in_place=False, comebacks=comebacks, folder=inside
                )
    new = WatchedFolder.objects.filter(pk=folder.pk)
    new.update(photos=F("photos") + report.added, failed=in_use.failures_in(folder).count())


def with_described(changed: Iterable[Path]) -> set[Path]:
    """The changed paths, and for a sidecar the files beside it that it may describe."""
    found = set(changed)
    for path in changed:
        if is_sidecar(path.name) and path.parent.is_dir():
            stem = path.name.split(".")[0]
            found |= {other for other in path.parent.iterdir() if other.name.split(".")[0] == stem}
    return found


def is_met(folder: WatchedFolder, path: Path, rules: Rules) -> bool:
    """Whether a reading of the folder comes to this path."""
    root = place(folder)
    return path.is_relative_to(root) and comes_to(path, root, browsing.own(), rules)


class Keeper:
    """Keeps a process running while it is needed: for folders in use, for moves. The beat calls `turn` now and then."""

    def __init__(self, command: str, is_needed: Callable[[], bool]) -> None:
        self.command, self.is_needed = command, is_needed
        self.child: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0

    def turn(self) -> None:
        """Start the process if it is needed and does not run."""
        if self.child is not None and self.child.poll() is None:
            return
        if time.monotonic() - self.started_at < 5 or not self.is_needed():
            return
        self.started_at = time.monotonic()
        self.child = subprocess.Popen(programs.manage(self.command), preexec_fn=die_with_parent())


def is_reader_needed() -> bool:
    """Whether a folder is in use that somebody must read or watch."""
    return WatchedFolder.objects.filter(needs_reader()).exists()


def needs_reader() -> Q:
    """Folders that are watched, are read, wait for it, or whose time has come."""
    due = Q(next_at__lte=timezone.now())
    return Q(watched=True) | Q(asked_at__isnull=False) | Q(started_at__isnull=False) | due
