"""Write the current metadata into the originals themselves (JPEG, PNG, WebP, TIFF), with a backup of each.

`--back` restores the files as they came. Without KEY it takes all photos of the library.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from photos.editing import file_writing
from photos.management.terminal import find_owner, progress_bar, write_outcome
from photos.models import Photo, PhotoQuerySet
from photos.storage import paths


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "keys", nargs="*", metavar="KEY", help=_("only these photos; their addresses contain the key")
        )
        parser.add_argument("--owner", required=True, help=_("whose library"))
        parser.add_argument("--back", action="store_true", help=_("restore the files as they came"))
        parser.add_argument("--json", action="store_true", help=_("print one JSON object with counts and failures"))

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = Photo.objects.filter(owner=find_owner(options["owner"])).order_by("pk")
        if options["keys"]:
            chosen = chosen.filter(key__in=options["keys"])
        able = file_writing.with_backup(chosen) if options["back"] else file_writing.writable(chosen)
        counts = {"written": 0, "unchanged": 0, "left": chosen.count() - able.count()}
        failures = self.write(able, counts, back=options["back"], quiet=options["json"])
        if options["back"]:
            told = _("%(written)s restored, %(unchanged)s unchanged") % counts
            left = _("%(left)s left out: never written into") % counts
        else:
            told = _("%(written)s written into, %(unchanged)s unchanged") % counts
            left = _("%(left)s left out: of another format, or outside the library") % counts
        left = left if counts["left"] else ""
        write_outcome(self.stdout, counts, failures, told, left, as_json=options["json"])

    def write(self, photos: PhotoQuerySet, counts: dict[str, int], *, back: bool, quiet: bool) -> dict[str, str]:
        """Write into all the files, or restore them. Returns the failures: file -> reason."""
        do = file_writing.restore_file if back else file_writing.write_file
        failures: dict[str, str] = {}

        def counting(photo: Photo) -> bool:
            changed = do(photo)
            counts["written" if changed else "unchanged"] += 1
            return changed

        with progress_bar(quiet=quiet) as progress:
            bar = progress.add_task(_("Restoring files") if back else _("Writing into files"), total=photos.count())
            for photo_id, path in photos.values_list("pk", "path").iterator(chunk_size=500):
                refused = file_writing.attempt([photo_id], counting)
                failures |= {str(paths.originals_folder() / path): reason for reason in refused.values()}
                progress.advance(bar)
        return failures
