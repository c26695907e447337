"""Import a folder of photos and videos into a user's library. It can be stopped and run again at any moment."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from photos.ingest import folders, watching
from photos.management.terminal import find_owner, progress_bar, run_to_end
from photos.pipeline.progress import runs_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--owner", required=True, help="whose library")
        parser.add_argument("--in-place", action="store_true", help="leave the files where they are, never touch them")
        parser.add_argument("--watch", action="store_true", help="go on and import what appears")
        parser.add_argument("--wait", action="store_true", help="return when every stage of every photo is done")
        parser.add_argument("--json", action="store_true", help="print one object with the counts and the failures")

    def handle(self, *args: Any, **options: Any) -> None:
        root: Path = options["path"]
        if not root.exists():
            raise CommandError(f"There is nothing at {root}.")
        owner = find_owner(options["owner"])
        try:
            with progress_bar(quiet=options["json"]) as progress:
                bar = progress.add_task("Importing", total=folders.count_files(root))
                report = folders.import_folder(
                    owner, root, in_place=options["in_place"], on_file=lambda path: progress.advance(bar)
                )
                if options["wait"]:
                    run_to_end(progress, "Preparing", runs_of(owner))
                    report.include_refused()
            self.tell(report, as_json=options["json"])
            if options["watch"]:
                self.stdout.write(f"Watching {root}. Ctrl-C ends it.")
                watching.watch_folder(
                    owner,
                    root,
                    in_place=options["in_place"],
                    on_report=lambda report: self.tell(report, as_json=options["json"]),
                )
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Run the same command again to go on where it was.")
            raise SystemExit(130) from None

    def tell(self, report: folders.Report, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
            return
        counts = f"{report.added} added, {report.already_there} already there, {report.skipped} skipped"
        self.stdout.write(f"{counts}, {len(report.failures)} failed")
        for file, reason in report.failures.items():
            self.stdout.write(f"  {file}: {reason}")
