"""manage.py work: one worker. `manage.py serve` starts several."""

import os
import sys
from typing import Any

import django_rq
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from mirage.runtime import groundwork, memory
from mirage.runtime.doorbell import RESTING
from mirage.runtime.worker import AlreadyRunning, Worker, full_name, take_name, work


class Command(BaseCommand):
    help = "Do the jobs of some queues until stopped. `manage.py serve` starts workers by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--name", required=True, help=_("unique on this machine; a restarted worker takes its old name")
        )
        parser.add_argument("--queues", required=True, help="the most urgent first: " + ",".join(settings.RQ_QUEUES))
        parser.add_argument("--jobs", type=int, default=1000, help=_("stop after this many jobs (default 1000)"))
        parser.add_argument(
            "--rest", type=int, help=_("end with status 75 after so many seconds without a job, to be started again")
        )
        parser.add_argument(
            "--afresh", action="store_true", help="end when all is quiet after work, for whoever starts it again"
        )

    def handle(self, *, name: str, queues: str, jobs: int, rest: int | None, afresh: bool, **options: Any) -> None:
        names = queues.split(",")
        if unknown := set(names) - set(settings.RQ_QUEUES):
            raise CommandError(_("No such queue: %(queues)s.") % {"queues": ", ".join(sorted(unknown))})
        if not groundwork.is_prepared():
            raise CommandError(_("The database is not prepared: run `manage.py serve` or `manage.py migrate` first."))
        try:
            lock = take_name(settings.MIRAGE_DATA, name)
        except AlreadyRunning as error:
            raise CommandError(str(error)) from error
        os.environ["MIRAGE_WORKER"] = full_name(name)  # photos.pipeline writes it into its claims
        from mirage import changeable
        from photos import pipeline
        from photos.pipeline import pictures, running_on

        Worker.before_job = staticmethod(changeable.refresh)
        Worker.after_job = staticmethod(running_on.note)
        pictures.WARM.keep(pictures.WARM_BYTES)
        memory.reuse_freed()
        pipeline.recover(full_name(name))
        try:
            rests = work(full_name(name), names, django_rq.get_connection(names[0]), jobs, rest, afresh)
        finally:
            pipeline.hand_back(full_name(name))
            os.close(lock)
        if rests:
            sys.exit(RESTING)
