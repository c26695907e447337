"""Write what is in force into the originals themselves, with a backup of each: JPEG, PNG, WebP and TIFF of the library.

`--back` puts the files back as they came. Without KEY all photos of the library are meant.
"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from photos.editing import file_writing
from photos.management.terminal import find_owner, progress_bar
from photos.models import Photo, PhotoQuerySet
from photos.storage import paths


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("keys", nargs="*", metavar="KEY", help="only these photos, as their addresses name them")
        parser.add_argument("--owner", required=True, help="whose library")
        parser.add_argument("--back", action="store_true", help="put the files back as they came")
        parser.add_argument("--json", action="store_true", help="print one object with the counts and the failures")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = Photo.objects.filter(owner=find_owner(options["owner"])).order_by("pk")
        if options["keys"]:
            chosen = chosen.filter(key__in=options["keys"])
        able = file_writing.with_backup(chosen) if options["back"] else file_writing.writable(chosen)
        counts = {"written": 0, "unchanged": 0, "left": chosen.count() - able.count()}
        failures = self.write(able, counts, back=options["back"], quiet=options["json"])
        if options["json"]:
            listed = [{"file": file, "reason": reason} for file, reason in failures.items()]
            self.stdout.write(json.dumps({**counts, "failed": len(failures), "failures": listed}, ensure_ascii=False))
            return
        done = "put back" if options["back"] else "written into"
        self.stdout.write(f"{counts['written']} {done}, {counts['unchanged']} unchanged, {len(failures)} failed")
        if counts["left"]:
            why = "never written into" if options["back"] else "of another format, or outside the library"
            self.stdout.write(f"{counts['left']} left: {why}")
        for file, reason in failures.items():
            self.stdout.write(f"  {file}: {reason}")

    def write(self, photos: PhotoQuerySet, counts: dict[str, int], *, back: bool, quiet: bool) -> dict[str, str]:
        """Why it could not be done, by file."""
        do = file_writing.restore_file if back else file_writing.write_file
        failures: dict[str, str] = {}

        def counting(photo: Photo) -> bool:
            changed = do(photo)
            counts["written" if changed else "unchanged"] += 1
            return changed

        with progress_bar(quiet=quiet) as progress:
            bar = progress.add_task("Putting back" if back else "Writing into files", total=photos.count())
            for photo_id, path in photos.values_list("pk", "path").iterator(chunk_size=500):
                refused = file_writing.attempt([photo_id], counting)
                failures |= {str(paths.originals_folder() / path): reason for reason in refused.values()}
                progress.advance(bar)
        return failures
