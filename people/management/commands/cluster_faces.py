"""Group the faces that have no person yet. With --rebuild, groups about which nobody has decided anything are formed
again.

What owners decided is always kept. You can stop it at any time: an owner's faces are moved all at once or not at all.
"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.models import User
from people.grouping import assignments
from photos.management.terminal import find_owner, progress_bar


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _(
            "Group the faces that have no person yet. With --rebuild, groups about which nobody has decided anything "
            "are formed again. What owners decided is always kept. You can stop it at any time: an owner's faces are "
            "moved all at once or not at all."
        )
        parser.add_argument("--owner", help=_("only this user's library"))
        parser.add_argument("--rebuild", action="store_true", help=_("form undecided groups again"))
        parser.add_argument("--json", action="store_true", help=_("print one JSON object per owner and line"))

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = [find_owner(options["owner"])] if options["owner"] else None
        owners = chosen or list(User.objects.filter(photos__faces__isnull=False).distinct().order_by("username"))
        try:
            with progress_bar(quiet=options["json"]) as progress:
                bar = progress.add_task(_("Recognising people"), total=len(owners))
                for owner in owners:
                    counts = assignments.group(owner.pk, rebuild=options["rebuild"])
                    progress.advance(bar)
                    self.tell(owner, counts, as_json=options["json"])
        except KeyboardInterrupt:
            self.stderr.write(_("Stopped. Run the same command again to go on."))
            raise SystemExit(130) from None

    def tell(self, owner: User, counts: assignments.Counts, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"owner": owner.get_username(), **asdict(counts)}))
            return
        # Translators: what became of the faces of one owner's library; all are numbers, unsure and alone of faces
        text = _("%(owner)s: %(people)s people from %(faces)s faces, %(unsure)s unsure, %(alone)s in no group")
        self.stdout.write(text % {"owner": owner, **asdict(counts)})
