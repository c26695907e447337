"""Fetch what an Immich server knows about one account's photos into a file, for `switch_from immich FILE`.

It needs a key of that account with all permissions to read (Immich: Account Settings, API Keys). No photo is fetched.
"""

import getpass
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from mirage.web.languages import in_language
from mirage.wording import number_in_words
from photos.management.terminal import counting
from switching.readers import immich_api
from switching.stream import Unreadable


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help=_("of the server, such as https://photos.example.org"))
        parser.add_argument("file", type=Path, help=_("where to, such as immich.db"))

    def handle(self, *, address: str, file: Path, **options: Any) -> None:
        key = os.environ.get("IMMICH_KEY") or getpass.getpass(_("Key: "))
        try:
            server = immich_api.server_at(address, key)
            with counting(_("Fetching")) as note:
                count = immich_api.fetch(server, file, note)
        except Unreadable as error:
            raise CommandError(in_language(str(error))) from error
        except OSError as error:
            raise CommandError(_("%(file)s cannot be written: %(reason)s") % {"file": file, "reason": error}) from error
        words = _("%(count)s photos and videos. Now: manage.py switch_from immich %(file)s --owner NAME --dry-run")
        self.stdout.write(words % {"count": number_in_words(count), "file": file})
