"""Back up the library into a folder while Mirage runs: database, settings, every original (docs/run/backup.md)."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import activity
from operations import schedule
from operations.backups import making
from operations.backups.snapshots import Snapshot
from photos.management.terminal import counting


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, help="a folder, best on another disk; earlier backups in it are used")
        parser.add_argument("--keep", type=int, metavar="N", help="keep the newest N, this one included (default: all)")
        parser.add_argument("--link", action="store_true", help="hard links on the same disk, which take no room")
        parser.add_argument("--indexes", action="store_true", help="the indexes too, which can be built anew")
        parser.add_argument("--verify", action="store_true", help="read again what earlier backups copied")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, target: Path, keep: int | None, **options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError("--keep: at least 1.")
        target = target.expanduser().absolute()
        try:
            with counting("Backing up", quiet=options["json"]) as on_progress:
                snapshot = making.make(
                    target,
                    link=options["link"],
                    indexes=options["indexes"],
                    verify=options["verify"],
                    on_progress=on_progress,
                )
            removed = making.prune(target, keep) if keep else 0
        except making.CannotBackUp as error:
            raise CommandError(str(error)) from error
        schedule.note("backup", f"{snapshot.manifest.photos:,} photos into {snapshot.folder}.", succeeded=True)
        activity.record("made a backup", subject=snapshot.folder)
        if options["json"]:
            self.stdout.write(
                json.dumps({"folder": str(snapshot.folder), "removed": removed} | asdict(snapshot.manifest))
            )
        else:
            self.tell(snapshot, removed)

    def tell(self, snapshot: Snapshot, removed: int) -> None:
        told = snapshot.manifest
        self.stdout.write(
            f"{told.photos:,} photos, {told.originals:,} files, {told.bytes / 1e9:.2f} GB in {snapshot.folder}; "
            f"{told.new_originals:,} files, {told.new_bytes / 1e9:.2f} GB were new. {told.seconds:g} s."
        )
        for word, found in (("damaged", told.damaged), ("missing", told.missing)):
            if found:
                self.stderr.write(f"{len(found):,} originals are {word}, such as {found[0]}: see check_library.")
        if removed:
            self.stdout.write(f"{removed} older backups were removed.")
