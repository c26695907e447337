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
        parser.add_argument(
            "target", type=Path, help="a folder, preferably on another disk; earlier backups are reused"
        )
        parser.add_argument("--keep", type=int, metavar="N", help="keep the newest N, with this one (default: all)")
        parser.add_argument("--link", action="store_true", help="make hard links on the same disk, which take no space")
        parser.add_argument("--indexes", action="store_true", help="include the indexes, which can also be rebuilt")
        parser.add_argument("--verify", action="store_true", help="read the copies of earlier backups again")
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
            report = {"folder": str(snapshot.folder), "removed": removed} | asdict(snapshot.manifest)
            self.stdout.write(json.dumps(report))
        else:
            self.tell(snapshot, removed)

    def tell(self, snapshot: Snapshot, removed: int) -> None:
        made = snapshot.manifest
        self.stdout.write(
            f"{made.photos:,} photos, {made.originals:,} files, {made.bytes / 1e9:.2f} GB in {snapshot.folder}; "
            f"{made.new_originals:,} files, {made.new_bytes / 1e9:.2f} GB were new. {made.seconds:g} s."
        )
        for word, found in (("damaged", made.damaged), ("missing", made.missing)):
            if found:
                self.stderr.write(f"{len(found):,} originals are {word}, such as {found[0]}: see check_library.")
        if removed:
            self.stdout.write(f"{removed} older backups were removed.")
