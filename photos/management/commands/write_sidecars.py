"""Write an XMP sidecar beside every original, with the current title, tags, date, place and faces."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from media.sandbox import SandboxedError, UnreadableFile
from photos.editing import sidecar_writing
from photos.ingest import intake
from photos.management.terminal import find_owner, progress_bar, write_outcome
from photos.models import Photo
from photos.storage import paths


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--owner", help=_("only this user's library"))
        parser.add_argument("--json", action="store_true", help=_("print one JSON object with counts and failures"))

    def handle(self, *args: Any, **options: Any) -> None:
        photos = Photo.objects.order_by("pk").select_related("owner")
        if options["owner"]:
            photos = photos.filter(owner=find_owner(options["owner"]))
        counts = {"written": 0, "unchanged": 0, "in_place": 0}
        failures: dict[str, str] = {}
        with progress_bar(quiet=options["json"]) as progress:
            bar = progress.add_task(_("Writing sidecars"), total=photos.count())
            for photo in photos.iterator(chunk_size=500):
                self.write(photo, counts, failures)
                progress.advance(bar)
        told = _("%(written)s written, %(unchanged)s unchanged") % counts
        left = _("%(in_place)s left out: in place, and MIRAGE_WRITE_SIDECARS is not `everywhere`") % counts
        write_outcome(self.stdout, counts, failures, told, left if counts["in_place"] else "", as_json=options["json"])

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
