"""Read the folders in use when asked to, and import what appears in watched ones. The beat starts it by itself."""

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from photos.ingest.following import Follower


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options: Any) -> None:
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        Follower(stop).run()
