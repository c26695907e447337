from django.apps import AppConfig


class TakeoutConfig(AppConfig):
    name = "takeout"

    def ready(self) -> None:
        from photos.ingest.in_use import READERS
        from photos.models import WatchedFolder
        from takeout.reading import read_export

        READERS.add(WatchedFolder.Kind.EXPORT, read_export)
