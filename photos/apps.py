from django.apps import AppConfig


class PhotosConfig(AppConfig):
    name = "photos"

    def ready(self) -> None:
        from accounts.leaving import on_leaving
        from photos import (
            history,
            label_changes,  # noqa: F401  it makes its fields known to photos/editing.py
        )
        from photos.leaving import leave
        from photos.similar import lister
        from photos.timeline import LISTERS

        on_leaving(leave)
        history.register_all()
        for kind in ("similar", "picture"):
            LISTERS[kind] = lister(kind)
