"""Write everything Mirage knows as JSON Lines, one photo a line (docs/use/get-everything-out.md)."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from photos import catalogue
from photos.management.terminal import find_owner, progress_bar
from photos.models import Photo


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--owner", help=_("only this user's library"))
        parser.add_argument("--output", type=Path, help=_("a file instead of standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        photos = Photo.objects.all()
        if options["owner"]:
            photos = photos.filter(owner=find_owner(options["owner"]))
        output: Path | None = options["output"]
        stream = output.open("w", encoding="utf-8") if output else sys.stdout
        with progress_bar(quiet=output is None) as progress:
            bar = progress.add_task(_("Exporting"), total=photos.count())
            for line in catalogue.export(photos):
                stream.write(json.dumps(line, ensure_ascii=False) + "\n")
                progress.advance(bar)
        if output:
            stream.close()
