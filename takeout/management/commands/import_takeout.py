"""Import a Google Takeout or an iCloud export: all its folders or zip files at once.

You can stop it and run it again at any time.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from mirage.web.languages import in_language
from photos.management.terminal import find_owner, progress_bar, run_to_end, write_list, write_trash
from photos.pipeline.progress import runs_of
from takeout.importing import Report, import_export
from takeout.sources import BadExport


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _(
            "Import a Google Takeout or an iCloud export: all its folders or zip files at once. You can stop it and "
            "run it again at any time."
        )
        parser.add_argument(
            "path", type=Path, nargs="+", help=_("folders or zip files: all parts of one export together")
        )
        parser.add_argument("--owner", required=True, help=_("whose library"))
        parser.add_argument("--wait", action="store_true", help=_("return when every stage of every photo is done"))
        parser.add_argument("--json", action="store_true", help=_("print one object with the counts and the lists"))

    def handle(self, *args: Any, **options: Any) -> None:
        owner = find_owner(options["owner"])
        try:
            with progress_bar(quiet=options["json"]) as progress:
                bar = progress.add_task(_("Importing"), total=None)
                report = import_export(
                    owner, options["path"], lambda done, total: progress.update(bar, completed=done, total=total)
                )
                if options["wait"]:
                    run_to_end(progress, _("Preparing"), runs_of(owner))
                    report.include_refused()
        except BadExport as error:
            raise CommandError(in_language(str(error))) from error
        except KeyboardInterrupt:
            self.stderr.write(_("Stopped. Run the same command again to continue."))
            raise SystemExit(130) from None
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
        else:
            self.tell(report)

    def tell(self, report: Report) -> None:
        self.stdout.write(
            _(
                "%(kind)s: %(added)s added, %(there)s already there, %(skipped)s files that are not photos,"
                " %(failed)s failed"
            )
            % {
                "kind": report.kind,
                "added": report.added,
                "there": report.already_there,
                "skipped": len(report.skipped),
                "failed": len(report.failures),
            }
        )
        self.stdout.write(
            _(
                "%(described)s photos described; %(favourites)s favourites, %(archived)s archived, %(trashed)s in the"
                " trash, %(edited)s edited copies"
            )
            % {
                "described": report.described,
                "favourites": report.favourites,
                "archived": report.archived,
                "trashed": report.trashed,
                "edited": report.edited,
            }
        )
        write_trash(self.stdout, report.back_from_trash, report.in_trash)
        for name, count in report.albums.items():
            self.stdout.write("  " + _("album %(name)s: %(number)s") % {"name": name, "number": count})
        failed = [f"{file}: {in_language(reason)}" for file, reason in report.failures.items()]
        write_list(self.stdout, _("Failed"), failed)
        left_out = [f"{file}: {in_language(why)}" for file, why in report.left_out.items()]
        write_list(self.stdout, _("Left out"), left_out)
        write_list(self.stdout, _("Photos without a description"), report.undescribed)
        write_list(self.stdout, _("Descriptions without a photo"), report.unmatched)
