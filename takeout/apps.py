from django.apps import AppConfig


class TakeoutConfig(AppConfig):
    name = "takeout"

    def ready(self) -> None:
        from photos.ingest.in_use import READERS
        from photos.models import WatchedFolder
        from photos.upkeep import CHORES
        from takeout.reading import read_export
        from takeout.uploading import remove_left

        READERS.add(WatchedFolder.Kind.EXPORT, read_export)
        CHORES.add("exports", remove_left)
