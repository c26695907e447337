"""Write a library as files for other programs: originals, sidecars, edited pictures, albums, and the catalogue.

Without --originals, --sidecars, --edited or --albums, all of them. You can stop it and run it again: only what is
missing or has changed is written.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from mirage.refusals import NotPossible
from photos.management.terminal import counting, find_owner, write_list
from switching.leaving import Parts, export_library


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--owner", required=True, help=_("whose library"))
        parser.add_argument("--originals", action="store_true", help=_("copies of the originals, by year and month"))
        parser.add_argument("--sidecars", action="store_true", help=_("XMP beside them: dates, words, tags, people"))
        parser.add_argument("--edited", action="store_true", help=_("pictures as they are edited, by year and month"))
        parser.add_argument("--albums", action="store_true", help=_("a folder of links for each album"))
        parser.add_argument("--copies", action="store_true", help=_("copies in the albums' folders instead of links"))

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("originals", "sidecars", "edited", "albums")
        chosen = {name: options[name] or not any(options[each] for each in names) for name in names}
        try:
            with counting(_("Exporting")) as note:
                parts = Parts(**chosen, links=not options["copies"])
                done = export_library(find_owner(options["owner"]), options["folder"], parts, note)
        except NotPossible as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _(
                "%(originals)s originals, %(sidecars)s sidecars, %(edited)s edited pictures and %(links)s files in"
                " albums written, %(unchanged)s unchanged, %(failures)s failed"
            )
            % {
                "originals": done.originals,
                "sidecars": done.sidecars,
                "edited": done.edited,
                "links": done.links,
                "unchanged": done.unchanged,
                "failures": len(done.failures),
            }
        )
        write_list(self.stdout, _("Failed"), [f"{path}: {reason}" for path, reason in done.failures.items()])
