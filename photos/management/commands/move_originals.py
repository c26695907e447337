"""Move the originals of the library to where the storage template says. It can be stopped and run again at any time."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from photos.models import OriginalsMove
from photos.storage import rearranging


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--ask", action="store_true", help=_("begin a move; without it, one that waits goes on"))

    def handle(self, *args: Any, **options: Any) -> None:
        with rearranging.alone() as first:
            if not first:
                self.stdout.write(_("Another process is moving originals already."))
                return
            if options["ask"] and not OriginalsMove.objects.filter(finished_at=None).exists():
                rearranging.ask()
            row = rearranging.take()
            if row is None:
                self.stdout.write(_("There is nothing to move."))
                return
            rearranging.run(row)
        counts = {"seen": row.seen, "moved": row.moved, "failed": row.failed}
        self.stdout.write(_("%(seen)s originals looked at, %(moved)s moved, %(failed)s failed") % counts)
        for failure in row.failures:
            self.stdout.write(f"  {failure['path']}: {failure['reason']}")
