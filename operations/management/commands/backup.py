"""Back up the library into a folder while Mirage runs: database, settings, every original (docs/run/backup.md)."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts import activity
from mirage.wording import number_in_words
from operations import schedule
from operations.backups import making
from operations.backups.snapshots import Snapshot
from photos.management.terminal import counting


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "target", type=Path, help=_("a folder, preferably on another disk; earlier backups are reused")
        )
        parser.add_argument("--keep", type=int, metavar="N", help=_("keep the newest N, with this one (default: all)"))
        parser.add_argument(
            "--link", action="store_true", help=_("make hard links on the same disk, which take no space")
        )
        parser.add_argument("--indexes", action="store_true", help=_("include the indexes, which can also be rebuilt"))
        parser.add_argument("--verify", action="store_true", help=_("read the copies of earlier backups again"))
        parser.add_argument("--json", action="store_true")

    def handle(self, *, target: Path, keep: int | None, **options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError(_("--keep: at least 1."))
        target = target.expanduser().absolute()
        try:
            with counting(_("Backing up"), quiet=options["json"]) as on_progress:
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
            _(
                "%(photos)s photos, %(originals)s files, %(gigabytes)s GB in %(folder)s; %(new_originals)s "
                "files, %(new_gigabytes)s GB were new. %(seconds)s s."
            )
            % {
                "photos": number_in_words(made.photos),
                "originals": number_in_words(made.originals),
                "gigabytes": f"{made.bytes / 1000000000.0:.2f}",
                "folder": snapshot.folder,
                "new_originals": number_in_words(made.new_originals),
                "new_gigabytes": f"{made.new_bytes / 1000000000.0:.2f}",
                "seconds": f"{made.seconds:g}",
            }
        )
        told = (
            (_("%(number)s originals are damaged, such as %(file)s: see check_library."), made.damaged),
            (_("%(number)s originals are missing, such as %(file)s: see check_library."), made.missing),
        )
        for words, found in told:
            if found:
                self.stderr.write(words % {"number": number_in_words(len(found)), "file": found[0]})
        if removed:
            self.stdout.write(_("%(number)s older backups were removed.") % {"number": removed})
