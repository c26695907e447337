"""manage.py beat: what has to be done every few seconds."""

import itertools
import logging
import time
from typing import Any

from django import db
from django.core.management.base import BaseCommand
from redis.exceptions import RedisError

SECONDS = 10
TIDY_EVERY = 360  # beats: an hour

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Call workers to work that waits and give back what dead ones held. `manage.py serve` starts it by itself."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        from photos import pipeline, upkeep, uploads
        from search import fulltext

        for beat in itertools.count():
            try:
                pipeline.sweep()
                uploads.finish_unattended()
                fulltext.work_off()
                if beat % TIDY_EVERY == 0:
                    upkeep.tidy()
            except (db.Error, RedisError) as error:  # either may be away for a moment; the next beat tries again
                log.warning("The sweep was not finished: %s", error)
            db.close_old_connections()
            time.sleep(SECONDS)
