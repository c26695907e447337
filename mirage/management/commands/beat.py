"""manage.py beat: work that is done every few seconds, and scheduled tasks."""

import contextlib
import logging
import time
from typing import TYPE_CHECKING, Any

from django import db
from django.core.management.base import BaseCommand
from redis.exceptions import RedisError

SECONDS, FOLDER_SECONDS = 10, 2

if TYPE_CHECKING:
    from photos.ingest.following import Keeper

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Signal waiting work to the workers, release the claims of dead workers, and run scheduled tasks. "
        "`manage.py serve` starts it by itself."
    )

    def handle(self, **options: Any) -> None:
        from mirage import changeable
        from mirage.runtime import memory
        from operations import schedule
        from photos import pipeline
        from photos.ingest import uploads
        from photos.ingest.following import Keeper, is_reader_needed
        from photos.storage import rearranging
        from search.index import fulltext

        runner: schedule.Runner | None = None
        keepers = (Keeper("watch_folders", is_reader_needed), Keeper("move_originals", rearranging.is_needed))
        while True:
            try:
                changeable.refresh()
                pipeline.sweep()
                uploads.finish_unattended()
                if fulltext.work_off():
                    memory.give_back_freed()
                runner = runner or schedule.begin()
                runner.turn()
            except (db.Error, RedisError) as error:  # either may be unavailable for a moment; the next beat retries
                log.warning("The sweep did not finish: %s", error)
            self.rest(*keepers)

    def rest(self, *keepers: "Keeper") -> None:
        """Wait for the next beat. A folder that somebody has just chosen is read before it."""
        for _ in range(SECONDS // FOLDER_SECONDS):
            with contextlib.suppress(db.Error):
                for keeper in keepers:
                    keeper.turn()
            db.close_old_connections()
            time.sleep(FOLDER_SECONDS)
