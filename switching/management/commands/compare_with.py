"""Say what another program has and Mirage does not: photos, people, faces, albums, tags and more. Nothing is written.

The exit status is 1 if something is missing here.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from mirage.refusals import NotPossible
from photos.management.terminal import counting, find_owner, write_list
from switching.preparing import examine
from switching.readers import READERS
from switching.report import sentences, shown_lists


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("program", choices=sorted(READERS))
        parser.add_argument("path", type=Path, help=_("a dump, a database or a folder, by program"))
        parser.add_argument("--owner", required=True, help=_("with whose library"))
        parser.add_argument("--account", default="", help=_("whose library it is there, if there are several"))
        parser.add_argument("--json", action="store_true", help=_("print the report as one object"))

    def handle(self, *args: Any, **options: Any) -> None:
        owner = find_owner(options["owner"])
        try:
            with counting(_("Comparing"), quiet=options["json"]) as note:
                report = examine(owner, options["program"], options["path"].absolute(), options["account"], note)
        except NotPossible as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
        else:
            for line in sentences(report):
                self.stdout.write(line)
            for heading, _number, entries in shown_lists(report):
                write_list(self.stdout, heading, entries)
        if report.changes or report.counts.get("missing"):
            raise SystemExit(1)
