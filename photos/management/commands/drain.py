"""Do everything that is pending in the pipeline, in this process, without Redis and workers."""

import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand

from mirage import changeable
from mirage.runtime import memory
from photos import pipeline
from photos.pipeline import pictures


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):  # Ctrl-C also reaches the command that started this one
            signal.signal(number, lambda received, _: sys.exit(128 + received))
        pictures.WARM.keep(pictures.WARM_BYTES)
        memory.reuse_freed()
        changeable.refresh()
        try:
            pipeline.drain()
        finally:
            pipeline.hand_back(pipeline.worker_name())
