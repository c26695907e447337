"""Run a stage of the pipeline again: where it is stale, where it failed, or everywhere."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from photos import pipeline
from photos.management.terminal import find_owner
from photos.models import StageRun


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("stage", choices=list(pipeline.STAGES))
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--stale", action="store_true", help=_("results of an older version of the stage (default)"))
        which.add_argument("--failed", action="store_true", help=_("photos at which the stage failed"))
        which.add_argument("--all", action="store_true", help=_("all photos"))
        parser.add_argument("--owner", help=_("only this user's library"))
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        stage = pipeline.STAGES[options["stage"]]
        runs = StageRun.objects.filter(stage=stage.name)
        if options["failed"]:
            runs = runs.filter(status=StageRun.Status.FAILED)
        elif not options["all"]:
            runs = pipeline.stale(stage)
        if options["owner"]:
            runs = runs.filter(photo__owner=find_owner(options["owner"]))
        count = pipeline.retry(runs)
        if options["json"]:
            self.stdout.write(json.dumps({"stage": stage.name, "waiting": count}))
        else:
            self.stdout.write(_("%(stage)s: %(number)s pending.") % {"stage": stage.label, "number": count})
