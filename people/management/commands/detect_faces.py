"""Find faces in photos that no model has seen, that another model has seen, or in all of them. Names are kept.

You can stop it and run it again at any time. Without workers it does the work itself.
"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from people.detection.vectors import model_name
from people.models import Face
from photos import pipeline
from photos.management.terminal import find_owner, progress_bar, run_to_end
from photos.models import Photo, StageRun
from photos.pipeline import draining

STAGES = ("faces", "clusters")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _(
            "Find faces in photos that no model has seen, that another model has seen, or in all of them. Names are "
            "kept. You can stop it and run it again at any time. Without workers it does the work itself."
        )
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--stale", action="store_true", help=_("also photos that another model has seen, and those that failed")
        )
        which.add_argument("--all", action="store_true", help=_("all photos again"))
        parser.add_argument("--owner", help=_("only this user's library"))
        parser.add_argument("--no-wait", action="store_true", help=_("leave the work to the workers"))
        parser.add_argument("--json", action="store_true", help=_("print one object with the counts"))

    def handle(self, *args: Any, **options: Any) -> None:
        photos = Photo.objects.all()
        if options["owner"]:
            photos = photos.filter(owner=find_owner(options["owner"]))
        self.let_wait(photos, stale=options["stale"], every=options["all"])
        runs = StageRun.objects.filter(stage__in=STAGES, photo__in=photos)
        if missing := pipeline.STAGES["faces"].missing_weights():
            raise CommandError(_("The models %(names)s are missing: run fetch_models.") % {"names": ", ".join(missing)})
        if not options["no_wait"]:
            self.wait(runs, every=options["all"], quiet=options["json"])
        self.tell(runs, Face.objects.filter(photo__in=photos).count(), as_json=options["json"])

    def let_wait(self, photos: Any, *, stale: bool, every: bool) -> None:
        """Create the runs that are missing, and retry those that are asked for."""
        stage = pipeline.STAGES["faces"]
        pipeline.add_missing(stage, photos)
        runs = StageRun.objects.filter(stage=stage.name, photo__in=photos)
        if every:
            pipeline.retry(runs)
        elif stale:
            pipeline.retry(runs.filter(status=StageRun.Status.FAILED))
            pipeline.retry(pipeline.stale(stage).filter(photo__in=photos))
            done = runs.filter(status=StageRun.Status.DONE)
            pipeline.retry(done.exclude(photo__face_scan__model=model_name()))

    def wait(self, runs: Any, *, every: bool, quiet: bool) -> None:
        try:
            with progress_bar(quiet=quiet) as progress:
                run_to_end(progress, _("Finding faces"), runs)
        except KeyboardInterrupt:
            self.stderr.write(
                _("Stopped. Run the same command without --all to go on where it was.")
                if every
                else _("Stopped. Run the same command again to go on where it was.")
            )
            raise SystemExit(130) from None

    def tell(self, runs: Any, faces: int, *, as_json: bool) -> None:
        left = draining.pending(runs)
        failed = runs.filter(status=StageRun.Status.FAILED).count()
        if as_json:
            self.stdout.write(json.dumps({"faces": faces, "waiting": left, "failed": failed}))
        else:
            text = _("%(faces)s faces found, %(left)s photos waiting, %(failed)s failed.")
            self.stdout.write(text % {"faces": faces, "left": left, "failed": failed})
