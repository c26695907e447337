"""Run all stages that are stale or missing. Use it after an upgrade or a change of model."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from photos import pipeline
from photos.management.terminal import progress_bar, run_to_end
from photos.models import Photo, StageRun


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        done = {}
        with progress_bar(quiet=options["json"]) as progress:
            for stage in pipeline.all_stages():
                pipeline.retry(pipeline.stale(stage))
                pipeline.add_missing(stage, Photo.objects.all())
                runs = StageRun.objects.filter(stage=stage.name)
                done[stage.name] = run_to_end(progress, str(stage.label), runs)
        if options["json"]:
            self.stdout.write(json.dumps(done))
        else:
            self.stdout.write(_("All stages are up to date."))
