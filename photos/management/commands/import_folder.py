"""Import a folder of photos and videos into a user's library. You can stop it and run it again at any time."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import User
from media import names
from mirage.web.languages import in_language
from photos.ingest import folders, missing, watching
from photos.management.terminal import find_owner, progress_bar, run_to_end, told_absent, write_list, write_trash
from photos.pipeline.progress import runs_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--owner", required=True, help=_("whose library"))
        parser.add_argument("--in-place", action="store_true", help=_("leave the files where they are, unchanged"))
        parser.add_argument("--watch", action="store_true", help=_("go on, and import new files as they appear"))
        parser.add_argument("--wait", action="store_true", help=_("wait until every stage of every photo is done"))
        parser.add_argument("--keep-trash", action="store_true", help=_("do not restore photos from the trash"))
        parser.add_argument(
            "--json", action="store_true", help=_("print one JSON object with the counts and the lists")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        root: Path = options["path"].absolute()
        owner = find_owner(options["owner"])
        if not root.exists() and not (options["in_place"] and missing.is_known(owner, root)):
            raise CommandError(_("There is nothing at %(path)s.") % {"path": names.shown(root)})
        try:
            report = self.import_all(owner, root, options)
            self.tell(report, as_json=options["json"])
            if options["watch"] and root.is_dir():
                self.watch(owner, root, options)
        except KeyboardInterrupt:
            self.stderr.write(_("Stopped. Run the same command again to go on where it stopped."))
            raise SystemExit(130) from None
        if report.absent:
            raise CommandError(_("A disk seems not to be connected: see above."))

    def import_all(self, owner: User, root: Path, options: dict[str, Any]) -> folders.Report:
        """Import what is there. With --watch photos stay in the trash: the same files are met at every start."""
        keep = options["keep_trash"] or options["watch"]
        with progress_bar(quiet=options["json"]) as progress:
            bar = progress.add_task(_("Importing"), total=folders.count_files(root))
            report = folders.import_folder(
                owner,
                root,
                in_place=options["in_place"],
                comes_again=folders.never if keep else folders.always,
                on_file=lambda path: progress.advance(bar),
            )
            if options["in_place"]:
                folders.remember_in_place(owner, root)
            if options["wait"]:
                run_to_end(progress, _("Preparing"), runs_of(owner))
                report.include_refused()
        return report

    def watch(self, owner: User, root: Path, options: dict[str, Any]) -> None:
        self.stdout.write(_("Watching %(path)s. Press Ctrl-C to stop.") % {"path": names.shown(root)})
        watching.watch_folder(
            owner,
            root,
            in_place=options["in_place"],
            on_report=lambda report: self.tell(report, as_json=options["json"]),
        )

    def tell(self, report: folders.Report, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
            return
        counts = {"added": report.added, "there": report.already_there, "skipped": report.skipped}
        words = _("%(added)s added, %(there)s already there, %(skipped)s skipped, %(failed)s failed")
        self.stdout.write(words % {**counts, "failed": len(report.failures)})
        write_trash(self.stdout, report.back_from_trash, report.in_trash)
        for file, reason in report.failures.items():
            self.stdout.write(f"  {names.shown(file)}: {in_language(names.shown(reason))}")
        for file in report.unmatched:
            self.stdout.write("  " + _("%(file)s: describes no photo beside it") % {"file": names.shown(file)})
        left_out = [f"{file}: {in_language(why)}" for file, why in report.left_out.items()]
        write_list(self.stdout, _("Left out"), left_out)
        leads = _("%(link)s: leads to %(target)s")
        loops = [leads % {"link": link, "target": target} for link, target in report.loops.items()]
        write_list(self.stdout, _("Links to folders that were already imported"), loops)
        for folder, count in report.absent.items():
            self.stdout.write(told_absent(folder, count))
