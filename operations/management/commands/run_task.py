"""Run a scheduled task now. The beat calls this command for tasks that are due."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from mirage import changeable
from operations import schedule
from operations.models import ScheduledTask


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("task", choices=list(schedule.tasks()))

    def handle(self, *, task: str, **options: Any) -> None:
        changeable.refresh()
        succeeded = schedule.run(task)
        self.stdout.write(ScheduledTask.objects.get(name=task).result)
        if not succeeded:
            raise SystemExit(1)
