"""Move an installation from its SQLite file to the empty PostgreSQL of DATABASE_URL, and compare every row."""

from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from mirage.runtime import groundwork
from mirage.wording import number_in_words
from operations import transfer
from operations.backups import restoring
from photos.management.terminal import progress_bar


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from", dest="file", type=Path, help=_("the SQLite file (default: mirage.sqlite3 in MIRAGE_DATA)")
        )

    def handle(self, *, file: Path | None, **options: Any) -> None:
        source = (file or settings.MIRAGE_DATA / "mirage.sqlite3").absolute()
        if connection.vendor != "postgresql":
            raise CommandError(_("Set DATABASE_URL to the new PostgreSQL database."))
        if not source.is_file():
            raise CommandError(_("%(source)s does not exist.") % {"source": source})
        if restoring.holds_something():
            raise CommandError(_("The database of DATABASE_URL already holds a library."))
        try:
            groundwork.occupy(settings.MIRAGE_DATA, "move_database")
        except groundwork.CannotServe as error:
            raise CommandError(_("%(error)s Stop it first.") % {"error": error}) from error
        with TemporaryDirectory(dir=source.parent, prefix="move-") as scratch:
            self.move(source, Path(scratch) / "database.sqlite3")

    def move(self, source: Path, copy: Path) -> None:
        """Load a copy of the file, because loading migrates it."""
        transfer.copy_file(source, copy)
        with progress_bar() as progress:
            bars: dict[str, Any] = {}

            def show(table: str, done: int, total: int) -> None:
                bar = bars.setdefault(table, progress.add_task(table, total=total))
                progress.update(bar, completed=done)

            transfer.load(copy, show)
        with transfer.opened(copy) as alias:
            rows, different = transfer.compared(alias, "default")
        if different:
            raise CommandError("Not equal: " + "; ".join(f"{name}: {a} and {b}" for name, (a, b) in different.items()))
        self.stdout.write(
            _(
                "%(rows)s rows in %(tables)s tables, all equal. %(source)s is unchanged. Keep "
                "DATABASE_URL set from now on, and start Mirage."
            )
            % {"rows": number_in_words(rows), "tables": len(transfer.tables()), "source": source}
        )
