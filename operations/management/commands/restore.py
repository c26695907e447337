"""Restore a backup into an empty installation: an empty MIRAGE_DATA and, if it is set, an empty DATABASE_URL."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts import activity
from mirage.runtime import groundwork
from mirage.wording import number_in_words
from operations.backups import restoring, snapshots
from photos.management.terminal import counting


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, help=_("a folder of backups, for the newest one, or one of them"))
        parser.add_argument("--json", action="store_true")

    def handle(self, *, source: Path, **options: Any) -> None:
        try:
            groundwork.occupy(settings.MIRAGE_DATA, _("a restore"))
            snapshot = snapshots.find(source.expanduser().absolute())
            with counting(_("Restoring"), quiet=options["json"]) as on_progress:
                restored = restoring.restore(snapshot, on_progress)
        except (groundwork.CannotServe, snapshots.NoBackup, restoring.CannotRestore) as error:
            raise CommandError(str(error)) from error
        activity.record("restored a backup", subject=snapshot.folder)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(restored)))
        else:
            self.tell(restored, snapshot)
        if restored.damaged or restored.missing:
            raise SystemExit(1)

    def tell(self, restored: restoring.Restored, snapshot: restoring.Snapshot) -> None:
        self.stdout.write(
            _("%(photos)s photos as of %(moment)s UTC. Thumbnails will be made when Mirage runs.")
            % {"photos": number_in_words(restored.photos), "moment": f"{snapshot.made_at:%Y-%m-%d %H:%M}"}
        )
        for word, found in ((_("damaged in the backup"), restored.damaged), (_("not in the backup"), restored.missing)):
            for path in found:
                self.stderr.write(f"{word}: {path}")
        if then := restoring.settings_then(snapshot):
            self.stdout.write(
                _("Its settings were:") + " " + " ".join(f"{name}={value}" for name, value in then.items())
            )
