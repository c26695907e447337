"""Use a folder from now on: its photos are copied into a library, and new ones as they appear.

The beat reads and watches it; this command shows how far it is. Ctrl-C ends only what is shown.
"""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from media import names
from mirage.refusals import NotPossible
from mirage.web.languages import in_language
from mirage.wording import number_in_words
from photos.ingest import in_use
from photos.management.terminal import find_owner, progress_bar, run_to_end
from photos.models import WatchedFolder
from photos.pipeline import attention
from photos.pipeline.progress import runs_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--owner", required=True, help=_("whose library"))
        parser.add_argument("--in-place", action="store_true", help=_("leave the files where they are, unchanged"))
        parser.add_argument(
            "--leave-out", action="append", metavar="PATTERN", help=_("what is not read, as in .gitignore")
        )
        parser.add_argument(
            "--only", action="append", metavar="PATTERN", help=_("read only photos that match a pattern")
        )
        parser.add_argument("--read-only", action="store_true", help=_("never write sidecars there"))
        parser.add_argument("--read-at", metavar="TIME", help=_("when all of it is read, as a cron expression"))

    def handle(self, *args: Any, **options: Any) -> None:
        root: Path = options["path"].absolute()
        kind = WatchedFolder.Kind.IN_PLACE if options["in_place"] else WatchedFolder.Kind.COPIED
        owner = find_owner(options["owner"])
        try:
            folder = in_use.find(owner, root) or in_use.use(owner, root, kind, watched=True, confined=False)
            self.choose(folder, options)
            in_use.read_again(folder)
            folder.refresh_from_db()
            with progress_bar() as progress:
                self.follow(folder, progress)
                run_to_end(progress, _("Preparing"), runs_of(owner))
        except NotPossible as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise SystemExit(130) from None
        self.tell(folder)

    def choose(self, folder: WatchedFolder, options: dict[str, Any]) -> None:
        """Set what is read. What is not given stays as it is."""
        patterns = {name: options[name] for name in ("leave_out", "only")}
        in_use.choose(
            folder,
            read_only=options["read_only"] or folder.read_only,
            read_at=folder.read_at if options["read_at"] is None else options["read_at"],
            **{name: getattr(folder, name) if lines is None else "\n".join(lines) for name, lines in patterns.items()},
        )

    def follow(self, folder: WatchedFolder, progress: Any) -> None:
        """Show how far the reading is, until it has ended."""
        bar = progress.add_task(_("Importing"), total=None)
        while folder.is_pending:
            progress.update(bar, completed=folder.files_read, total=folder.files or None)
            time.sleep(1)
            folder = WatchedFolder.objects.get(pk=folder.pk)
        progress.update(bar, completed=folder.files, total=folder.files)

    def tell(self, folder: WatchedFolder) -> None:
        folder.refresh_from_db()
        words = _("%(photos)s photos, %(added)s of them new; %(failed)s files failed")
        counts = words % {"photos": folder.photos, "added": folder.added, "failed": folder.failed}
        self.stdout.write(in_language(folder.problem) or counts)
        for failure in in_use.failures_in(folder):
            self.stdout.write(f"  {names.shown(failure.path)}: {in_language(names.shown(failure.reason))}")
        if number := attention.count(folder.owner):
            self.stdout.write(f"{_('Needs attention')}: {number_in_words(number)}")
        words = _("Watching %(path)s: new photos are imported as they appear.")
        self.stdout.write(words % {"path": names.shown(folder.path)})
