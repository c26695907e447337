"""Bring people, albums, tags, favourites and more from another program to the photos that are here.

Import the photos first: this brings what is known about them. Nothing is written with --dry-run. It can be undone, here
with --undo or under History, and run again at any time: what came once does not come twice.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts import batches
from mirage.refusals import NotPossible
from mirage.web.languages import in_language
from mirage.wording import number_in_words
from photos.management.terminal import counting, find_owner, write_list
from switching import acts, keeping, preparing
from switching.models import Switch
from switching.readers import READERS
from switching.report import Report, from_dict, sentences, shown_lists


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("program", choices=sorted(READERS))
        parser.add_argument("path", type=Path, nargs="?", help=_("a dump, a database or a folder, by program"))
        parser.add_argument("--owner", required=True, help=_("to whose library"))
        parser.add_argument("--account", default="", help=_("whose library it is there, if there are several"))
        parser.add_argument("--dry-run", action="store_true", help=_("only say what would come"))
        parser.add_argument("--undo", action="store_true", help=_("undo the last switch from this program"))
        parser.add_argument("--json", action="store_true", help=_("print the report as one object"))

    def handle(self, *args: Any, **options: Any) -> None:
        owner = find_owner(options["owner"])
        try:
            if options["undo"]:
                self.undo(owner, options["program"])
                return
            if options["path"] is None:
                raise CommandError(_("Say where the dump, the database or the folder is."))
            self.bring(owner, options)
        except NotPossible as error:
            raise CommandError(str(error)) from error

    def bring(self, owner: Any, options: dict[str, Any]) -> None:
        path = options["path"].absolute()
        if options["dry_run"]:
            with counting(_("Looking"), quiet=options["json"]) as note:
                report = preparing.examine(owner, options["program"], path, options["account"], note)
            self.tell(report, as_json=options["json"])
            return
        switch = keeping.begin(owner, options["program"], path, account=options["account"], by=owner)
        try:
            with counting(_("Looking"), quiet=options["json"]) as note:
                preparing.prepare(switch, note)
        except BaseException:
            switch.delete()
            raise
        report = from_dict(switch.report)
        self.tell(report, as_json=options["json"])
        if not report.changes:
            switch.delete()
            return
        self.follow(acts.start(switch, owner).pk, switch.steps.count(), quiet=options["json"])

    def follow(self, activity_id: int, total: int, *, quiet: bool) -> None:
        """Do it, step by step."""
        with counting(_("Bringing"), quiet=quiet) as note:
            done = 0
            while batches.step(activity_id):
                done += 1
                note(done, total)
            note(total, total)
        if not quiet:
            self.stdout.write(_("Done. You can undo it under History, or here with --undo."))

    def undo(self, owner: Any, program: str) -> None:
        done = Switch.objects.filter(owner=owner, program=program, activity__undone_at=None).exclude(activity=None)
        switch = done.order_by("-pk").first()
        if switch is None or switch.activity is None:
            raise CommandError(_("Nothing from %(program)s can be undone.") % {"program": READERS[program].program})
        acts.undo(switch, owner)
        batches.carry_on(switch.activity.pk)  # if there was a worker, it and this process share the steps
        self.stdout.write(_("Undone."))

    def tell(self, report: Report, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
            return
        self.stdout.write(f"{report.program} {report.version}".strip())
        for line in (*sentences(report), *map(in_language, report.notes)):
            self.stdout.write(f"  {line}")
        for heading, _number, entries in shown_lists(report):
            write_list(self.stdout, heading, entries)
        lost = [f"{in_language(what)}: {number_in_words(count)}" for what, count in report.lost.items()]
        write_list(self.stdout, _("Does not come along"), lost)
