"""Write a library as files that other programs read: originals, sidecars, folders of albums, and the catalogue.

Without --originals, --sidecars or --albums, all of them. You can stop it and run it again: only what is missing or has
changed is written.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mirage.refusals import NotPossible
from photos.management.terminal import counting, find_owner, write_list
from switching.leaving import export_library


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--owner", required=True, help="whose library")
        parser.add_argument("--originals", action="store_true", help="copies of the originals, by year and month")
        parser.add_argument("--sidecars", action="store_true", help="XMP beside them: dates, words, tags, people")
        parser.add_argument("--albums", action="store_true", help="a folder of links for each album")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("originals", "sidecars", "albums")
        chosen = {name: options[name] or not any(options[each] for each in names) for name in names}
        try:
            with counting("Exporting") as note:
                done = export_library(find_owner(options["owner"]), options["folder"], on_photo=note, **chosen)
        except NotPossible as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{done.originals} originals, {done.sidecars} sidecars and {done.links} links in albums written,"
            f" {done.unchanged} unchanged, {len(done.failures)} failed"
        )
        write_list(self.stdout, "Failed", [f"{path}: {reason}" for path, reason in done.failures.items()])
