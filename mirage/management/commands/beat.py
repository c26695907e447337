"""manage.py beat: what has to be done every few seconds, and what is due by the clock."""

import logging
import time
from typing import Any

from django import db
from django.core.management.base import BaseCommand
from redis.exceptions import RedisError

SECONDS = 10

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Call workers to work that waits, give back what dead ones held, and run what is due by the clock. "
        "`manage.py serve` starts it by itself."
    )
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        from operations import schedule
        from photos import pipeline
        from photos.ingest import uploads
        from search.index import fulltext

        runner: schedule.Runner | None = None
        while True:
            try:
                pipeline.sweep()
                uploads.finish_unattended()
                fulltext.work_off()
                runner = runner or schedule.begin()
                runner.turn()
            except (db.Error, RedisError) as error:  # either may be away for a moment; the next beat tries again
                log.warning("The sweep was not finished: %s", error)
            db.close_old_connections()
            time.sleep(SECONDS)
