"""Write an XMP sidecar beside every original, with all that is in force: title, keywords, time, place, faces."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from media.sandbox import SandboxedError, UnreadableFile
from photos.editing import sidecar_writing
from photos.ingest import intake
from photos.management.terminal import find_owner, progress_bar
from photos.models import Photo
from photos.storage import paths


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--owner", help="only this user's library")
        parser.add_argument("--json", action="store_true", help="print one object with the counts and the failures")

    def handle(self, *args: Any, **options: Any) -> None:
        photos = Photo.objects.order_by("pk").select_related("owner")
        if options["owner"]:
            photos = photos.filter(owner=find_owner(options["owner"]))
        counts = {"written": 0, "unchanged": 0, "in_place": 0}
        failures: dict[str, str] = {}
        with progress_bar(quiet=options["json"]) as progress:
            bar = progress.add_task("Writing sidecars", total=photos.count())
            for photo in photos.iterator(chunk_size=500):
                self.write(photo, counts, failures)
                progress.advance(bar)
        self.tell(counts, failures, as_json=options["json"])

    def write(self, photo: Photo, counts: dict[str, int], failures: dict[str, str]) -> None:
        if not sidecar_writing.is_allowed(photo):
            counts["in_place"] += 1
            return
        try:
            counts["written" if sidecar_writing.write(photo) else "unchanged"] += 1
        except OSError as error:
            failures[str(paths.original_path(photo))] = intake.explain(error)
        except (UnreadableFile, SandboxedError) as error:
            failures[str(paths.original_path(photo))] = str(error)

    def tell(self, counts: dict[str, int], failures: dict[str, str], *, as_json: bool) -> None:
        if as_json:
            listed = [{"file": file, "reason": reason} for file, reason in failures.items()]
            self.stdout.write(json.dumps({**counts, "failed": len(failures), "failures": listed}, ensure_ascii=False))
            return
        self.stdout.write(f"{counts['written']} written, {counts['unchanged']} unchanged, {len(failures)} failed")
        if counts["in_place"]:
            self.stdout.write(f"{counts['in_place']} left: in place, and MIRAGE_WRITE_SIDECARS is not `everywhere`")
        for file, reason in failures.items():
            self.stdout.write(f"  {file}: {reason}")
