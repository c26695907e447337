"""Import a Google Takeout or an iCloud export: all its folders or zip files at once.

You can stop it and run it again at any time.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from photos.management.terminal import find_owner, progress_bar, run_to_end, write_list, write_trash
from photos.pipeline.progress import runs_of
from takeout.importing import Report, import_export
from takeout.sources import BadExport


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, nargs="+", help="folders or zip files: all parts of one export together")
        parser.add_argument("--owner", required=True, help="whose library")
        parser.add_argument("--wait", action="store_true", help="return when every stage of every photo is done")
        parser.add_argument("--json", action="store_true", help="print one object with the counts and the lists")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = find_owner(options["owner"])
        try:
            with progress_bar(quiet=options["json"]) as progress:
                bar = progress.add_task("Importing", total=None)
                report = import_export(
                    owner, options["path"], lambda done, total: progress.update(bar, completed=done, total=total)
                )
                if options["wait"]:
                    run_to_end(progress, "Preparing", runs_of(owner))
                    report.include_refused()
        except BadExport as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Run the same command again to continue.")
            raise SystemExit(130) from None
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
        else:
            self.tell(report)

    def tell(self, report: Report) -> None:
        self.stdout.write(
            f"{report.kind}: {report.added} added, {report.already_there} already there,"
            f" {len(report.skipped)} files that are not photos, {len(report.failures)} failed"
        )
        self.stdout.write(
            f"{report.described} photos described; {report.favourites} favourites, {report.archived} archived,"
            f" {report.trashed} in the trash, {report.edited} edited copies"
        )
        write_trash(self.stdout, report.back_from_trash, report.in_trash)
        for name, count in report.albums.items():
            self.stdout.write(f"  album {name}: {count}")
        write_list(self.stdout, "Failed", [f"{file}: {reason}" for file, reason in report.failures.items()])
        write_list(self.stdout, "Left out", [f"{file}: {why}" for file, why in report.left_out.items()])
        write_list(self.stdout, "Photos without a description", report.undescribed)
        write_list(self.stdout, "Descriptions without a photo", report.unmatched)
