"""Find duplicates in the whole library. You can stop it and run it again at any time."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Sum

from duplicates import finding, sketching
from duplicates.models import DuplicateGroup
from photos import pipeline
from photos.management.terminal import find_owner, progress_bar, run_to_end
from photos.models import Photo, StageRun
from vision import weights


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--owner", help="only this user's library")
        parser.add_argument("--rebuild", action="store_true", help="compare every photo again; decisions are kept")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = find_owner(options["owner"]) if options["owner"] else None
        photos = Photo.objects.filter(owner=owner) if owner else Photo.objects.all()
        groups = DuplicateGroup.objects.filter(owner=owner) if owner else DuplicateGroup.objects.all()
        if missing := pipeline.STAGES["fingerprint"].missing_weights():
            purpose = weights.by_name(missing[0]).purpose
            raise CommandError(f"The model that {purpose} is missing: run `manage.py fetch_models`.")
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
            self.stdout.write("No duplicates.")
        for tier, row in tiers.items():
            self.stdout.write(f"{tier}: {row['groups']:,} groups, {row['saving'] / 1e6:,.1f} MB could be freed")
