"""Find duplicates in the whole library. You can stop it and run it again at any time."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duplicates import finding, sketching
from duplicates.models import DuplicateGroup
from photos import pipeline
from photos.management.terminal import find_owner, progress_bar, run_to_end
from photos.models import Photo, StageRun


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _("Find duplicates in the whole library. You can stop it and run it again at any time.")
        parser.add_argument("--owner", help=_("only this user's library"))
        parser.add_argument("--rebuild", action="store_true", help=_("compare every photo again; decisions are kept"))
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = find_owner(options["owner"]) if options["owner"] else None
        photos = Photo.objects.filter(owner=owner) if owner else Photo.objects.all()
        groups = DuplicateGroup.objects.filter(owner=owner) if owner else DuplicateGroup.objects.all()
        if missing := pipeline.STAGES["fingerprint"].missing_weights():
            lacking = _("The model %(name)s is missing. `manage.py fetch_models` fetches it.")
            raise CommandError(lacking % {"name": missing[0]})
        if options["rebuild"]:
            finding.start_again(photos, groups)
        with progress_bar(quiet=options["json"]) as progress:
            for name in ("fingerprint", sketching.STAGE, finding.STAGE):
                stage = pipeline.STAGES[name]
                pipeline.add_missing(stage, photos)
                runs = StageRun.objects.filter(stage=name, photo__in=photos)
                run_to_end(progress, str(stage.label), runs)
        self.tell(groups.filter(status=DuplicateGroup.Status.OPEN), as_json=options["json"])

    def tell(self, groups: Any, *, as_json: bool) -> None:
        counted = groups.order_by("tier").values("tier").annotate(count=Count("id"), saving=Sum("saving"))
        tiers = {row["tier"]: {"groups": row["count"], "saving": row["saving"]} for row in counted}
        if as_json:
            self.stdout.write(json.dumps(tiers))
            return
        if not tiers:
            self.stdout.write(_("No duplicates."))
        for tier, row in tiers.items():
            sentence = ngettext(
                "%(kind)s: %(number)s group, %(size)s MB could be freed",
                "%(kind)s: %(number)s groups, %(size)s MB could be freed",
                row["groups"],
            )
            size = f"{row['saving'] / 1e6:,.1f}"
            self.stdout.write(sentence % {"kind": tier, "number": f"{row['groups']:,}", "size": size})
