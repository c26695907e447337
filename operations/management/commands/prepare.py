"""Migrate the database, make the first administrator, and collect static files. `serve` does this by itself."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from mirage.runtime import groundwork
from operations import environment


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only-database", action="store_true", help=_("only migrate the database"))

    def handle(self, *, only_database: bool = False, **options: Any) -> None:
        settings.MIRAGE_DATA.mkdir(parents=True, exist_ok=True)
        try:
            groundwork.check_disk(settings.MIRAGE_DATA)
            applied = groundwork.migrate()
        except groundwork.CannotServe as error:
            raise CommandError(str(error)) from error
        if applied:
            self.stdout.write(_("Prepared the database (%(number)s migrations).") % {"number": applied})
        if only_database:
            return
        if code := groundwork.prepare_first_account():
            self.stdout.write(_("The page asks for this code to make the first account: %(code)s") % {"code": code})
        environment.note_changes()
        if groundwork.static_files_changed():
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
            groundwork.note_static_files()
